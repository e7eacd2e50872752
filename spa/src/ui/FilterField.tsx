import type { RefObject } from 'react'

import { useLanguage } from '@/language/useLanguage'
import { Icon } from '@/ui/Icon'

type FilterFieldProps = {
  text: string
  setText: (text: string) => void
  field: RefObject<HTMLInputElement | null>
  /** Rows shown, of rows loaded; `more` when there are others that are not loaded. */
  shown: number
  loaded: number
  more: boolean
}

/** Narrows a list down, and says what it looked through. */
export function FilterField({ text, setText, field, shown, loaded, more }: FilterFieldProps) {
  const { t } = useLanguage()
  return (
    <div className="filter">
      <Icon name="search" />
      <input
        ref={field}
        type="search"
        aria-label={t('filter.label')}
        placeholder={t('filter.label')}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setText('')
        }}
      />
      <p role="status" className="filter-result">
        {text !== '' && t(more ? 'filter.resultOfLoaded' : 'filter.result', { shown, loaded })}
      </p>
    </div>
  )
}
