/** What can go wrong with a call: the API refused it (a problem), or no answer came. */
import type { components } from '@/api/schema.gen'

export type ProblemBody = components['schemas']['Problem']
export type FieldError = NonNullable<ProblemBody['errors']>[number]

/** A refusal, as `application/problem+json` (RFC 9457); `detail` is a sentence in the caller's language. */
export class Problem extends Error {
  readonly status: number
  /** Stable, for decisions in code; never shown. */
  readonly code: string
  readonly errors: FieldError[]
  /** By which the server's log knows the request; null where it did not say. */
  readonly requestId: string | null

  constructor(body: ProblemBody, requestId: string | null) {
    super(body.detail)
    this.requestId = requestId
    this.status = body.status
    this.code = body.code
    this.errors = body.errors ?? []
  }
}

/** No usable answer: the line is cut, the server is away, or something between answered in its place. */
export class NoAnswer extends Error {
  /** By which the server's log knows the request, if it ever got there. */
  readonly requestId: string | null

  constructor(cause: unknown, requestId: string | null = null) {
    super('no usable answer from the API', { cause })
    this.requestId = requestId
  }
}

/** Whether what was asked for may have been done all the same: no answer came, or the server broke while at it. */
export function leavesOpen(error: unknown): boolean {
  return error instanceof NoAnswer || (error instanceof Problem && error.status >= 500 && error.status !== 503)
}

/** One id leads from the browser to the server's log and to all that the request caused. */
export const REQUEST_ID = 'X-Request-ID'

function isProblem(body: unknown): body is ProblemBody {
  return typeof body === 'object' && body !== null && 'code' in body && 'detail' in body
}

/** Return the data of a call's result; throws `Problem` or `NoAnswer`. */
export async function answer<T>(
  call: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  const { data, error, response } = await call
  if (response.ok) return data as T
  const requestId = response.headers.get(REQUEST_ID)
  throw isProblem(error) ? new Problem(error, requestId) : new NoAnswer(`status ${response.status}`, requestId)
}
