import { useEffect, useRef, type ReactNode } from 'react'

import { leavesOpen, NoAnswer, Problem } from '@/api/problem'
import { useLanguage } from '@/language/useLanguage'
import { Button } from '@/ui/Button'
import { Icon } from '@/ui/Icon'

/** What went wrong as one sentence: the API's own, or that no answer came. */
export function useReason(): (error: unknown) => string {
  const { t } = useLanguage()
  return (error) => (error instanceof Problem ? error.message : t('failure.noAnswer'))
}

/** What to tell whoever is asked for help; a refusal that says what to do needs none. */
function requestIdOf(error: unknown): string | null {
  if (error instanceof NoAnswer) return error.requestId
  return error instanceof Problem && error.status >= 500 ? error.requestId : null
}

type FailureProps = {
  error: unknown
  /** What was being done, as a heading. */
  title: string
  retry?: (() => void) | undefined
  retryLabel?: string
  busy?: boolean
  /** Doing it again never does it twice: said where it may have been done. */
  once?: boolean
  children?: ReactNode
}

/** A failure where it happened: what, why, and what can be done. It is announced, and takes focus when `retry` is the way on. */
export function Failure({ error, title, retry, retryLabel, busy = false, once = false, children }: FailureProps) {
  const { t } = useLanguage()
  const reason = useReason()
  const ref = useRef<HTMLDivElement>(null)
  const requestId = requestIdOf(error)
  useEffect(() => {
    ref.current?.scrollIntoView({ block: 'nearest' })
  }, [error])
  return (
    <div ref={ref} className="failure" role="alert">
      <Icon name="warning" />
      <div>
        <p className="failure-title">{title}</p>
        <p>{reason(error)}</p>
        {once && leavesOpen(error) && <p>{t('failure.once')}</p>}
        {requestId !== null && <p className="help">{t('failure.requestId', { id: requestId })}</p>}
        {children}
        {retry && (
          <p>
            <Button onClick={retry} busy={busy}>
              {retryLabel ?? t('failure.retry')}
            </Button>
          </p>
        )}
      </div>
    </div>
  )
}
