import { useState } from 'react'

import type { InvitedAccount } from '@/api/accounts'
import { formatInstant, nameOf } from '@/language/format'
import { useLanguage } from '@/language/useLanguage'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'

/** Links that no letter brings, to be handed over now: nothing shows them again. */
export function Links({ of, onClose }: { of: InvitedAccount[]; onClose: () => void }) {
  const { t, language } = useLanguage()
  const [copied, setCopied] = useState<number | 'all' | null>(null)
  const copy = async (which: number | 'all', text: string) => {
    try {
      await navigator.clipboard.writeText(text)
      setCopied(which)
    } catch {
      // Over plain HTTP, or where it is not allowed, there is no clipboard: what takes the focus is marked, to be copied by hand.
      setCopied(null)
      document.getElementById(`link-${which === 'all' ? of[0]?.id : which}`)?.focus()
    }
  }
  const until = of[0]?.invitation?.expires_at
  return (
    // Not closed by a stray Escape: the links would be lost.
    <Dialog title={t('accounts.links')}>
      <p>{t('accounts.linksText', { until: until ? formatInstant(until, language) : '' })}</p>
      <ul className="links">
        {of.map((account) => (
          <li key={account.id} className="field">
            <label htmlFor={`link-${account.id}`}>{t('accounts.linkOf', { name: nameOf(account, language) })}</label>
            <input id={`link-${account.id}`} readOnly value={account.link ?? ''} onFocus={(event) => event.target.select()} />
            <Button icon="copy" aria-label={t('accounts.copyNamed', { name: nameOf(account, language) })} onClick={() => void copy(account.id, account.link ?? '')}>
              {copied === account.id ? t('accounts.copied') : t('accounts.copy')}
            </Button>
          </li>
        ))}
      </ul>
      <p role="status" className="visually-hidden">
        {copied !== null && t('accounts.copied')}
      </p>
      <div className="dialog-actions">
        {of.length > 1 && (
          <Button icon="copy" onClick={() => void copy('all', of.map((account) => `${account.name}\t${account.username}\t${account.link}`).join('\n'))}>
            {copied === 'all' ? t('accounts.copied') : t('accounts.copyAll')}
          </Button>
        )}
        <Button look="primary" onClick={onClose}>
          {t('accounts.handedOver')}
        </Button>
      </div>
    </Dialog>
  )
}
