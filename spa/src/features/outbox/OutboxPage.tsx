import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'

import { meQuery, outboxQuery } from '@/api/queries'
import type { Message } from '@/api/types'
import { useLanguage } from '@/language/useLanguage'
import { Button, ButtonLink } from '@/ui/Button'
import { Failure } from '@/ui/Failure'
import { Page } from '@/ui/Page'
import { Skeleton } from '@/ui/Skeleton'

import { MessageRow } from './MessageRow'

/** What was given up comes first: it is what somebody has to look at. */
const STATES: readonly Message['state'][] = ['dead', 'waiting', 'settled', 'done']

/** What other systems have to be told, for administrators: see it, have it tried again, settle it by hand. */
export default function OutboxPage({ state: stateName }: { state: string | undefined }) {
  const { t } = useLanguage()
  const me = useQuery(meQuery)
  const state = STATES.find((one) => one === stateName) ?? 'dead'
  if (me.data && !me.data.is_administrator) {
    return (
      <Page title={t('outbox.title')} width="narrow">
        <p>{t('outbox.notYours')}</p>
        <ButtonLink to="/">{t('missing.home')}</ButtonLink>
      </Page>
    )
  }
  return (
    <Page title={t('outbox.title')}>
      <p className="lead">{t('outbox.lead')}</p>
      <nav className="choices" aria-label={t('list.states')}>
        {STATES.map((one) => (
          <Link key={one} href={`/outbox/${one}`} aria-current={one === state ? 'page' : undefined}>
            {t(`outbox.state.${one}`)}
          </Link>
        ))}
      </nav>
      {me.data && <Messages key={state} state={state} />}
      {me.isPending && <Skeleton lines={6} />}
    </Page>
  )
}

function Messages({ state }: { state: Message['state'] }) {
  const { t } = useLanguage()
  const list = useInfiniteQuery(outboxQuery(state))
  const messages = list.data?.pages.flatMap((page) => page.results) ?? []
  return (
    <>
      {list.isPending && <Skeleton lines={6} />}
      {list.isError && (
        <Failure title={t('outbox.failed')} error={list.error} retry={() => void list.refetch()} busy={list.isFetching} />
      )}
      {list.isSuccess && messages.length === 0 && (
        <div className="blank">
          <h2>{t(`outbox.empty.${state}`)}</h2>
        </div>
      )}
      {messages.length > 0 && (
        <ul className="cards" aria-label={t('outbox.caption')}>
          {messages.map((message) => (
            <MessageRow key={message.id} message={message} />
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <p className="more">
          <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t('list.more')}
          </Button>
        </p>
      )}
    </>
  )
}
