import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { revokeInvitation, type Account } from '@/api/accounts'
import { nameOf } from '@/language/format'
import { useLanguage } from '@/language/useLanguage'
import { AskFirst } from '@/ui/AskFirst'
import { Button } from '@/ui/Button'
import { Fact, Instant } from '@/ui/Fact'
import { useNotices } from '@/ui/Notice'
import { Name, PostPlace } from '@/ui/Person'

type AccountRowProps = {
  account: Account
  /** Null where several cannot be chosen at once. */
  isChosen: boolean | null
  onChoose: (isChosen: boolean) => void
  isInviting: boolean
  onInvite: () => void
}

/** One person: who it is, how far the way in is, and what can be done about it. */
export function AccountRow({ account, isChosen, onChoose, isInviting, onInvite }: AccountRowProps) {
  const { t, language } = useLanguage()
  const [asking, setAsking] = useState<'reset' | 'revoke' | null>(null)
  const { state, invitation } = account
  const name = nameOf(account, language)
  const verb = state === 'ready' ? 'reset' : state === 'uninvited' ? 'inviteOne' : 'again'
  return (
    <li className="card account">
      <div className="card-line">
        {isChosen === null ? (
          <strong>
            <Name of={account} />
          </strong>
        ) : (
          <label className="check">
            <input type="checkbox" checked={isChosen} onChange={(event) => onChoose(event.target.checked)} />
            <strong>
              <Name of={account} />
            </strong>
          </label>
        )}
        <span className="row-type">{t('accounts.number', { number: account.employee_number })}</span>
      </div>
      <dl className="summary-facts">
        {account.post && (
          <Fact label={t('accounts.post')}>
            <PostPlace of={account.post} />
          </Fact>
        )}
        <Fact label={t('signIn.username')}>{account.username}</Fact>
        <Fact label={t('accounts.email')}>{account.email === '' ? t('accounts.noEmail') : account.email}</Fact>
        {account.is_administrator && <Fact label={t('accounts.role')}>{t('accounts.administrator')}</Fact>}
        {invitation && <Invitation account={account} />}
      </dl>
      <div className="message-actions">
        <Button
          busy={isInviting}
          aria-label={t(`accounts.named.${verb}`, { name })}
          onClick={() => (state === 'ready' ? setAsking('reset') : onInvite())}
        >
          {t(`accounts.verb.${verb}`)}
        </Button>
        {state === 'pending' && (
          <Button look="quiet" aria-label={t('accounts.named.revoke', { name })} onClick={() => setAsking('revoke')}>
            {t('accounts.verb.revoke')}
          </Button>
        )}
      </div>
      {asking === 'reset' && (
        <AskFirst
          title={t('accounts.askReset', { name })}
          consequence={t('accounts.resetConsequence')}
          verb={t('accounts.verb.reset')}
          icon="person"
          look="primary"
          busy={isInviting}
          onConfirm={() => {
            setAsking(null)
            onInvite()
          }}
          onClose={() => setAsking(null)}
        />
      )}
      {asking === 'revoke' && invitation && <Revoke id={invitation.id} name={name} onClose={() => setAsking(null)} />}
    </li>
  )
}

function Invitation({ account }: { account: Account }) {
  const { t } = useLanguage()
  const { invitation, state } = account
  if (!invitation) return null
  const facts: [string, string | null][] = [
    [t('accounts.invitedAt'), invitation.created_at],
    [t('accounts.sentAt'), invitation.sent_at],
    [state === 'expired' ? t('accounts.expiredAt') : t('accounts.expiresAt'), state === 'pending' || state === 'expired' ? invitation.expires_at : null],
    [t('accounts.usedAt'), invitation.used_at],
    [t('accounts.revokedAt'), invitation.revoked_at],
  ]
  return facts.map(
    ([label, at]) =>
      at !== null && (
        <Fact key={label} label={label}>
          <Instant at={at} />
        </Fact>
      ),
  )
}

function Revoke({ id, name, onClose }: { id: number; name: string; onClose: () => void }) {
  const { t } = useLanguage()
  const queries = useQueryClient()
  const { tell } = useNotices()
  const reload = () => queries.invalidateQueries({ queryKey: ['accounts'] })
  const revoking = useMutation({
    mutationFn: () => revokeInvitation(id),
    onSuccess: () => {
      onClose()
      tell({ text: t('accounts.revoked', { name }) })
      // The row goes then, and would take the focus with it.
      return reload().then(() => document.querySelector<HTMLElement>('#main h1')?.focus())
    },
  })
  return (
    <AskFirst
      title={t('accounts.askRevoke', { name })}
      consequence={t('accounts.revokeConsequence')}
      verb={t('accounts.verb.revoke')}
      icon="remove"
      look="danger"
      error={revoking.error}
      failed={t('accounts.notRevoked')}
      busy={revoking.isPending}
      onConfirm={() => revoking.mutate()}
      onClose={onClose}
      onReload={() => void reload()}
    />
  )
}
