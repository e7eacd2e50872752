/** The one way to the API: typed by openapi.yaml, patient with a waking database, renewing an expired token. */
import createClient from 'openapi-fetch'

import { API_BASE } from '@/api/address'
import { NoAnswer, REQUEST_ID } from '@/api/problem'
import type { paths } from '@/api/schema.gen'
import { renewedSession, sessionState } from '@/api/session'
import { newUuid } from '@/api/uuid'

/** API Gateway gives up after 29 s; after this no answer can come any more. */
const PATIENCE_MS = 35_000
/** A paused database needs up to 30 s: the API says 503 with Retry-After meanwhile. */
const MOST_RETRIES = 6
const LONGEST_WAIT_S = 10

const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000))

async function once(request: Request): Promise<Response> {
  try {
    return await fetch(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(PATIENCE_MS)]) })
  } catch (error) {
    if (request.signal.aborted) throw error
    throw new NoAnswer(error, request.headers.get(REQUEST_ID))
  }
}

/** Send; while the API answers 503 with Retry-After (it did nothing), wait as told and send again. */
async function patiently(request: Request): Promise<Response> {
  for (let retries = 0; ; retries += 1) {
    const response = await once(request.clone())
    const wait = Number(response.headers.get('Retry-After') ?? NaN)
    if (response.status !== 503 || Number.isNaN(wait) || retries === MOST_RETRIES) return response
    await pause(Math.min(wait, LONGEST_WAIT_S))
  }
}

function withToken(request: Request, token: string): Request {
  const headers = new Headers(request.headers)
  headers.set('Authorization', `Bearer ${token}`)
  return new Request(request.clone(), { headers })
}

/** Say in which language to answer, and under which id this goes; repetitions keep it. */
function introduce(request: Request): void {
  request.headers.set('Accept-Language', document.documentElement.lang)
  request.headers.set(REQUEST_ID, newUuid())
}

/** Send as the signed-in person; when the token has expired, wait for a new sign-in and send once more. */
async function asSignedIn(request: Request): Promise<Response> {
  introduce(request)
  const { session } = sessionState()
  if (!session) return patiently(request)
  const response = await patiently(withToken(request, session.token))
  if (response.status !== 401) return response
  const renewed = await renewedSession(session)
  return patiently(withToken(request, renewed.token))
}

export const client = createClient<paths>({ baseUrl: API_BASE, fetch: asSignedIn })

/** For signing in: there, 401 means a wrong password and not an expired token. */
export const strangersClient = createClient<paths>({
  baseUrl: API_BASE,
  fetch: (request) => {
    introduce(request)
    return patiently(request)
  },
})
