import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'react'

import { accountsQuery, invite, type Account, type InvitedAccount } from '@/api/accounts'
import { useLanguage } from '@/language/useLanguage'
import { AdministratorsPage } from '@/ui/AdministratorsPage'
import { Button, ButtonLink } from '@/ui/Button'
import { Choices } from '@/ui/Choices'
import { Failure } from '@/ui/Failure'
import { More } from '@/ui/More'
import { useNotices } from '@/ui/Notice'
import { Skeleton } from '@/ui/Skeleton'
import { useDebounced } from '@/ui/useDebounced'

import { AccountRow } from './AccountRow'
import { Links } from './Links'

type State = Account['state']

/** Whoever waits for something to be done comes first. */
const STATES: readonly State[] = ['uninvited', 'pending', 'expired', 'ready']
/** People that one call of the API invites. */
const MOST = 200

/** Who can sign in and who cannot yet, for administrators: invite, send again, take back, let choose a new password. */
export default function AccountsPage({ state: stateName }: { state: string | undefined }) {
  const { t } = useLanguage()
  const state = STATES.find((one) => one === stateName) ?? 'uninvited'
  return (
    <AdministratorsPage
      title={t('accounts.title')}
      lead={t('accounts.lead')}
      aside={<ButtonLink to="/organization">{t('organization.title')}</ButtonLink>}
      ways={<Choices of={STATES.map((one) => ({ to: `/people/${one}`, label: t(`accounts.state.${one}`), isCurrent: one === state }))} />}
    >
      <Accounts key={state} state={state} />
    </AdministratorsPage>
  )
}

function Accounts({ state }: { state: State }) {
  const { t } = useLanguage()
  const id = useId()
  const queries = useQueryClient()
  const { tell } = useNotices()
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set())
  const [isNobodyChosen, setNobodyChosen] = useState(false)
  const [links, setLinks] = useState<InvitedAccount[]>([])
  const list = useInfiniteQuery(accountsQuery(state, useDebounced(text.trim(), 250)))
  const accounts = list.data?.pages.flatMap((page) => page.results) ?? []
  const canChoose = state === 'uninvited' || state === 'expired'
  const marked = canChoose ? accounts.filter((account) => chosen.has(account.id)).slice(0, MOST) : []

  const inviting = useMutation({
    mutationFn: invite,
    onSuccess: (invited) => {
      setChosen(new Set())
      const byHand = invited.filter((account) => account.link !== null)
      setLinks(byHand)
      const count = invited.length - byHand.length
      if (count > 0) tell({ text: t('accounts.invited', { count }) })
      return queries.invalidateQueries({ queryKey: ['accounts'] })
    },
  })
  const choose = (ids: number[], isChosen: boolean) => {
    const next = new Set(chosen)
    ids.forEach((one) => (isChosen ? next.add(one) : next.delete(one)))
    setChosen(next)
    setNobodyChosen(false)
  }
  const inviteChosen = () => {
    if (marked.length === 0) setNobodyChosen(true)
    else inviting.mutate(marked.map((account) => account.id))
  }
  return (
    <>
      <div className="field account-search">
        <label htmlFor={id}>{t('accounts.search')}</label>
        <input id={id} type="search" value={text} onChange={(event) => setText(event.target.value)} />
      </div>
      {inviting.isError && <Failure title={t('accounts.notInvited')} error={inviting.error} />}
      {list.isPending && <Skeleton lines={6} />}
      {list.isError && (
        <Failure title={t('accounts.failed')} error={list.error} retry={() => void list.refetch()} busy={list.isFetching} />
      )}
      {list.isSuccess && accounts.length === 0 && (
        <div className="blank">
          <h2>{text.trim() === '' ? t(`accounts.empty.${state}`) : t('accounts.nobody')}</h2>
        </div>
      )}
      {canChoose && accounts.length > 0 && (
        <div className="account-bar">
          {isNobodyChosen && (
            <p className="field-error" role="alert">
              {t('accounts.nobodyChosen')}
            </p>
          )}
          <label className="check">
            <input
              type="checkbox"
              checked={marked.length > 0 && marked.length === Math.min(accounts.length, MOST)}
              onChange={(event) => choose(accounts.slice(0, MOST).map((account) => account.id), event.target.checked)}
            />
            <span>{t('accounts.all', { count: Math.min(accounts.length, MOST) })}</span>
          </label>
          <Button look="primary" busy={inviting.isPending} onClick={inviteChosen}>
            {marked.length === 0 ? t('accounts.inviteChosen') : t('accounts.invite', { count: marked.length })}
          </Button>
        </div>
      )}
      {accounts.length > 0 && (
        <ul className="cards" aria-label={t(`accounts.state.${state}`)}>
          {accounts.map((account) => (
            <AccountRow
              key={account.id}
              account={account}
              isChosen={canChoose ? chosen.has(account.id) : null}
              onChoose={(isChosen) => choose([account.id], isChosen)}
              isInviting={inviting.isPending}
              onInvite={() => inviting.mutate([account.id])}
            />
          ))}
        </ul>
      )}
      <More list={list} />
      {links.length > 0 && <Links of={links} onClose={() => setLinks([])} />}
    </>
  )
}
