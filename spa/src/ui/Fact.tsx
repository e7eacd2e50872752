import type { ReactNode } from 'react'

import { formatInstant } from '@/language/format'
import { useLanguage } from '@/language/useLanguage'

/** One thing that is known, in a list (`dl`) of them. */
export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** A moment, to the minute. */
export function Instant({ at }: { at: string }) {
  const { language } = useLanguage()
  return <time dateTime={at}>{formatInstant(at, language)}</time>
}
