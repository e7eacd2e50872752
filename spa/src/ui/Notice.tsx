import { createContext, use, useCallback, useMemo, useRef, useState, type ReactNode } from 'react'
import { Link } from 'wouter'

import { useLanguage } from '@/language/useLanguage'
import { Icon } from '@/ui/Icon'

type Notice = { text: string; link?: { to: string; label: string } }
type Notices = { tell: (notice: Notice) => void }

const Context = createContext<Notices>({ tell: () => undefined })

/** `tell` what has been done: shown at the top until it is closed or replaced, and read out. */
export function useNotices(): Notices {
  return use(Context)
}

/** Holds the one notice and gives the place where it is shown, for the shell to put under its header. */
export function NoticeProvider({ children }: { children: (region: ReactNode) => ReactNode }) {
  const { t } = useLanguage()
  const [notice, setNotice] = useState<(Notice & { id: number }) | null>(null)
  const count = useRef(0)
  const tell = useCallback((next: Notice) => {
    count.current += 1
    setNotice({ ...next, id: count.current })
  }, [])
  const value = useMemo(() => ({ tell }), [tell])
  const region = (
    <div className="notice-region" role="status">
      {notice && (
        <div className="notice" key={notice.id}>
          <Icon name="approve" />
          <p>
            {notice.text} {notice.link && <Link href={notice.link.to}>{notice.link.label}</Link>}
          </p>
          <button type="button" className="icon-button" aria-label={t('close')} onClick={() => setNotice(null)}>
            <Icon name="close" />
          </button>
        </div>
      )}
    </div>
  )
  return <Context value={value}>{children(region)}</Context>
}
