import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Link } from 'wouter'

import { readNotices } from '@/api/operations'
import { noticesQuery } from '@/api/queries'
import type { Notice } from '@/api/types'
import { useLanguage } from '@/language/useLanguage'
import { Instant } from '@/ui/Fact'
import { Failure } from '@/ui/Failure'
import { Icon, type IconName } from '@/ui/Icon'
import { More } from '@/ui/More'
import { Page } from '@/ui/Page'
import { Skeleton } from '@/ui/Skeleton'
import { useRows } from '@/ui/useRows'

const ICONS: Record<Notice['kind'], IconName> = {
  your_turn: 'inbox',
  reminder: 'clock',
  completed: 'approve',
  returned: 'return',
  rejected: 'reject',
  commented: 'comment',
  circulated: 'eye',
}

/** What I was told, newest first. Shown is read; which were new stays marked until the list is read anew. */
export default function NoticesPage() {
  const { t } = useLanguage()
  const queries = useQueryClient()
  const list = useInfiniteQuery({ ...noticesQuery, refetchOnMount: 'always' })
  const notices = list.data?.pages.flatMap((page) => page.results) ?? []
  const { onOpen } = useRows(notices.map(({ id }) => id))
  const unread = list.data?.pages[0]?.unread ?? 0
  const newest = notices[0]?.id

  // Told apart from what was shown before: the answer that is under way may still say which are new.
  const isSettled = list.isFetchedAfterMount && !list.isFetching

  useEffect(() => {
    if (!isSettled || unread === 0 || newest === undefined) return
    readNotices(newest).then(
      (left) =>
        queries.setQueryData(noticesQuery.queryKey, (before) =>
          before && { ...before, pages: before.pages.map((page) => ({ ...page, unread: left })) },
        ),
      () => undefined, // they stay unread, and are marked the next time
    )
  }, [isSettled, unread, newest, queries])

  return (
    <Page title={t('notices.title')} width="narrow">
      {list.isPending && <Skeleton lines={6} />}
      {list.isError && (
        <Failure title={t('notices.failed')} error={list.error} retry={() => void list.refetch()} busy={list.isFetching} />
      )}
      {list.isSuccess && notices.length === 0 && (
        <div className="blank">
          <h2>{t('notices.emptyTitle')}</h2>
          <p>{t('notices.emptyText')}</p>
        </div>
      )}
      {notices.length > 0 && (
        <ul className="told" aria-label={t('notices.caption')}>
          {notices.map((notice) => (
            <Row key={notice.id} notice={notice} onOpen={onOpen} />
          ))}
        </ul>
      )}
      <More list={list} />
    </Page>
  )
}

function Row({ notice, onOpen }: { notice: Notice; onOpen: (id: number) => void }) {
  const { t } = useLanguage()
  return (
    <li className="told-row" data-unread={!notice.is_read || undefined} data-kind={notice.kind}>
      <Icon name={ICONS[notice.kind]} />
      <div>
        <p className="told-kind">
          {t(`notices.kind.${notice.kind}`)}
          {!notice.is_read && <span className="told-new">{t('notices.new')}</span>}
        </p>
        <Link href={`/proposals/${notice.proposal}`} className="row-title" data-row={notice.id} onClick={() => onOpen(notice.id)}>
          {notice.title}
        </Link>
      </div>
      <Instant at={notice.at} />
    </li>
  )
}
