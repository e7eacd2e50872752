import { formatTime } from '@/language/format'
import { useLanguage } from '@/language/useLanguage'
import { Icon } from '@/ui/Icon'

import type { Standing } from './useSaver'

/** Whether what is typed is on the server, said quietly: it is not read out each time somebody stops typing. */
export function SavedMark({ standing }: { standing: Standing }) {
  const { t } = useLanguage()
  if (standing.kind === 'nothing' || standing.kind === 'refused') return null
  return (
    <p className="saved-mark" data-kind={standing.kind}>
      <Icon name={standing.kind === 'kept' ? 'warning' : standing.kind === 'saved' ? 'approve' : 'clock'} />
      {standing.kind === 'saving' && t('saved.saving')}
      {standing.kind === 'saved' && t('saved.at', { time: formatTime(new Date(standing.at)) })}
      {standing.kind === 'kept' && t(`saved.kept.${standing.because}`)}
    </p>
  )
}
