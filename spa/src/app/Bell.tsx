import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Link, useRoute } from 'wouter'

import { inboxQuery, noticesQuery } from '@/api/queries'
import { useLanguage } from '@/language/useLanguage'
import { Icon } from '@/ui/Icon'

/** The way to what I was told, and how much of it is new. Read anew whenever the inbox is. */
export function Bell() {
  const { t } = useLanguage()
  const [isCurrent] = useRoute('/notices')
  const { dataUpdatedAt: inboxReadAt } = useInfiniteQuery(inboxQuery)
  const { data, dataUpdatedAt, refetch, isFetching } = useInfiniteQuery(noticesQuery)
  const isOlder = !isFetching && dataUpdatedAt > 0 && dataUpdatedAt + TOGETHER_MS < inboxReadAt
  useEffect(() => {
    if (isOlder) void refetch()
  }, [isOlder, refetch])
  const unread = data?.pages[0]?.unread ?? 0
  return (
    <Link href="/notices" className="bell" aria-current={isCurrent ? 'page' : undefined}>
      <Icon name="bell" />
      <span className="visually-hidden">{t('notices.title')}</span>
      {unread > 0 && (
        <span className="count">
          <span aria-hidden="true">{unread > 99 ? t('nav.many') : unread}</span>
          <span className="visually-hidden">{t('notices.unread', { count: unread })}</span>
        </span>
      )}
    </Link>
  )
}

/** Both are read when the page opens or gets the focus again; the one answers a little after the other. */
const TOGETHER_MS = 5_000
