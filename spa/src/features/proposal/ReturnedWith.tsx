import type { Proposal } from '@/api/types'
import { formatInstant } from '@/language/format'
import { useLanguage } from '@/language/useLanguage'
import { Icon } from '@/ui/Icon'
import { Name } from '@/ui/Person'

/** Why a proposal came back: the last return's comment, where the applicant corrects it. */
export function ReturnedWith({ proposal }: { proposal: Proposal }) {
  const { t, language } = useLanguage()
  const returned = proposal.history.filter((event) => event.kind === 'returned').at(-1)
  if (!returned) return null
  return (
    <div className="returned">
      <Icon name="return" />
      <div>
        <p className="returned-title">{t('returned.title')}</p>
        <p className="returned-by">
          <Name of={returned.person} /> <time dateTime={returned.at}>{formatInstant(returned.at, language)}</time>
        </p>
        <p className="prose">{returned.comment}</p>
      </div>
    </div>
  )
}
