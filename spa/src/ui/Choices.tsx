import { Link } from 'wouter'

import { useLanguage } from '@/language/useLanguage'

/** In which state things are shown: a link to each. */
export function Choices({ of }: { of: { to: string; label: string; isCurrent: boolean }[] }) {
  const { t } = useLanguage()
  return (
    <nav className="choices" aria-label={t('list.states')}>
      {of.map(({ to, label, isCurrent }) => (
        <Link key={to} href={to} aria-current={isCurrent ? 'page' : undefined}>
          {label}
        </Link>
      ))}
    </nav>
  )
}
