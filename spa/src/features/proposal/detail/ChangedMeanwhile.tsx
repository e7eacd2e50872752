import { useLanguage } from '@/language/useLanguage'
import { Button } from '@/ui/Button'
import { Icon } from '@/ui/Icon'

/** In the decision's place where a newer revision came in while an older one was read: first it has to be looked at. */
export function ChangedMeanwhile({ revision, onLook }: { revision: number; onLook: () => void }) {
  const { t } = useLanguage()
  return (
    <section className="decision-bar" aria-label={t('decide.title')}>
      <div className="changed" role="alert">
        <Icon name="info" />
        <p>{t('decide.changed', { revision })}</p>
        <Button
          look="primary"
          onClick={() => {
            onLook()
            window.scrollTo(0, 0)
            document.querySelector<HTMLElement>('#main h1')?.focus({ preventScroll: true })
          }}
        >
          {t('decide.lookAgain')}
        </Button>
      </div>
    </section>
  )
}
