import { useInfiniteQuery } from '@tanstack/react-query'

import { outboxQuery } from '@/api/queries'
import type { Message } from '@/api/types'
import { useLanguage } from '@/language/useLanguage'
import { AdministratorsPage } from '@/ui/AdministratorsPage'
import { Choices } from '@/ui/Choices'
import { Failure } from '@/ui/Failure'
import { More } from '@/ui/More'
import { Skeleton } from '@/ui/Skeleton'

import { MessageRow } from './MessageRow'

/** What was given up comes first: it is what somebody has to look at. */
const STATES: readonly Message['state'][] = ['dead', 'waiting', 'settled', 'done']

/** What other systems have to be told, for administrators: see it, have it tried again, settle it by hand. */
export default function OutboxPage({ state: stateName }: { state: string | undefined }) {
  const { t } = useLanguage()
  const state = STATES.find((one) => one === stateName) ?? 'dead'
  return (
    <AdministratorsPage
      title={t('outbox.title')}
      lead={t('outbox.lead')}
      ways={<Choices of={STATES.map((one) => ({ to: `/outbox/${one}`, label: t(`outbox.state.${one}`), isCurrent: one === state }))} />}
    >
      <Messages key={state} state={state} />
    </AdministratorsPage>
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
      <More list={list} />
    </>
  )
}
