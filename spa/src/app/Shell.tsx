import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Link, useLocation, useRoute } from 'wouter'

import { Bell } from '@/app/Bell'
import { Screens } from '@/app/Screens'
import { PersonMenu } from '@/app/PersonMenu'
import { ShortcutHelp } from '@/app/ShortcutHelp'
import { chooseLanguage } from '@/api/operations'
import { inboxQuery, meQuery } from '@/api/queries'
import { rememberedLanguage, speak } from '@/language'
import { useLanguage } from '@/language/useLanguage'
import { Icon, type IconName } from '@/ui/Icon'
import { useShortcuts } from '@/ui/keys'
import { LanguageSwitch } from '@/ui/LanguageSwitch'
import { NoticeProvider } from '@/ui/Notice'
import { Offline } from '@/ui/Offline'
import { Wordmark } from '@/ui/Wordmark'

/** The frame around every screen of a signed-in person. */
export function Shell() {
  const { t } = useLanguage()
  const [, navigate] = useLocation()
  const [help, setHelp] = useState(false)
  const { data: me } = useQuery(meQuery)
  useShortcuts({ n: () => navigate('/new'), '?': () => setHelp(true) })

  useEffect(() => {
    if (me && rememberedLanguage() === null) void speak(me.language)
  }, [me])

  return (
    <NoticeProvider>
      {(notice) => (
        <>
          <SkipLink />
          <header className="site-header">
            <div className="site-bar">
              <Link href="/" className="home">
                <Wordmark />
              </Link>
              <SiteNav />
              <div className="site-tools">
                <Bell />
                <LanguageSwitch onChoose={(language) => void chooseLanguage(language).catch(() => undefined)} />
                {me ? <PersonMenu me={me} onHelp={() => setHelp(true)} /> : <span className="menu-placeholder" />}
              </div>
            </div>
          </header>
          <Offline />
          {notice}
          <Screens />
          <footer className="site-footer">
            <button type="button" className="text-button" onClick={() => setHelp(true)}>
              {t('shortcuts.title')}
            </button>
          </footer>
          {help && <ShortcutHelp onClose={() => setHelp(false)} />}
        </>
      )}
    </NoticeProvider>
  )
}

/** To the content by one key. The address' fragment is the route, so the link moves the focus itself. */
function SkipLink() {
  const { t } = useLanguage()
  return (
    <a
      className="skip-link"
      href="#main"
      onClick={(event) => {
        event.preventDefault()
        document.querySelector<HTMLElement>('#main h1')?.focus()
      }}
    >
      {t('skip')}
    </a>
  )
}

function SiteNav() {
  const { t } = useLanguage()
  const { data: inbox } = useInfiniteQuery(inboxQuery)
  const [onInbox] = useRoute('/')
  const [onList] = useRoute('/list/*?')
  const [onNew] = useRoute('/new/*?')
  const count = inbox?.pages[0]?.count ?? 0
  return (
    <nav className="site-nav" aria-label={t('nav.label')}>
      <NavLink to="/" icon="inbox" current={onInbox}>
        {t('nav.inbox')}
        {count > 0 && (
          <span className="count">
            <span aria-hidden="true">{count > 99 ? t('nav.many') : count}</span>
            <span className="visually-hidden">{t('nav.waiting', { count })}</span>
          </span>
        )}
      </NavLink>
      <NavLink to="/list/mine" icon="list" current={onList}>
        {t('nav.mine')}
      </NavLink>
      <NavLink to="/new" icon="plus" current={onNew}>
        {t('nav.new')}
      </NavLink>
    </nav>
  )
}

function NavLink({ to, icon, current, children }: { to: string; icon: IconName; current: boolean; children: React.ReactNode }) {
  return (
    <Link href={to} aria-current={current ? 'page' : undefined}>
      <Icon name={icon} />
      <span>{children}</span>
    </Link>
  )
}
