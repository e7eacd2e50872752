import type { Proposal } from '@/api/types'
import { useLanguage } from '@/language/useLanguage'
import { Instant } from '@/ui/Fact'
import { Icon } from '@/ui/Icon'
import { Name } from '@/ui/Person'

/** Why a proposal came back: the last return's comment, where the applicant corrects it. */
export function ReturnedWith({ proposal }: { proposal: Proposal }) {
  const { t } = useLanguage()
  const returned = proposal.history.filter((event) => event.kind === 'returned').at(-1)
  if (!returned) return null
  return (
    <div className="returned">
      <Icon name="return" />
      <div>
        <p className="returned-title">{t('returned.title')}</p>
        <p className="returned-by">
          <Name of={returned.person} /> <Instant at={returned.at} />
        </p>
        <p className="prose">{returned.comment}</p>
      </div>
    </div>
  )
}
