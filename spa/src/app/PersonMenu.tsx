import { Link } from 'wouter'

import { signOut } from '@/api/operations'
import type { Me } from '@/api/types'
import { useLanguage } from '@/language/useLanguage'
import { Button } from '@/ui/Button'
import { Icon, type IconName } from '@/ui/Icon'
import { Name, PostPlace } from '@/ui/Person'

/** Who is signed in, in which posts, and the way out. The browser's own popover: Escape and a press elsewhere close it. */
export function PersonMenu({ me, onHelp }: { me: Me; onHelp: () => void }) {
  const { t } = useLanguage()
  return (
    <>
      <button type="button" className="menu-button" popoverTarget="person-menu">
        <Icon name="person" />
        <span className="menu-name">
          <span className="visually-hidden">{t('menu.label')} </span>
          <Name of={me} />
        </span>
        <Icon name="chevron" />
      </button>
      <div id="person-menu" className="menu" popover="auto">
        <p className="menu-person">
          <strong>
            <Name of={me} />
          </strong>
          <span>{t('menu.employeeNumber', { number: me.employee_number })}</span>
        </p>
        <ul className="menu-posts" aria-label={t('menu.posts')}>
          {me.posts.map((post) => (
            <li key={post.id}>
              <PostPlace of={post} />
              {post.is_primary && me.posts.length > 1 && <span className="tag">{t('menu.primary')}</span>}
            </li>
          ))}
        </ul>
        <div className="menu-actions">
          {me.is_administrator && (
            <>
              <MenuLink to="/people" icon="person" label={t('accounts.title')} />
              <MenuLink to="/organization" icon="route" label={t('organization.title')} />
              <MenuLink to="/outbox" icon="outbox" label={t('outbox.title')} />
            </>
          )}
          <Button look="quiet" icon="keyboard" popoverTarget="person-menu" popoverTargetAction="hide" onClick={onHelp}>
            {t('shortcuts.title')}
          </Button>
          <Button look="quiet" icon="leave" onClick={() => void signOut()}>
            {t('menu.signOut')}
          </Button>
        </div>
      </div>
    </>
  )
}

function MenuLink({ to, icon, label }: { to: string; icon: IconName; label: string }) {
  return (
    <Link href={to} className="button" data-look="quiet" onClick={() => document.getElementById('person-menu')?.hidePopover()}>
      <Icon name={icon} />
      <span>{label}</span>
    </Link>
  )
}
