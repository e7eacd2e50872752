import { useEffect, useRef } from 'react'

import { useLanguage } from '@/language/useLanguage'
import { Icon } from '@/ui/Icon'

import { controlId } from '../fields/FieldFrame'

type ErrorSummaryProps = {
  /** Changes with each attempt, so that focus comes here again. */
  attempt: number
  errors: ReadonlyMap<string, string>
}

/** Every field that needs attention, each leading to it. Takes the focus when it appears. */
export function ErrorSummary({ attempt, errors }: ErrorSummaryProps) {
  const { t } = useLanguage()
  const ref = useRef<HTMLDivElement>(null)
  useEffect(() => {
    ref.current?.focus()
  }, [attempt])
  return (
    <div ref={ref} className="error-summary" tabIndex={-1} role="group" aria-labelledby="error-summary-title">
      <h2 id="error-summary-title">
        <Icon name="warning" />
        {t('form.errors', { count: errors.size })}
      </h2>
      <ul>
        {[...errors].map(([pointer, text]) => (
          <li key={pointer}>
            <a
              href={window.location.hash}
              onClick={(event) => {
                event.preventDefault()
                const control = document.getElementById(controlId(pointer))
                control?.scrollIntoView({ block: 'center' })
                control?.focus()
              }}
            >
              {text}
            </a>
          </li>
        ))}
      </ul>
    </div>
  )
}
