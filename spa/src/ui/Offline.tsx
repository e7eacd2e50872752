import { useSyncExternalStore } from 'react'

import { useLanguage } from '@/language/useLanguage'
import { Icon } from '@/ui/Icon'

function subscribe(listener: () => void): () => void {
  window.addEventListener('online', listener)
  window.addEventListener('offline', listener)
  return () => {
    window.removeEventListener('online', listener)
    window.removeEventListener('offline', listener)
  }
}

/** Says that the connection is lost, and that nothing typed is. */
export function Offline() {
  const { t } = useLanguage()
  const online = useSyncExternalStore(subscribe, () => navigator.onLine)
  return (
    <div role="status">
      {!online && (
        <p className="offline">
          <Icon name="offline" />
          {t('offline')}
        </p>
      )}
    </div>
  )
}
