import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, Redirect } from 'wouter'

import { meQuery, proposalsQuery } from '@/api/queries'
import type { Scope, State } from '@/api/types'
import { useLanguage } from '@/language/useLanguage'
import { ButtonLink } from '@/ui/Button'
import { Choices } from '@/ui/Choices'
import { Failure } from '@/ui/Failure'
import { FilterField } from '@/ui/FilterField'
import { More } from '@/ui/More'
import { Page } from '@/ui/Page'
import { Skeleton } from '@/ui/Skeleton'
import { useFilter } from '@/ui/useFilter'
import { useIsWide } from '@/ui/useMedia'
import { useRows } from '@/ui/useRows'

import { ProposalCards, ProposalTable } from './ProposalRows'

const STATES: readonly State[] = ['draft', 'in_progress', 'returned', 'approved', 'rejected', 'withdrawn']
const SCOPES: readonly Scope[] = ['mine', 'decided', 'circulated', 'all']

/** What I proposed, what I decided, or (for an administrator) everything; newest first. */
export default function ListPage({ scope: scopeName, state: stateName }: { scope: string; state: string | undefined }) {
  const scope = SCOPES.find((one) => one === scopeName)
  const state = STATES.find((one) => one === stateName) ?? null
  return scope ? <Proposals scope={scope} state={state} /> : <Redirect to="/list/mine" replace />
}

function Proposals({ scope, state }: { scope: Scope; state: State | null }) {
  const { t } = useLanguage()
  const wide = useIsWide()
  const list = useInfiniteQuery(proposalsQuery(scope, state))
  const items = list.data?.pages.flatMap((page) => page.results) ?? []
  const filter = useFilter(items, (row) => [
    row.title,
    row.decision_number ?? '',
    row.type.name,
    row.type.name_en,
    row.applicant.name,
    row.applicant.name_en,
  ])
  const { onOpen } = useRows(filter.shown.map((row) => row.id))
  const Rows = wide ? ProposalTable : ProposalCards

  return (
    <Page
      title={t(`list.title.${scope}`)}
      aside={
        items.length > 0 && (
          <FilterField {...filter} shown={filter.shown.length} loaded={items.length} more={list.hasNextPage} />
        )
      }
    >
      <Scopes current={scope} />
      <States scope={scope} current={state} />
      {list.isPending && <Skeleton lines={8} />}
      {list.isError && (
        <Failure title={t('list.failed')} error={list.error} retry={() => void list.refetch()} busy={list.isFetching} />
      )}
      {list.isSuccess && items.length === 0 && (
        <div className="blank">
          <h2>{state ? t('list.emptyState', { state: t(`state.${state}`) }) : t(`list.empty.${scope}`)}</h2>
          {scope === 'mine' && (
            <p className="blank-actions">
              <ButtonLink to="/new" icon="plus">
                {t('nav.new')}
              </ButtonLink>
            </p>
          )}
        </div>
      )}
      {filter.shown.length > 0 && <Rows rows={filter.shown} showApplicant={scope !== 'mine'} onOpen={onOpen} />}
      <More list={list} />
    </Page>
  )
}

function Scopes({ current }: { current: Scope }) {
  const { t } = useLanguage()
  const { data: me } = useQuery(meQuery)
  const scopes = SCOPES.filter((scope) => scope !== 'all' || me?.is_administrator)
  return (
    <nav className="tabs" aria-label={t('list.scopes')}>
      {scopes.map((scope) => (
        <Link key={scope} href={`/list/${scope}`} aria-current={scope === current ? 'page' : undefined}>
          {t(`list.scope.${scope}`)}
        </Link>
      ))}
    </nav>
  )
}

function States({ scope, current }: { scope: Scope; current: State | null }) {
  const { t } = useLanguage()
  return (
    <Choices
      of={[
        { to: `/list/${scope}`, label: t('list.allStates'), isCurrent: current === null },
        ...STATES.map((state) => ({ to: `/list/${scope}/${state}`, label: t(`state.${state}`), isCurrent: state === current })),
      ]}
    />
  )
}
