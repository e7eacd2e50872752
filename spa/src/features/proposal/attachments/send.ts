/** Send one file to the store by a signed form. XMLHttpRequest, because `fetch` does not tell how far it has come. */
import { NoAnswer } from '@/api/problem'
import type { UploadForm } from '@/api/types'

/** The store's refusal. A form that ended, or died with the credentials that signed it, is refused too. */
export class StoreRefused extends Error {
  constructor(status: number, answer: string) {
    super(`status ${status}: ${/<Code>(\w+)<\/Code>/.exec(answer)?.[1] ?? 'no code'}`)
  }
}

/** Without a byte going out, or an answer coming in, for this long the connection is taken for lost. */
const STALLED_MS = 60_000

/** Resolves when the store has the whole file; rejects with `StoreRefused`, `NoAnswer`, or the reason of `signal`. */
export function send(form: UploadForm, file: File, signal: AbortSignal, onProgress: (bytes: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    let stall: ReturnType<typeof setTimeout> | undefined
    const isAlive = () => {
      clearTimeout(stall)
      stall = setTimeout(() => request.abort(), STALLED_MS)
    }
    const giveUp = () => request.abort()
    const end = (settle: () => void) => () => {
      clearTimeout(stall)
      signal.removeEventListener('abort', giveUp)
      settle()
    }
    request.upload.addEventListener('progress', (event) => {
      isAlive()
      // The form's fields count as well; the file is nearly all of it.
      onProgress(Math.min(file.size, event.loaded))
    })
    request.addEventListener('load', end(() => (request.status < 300 ? resolve() : reject(new StoreRefused(request.status, request.responseText)))))
    request.addEventListener('error', end(() => reject(new NoAnswer('the connection to the store broke'))))
    request.addEventListener(
      'abort',
      end(() => reject(signal.aborted ? (signal.reason as Error) : new NoAnswer('the store stopped answering'))),
    )
    if (signal.aborted) {
      reject(signal.reason as Error)
      return
    }
    signal.addEventListener('abort', giveUp)
    const body = new FormData()
    for (const [name, value] of Object.entries(form.fields)) body.append(name, value)
    body.append('file', file) // everything after the file is ignored
    request.open('POST', form.url)
    isAlive()
    request.send(body)
  })
}
