/**
 * Where the API is. The page's meta tag names it, ending in `/api/`; empty means beside the page.
 * openapi.yaml's paths begin with `/api/`, so the client's base is the address above it.
 */
function baseAddress(): string {
  const named = document.querySelector<HTMLMetaElement>('meta[name="cloister-api"]')?.content.trim()
  const address = new URL(named === undefined || named === '' ? 'api/' : named, document.baseURI)
  return new URL('..', address).href.replace(/\/$/, '')
}

export const API_BASE = baseAddress()
