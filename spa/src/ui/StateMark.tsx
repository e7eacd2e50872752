import type { State } from '@/api/types'
import { useLanguage } from '@/language/useLanguage'
import { Icon, type IconName } from '@/ui/Icon'

const ICONS: Record<State, IconName> = {
  draft: 'draft',
  in_progress: 'clock',
  returned: 'return',
  approved: 'approve',
  rejected: 'reject',
  withdrawn: 'withdraw',
}

/** A proposal's state: a word and an icon; colour only helps. */
export function StateMark({ state }: { state: State }) {
  const { t } = useLanguage()
  return (
    <span className="state" data-state={state}>
      <Icon name={ICONS[state]} />
      {t(`state.${state}`)}
    </span>
  )
}
