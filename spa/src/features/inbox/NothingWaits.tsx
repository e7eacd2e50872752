import { useLanguage } from '@/language/useLanguage'
import { ButtonLink } from '@/ui/Button'

/** An empty inbox is good news, and a place to go on from. */
export function NothingWaits() {
  const { t } = useLanguage()
  return (
    <div className="blank">
      {/* A cup set down on a quiet table: decoration. */}
      <svg className="blank-picture" viewBox="0 0 160 120" aria-hidden="true" focusable="false">
        <path className="shade" d="M20 98h120" />
        <path className="body" d="M50 54h52v20a20 20 0 0 1-20 20H70a20 20 0 0 1-20-20V54z" />
        <path d="M50 54h52v20a20 20 0 0 1-20 20H70a20 20 0 0 1-20-20V54zM102 60h7a10 10 0 0 1 0 20h-8" />
        <path className="steam" d="M66 44c-4-6 4-9 0-16M78 44c-4-6 4-9 0-16M90 44c-4-6 4-9 0-16" />
      </svg>
      <h2>{t('inbox.emptyTitle')}</h2>
      <p>{t('inbox.emptyText')}</p>
      <p className="blank-actions">
        <ButtonLink to="/new" icon="plus">
          {t('nav.new')}
        </ButtonLink>
        <ButtonLink to="/list/mine" icon="list" look="quiet">
          {t('nav.mine')}
        </ButtonLink>
      </p>
    </div>
  )
}
