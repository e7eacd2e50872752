import { useLanguage } from '@/language/useLanguage'

/** Grey lines in the place of what is being loaded; they appear after 300 ms (styles/base.css). */
export function Skeleton({ lines }: { lines: number }) {
  const { t } = useLanguage()
  return (
    <div className="skeleton" role="status">
      <span className="visually-hidden">{t('loading')}</span>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} className="skeleton-line" data-width={line % 3} />
      ))}
    </div>
  )
}
