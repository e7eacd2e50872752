import { useInfiniteQuery } from '@tanstack/react-query'

import { inboxQuery } from '@/api/queries'
import { useLanguage } from '@/language/useLanguage'
import { Failure } from '@/ui/Failure'
import { FilterField } from '@/ui/FilterField'
import { More } from '@/ui/More'
import { Page } from '@/ui/Page'
import { Skeleton } from '@/ui/Skeleton'
import { useFilter } from '@/ui/useFilter'
import { useIsWide } from '@/ui/useMedia'
import { useRows } from '@/ui/useRows'

import { InboxCards, InboxTable } from './InboxRows'
import { NothingWaits } from './NothingWaits'

/** What waits for me, oldest first. */
export function InboxPage() {
  const { t } = useLanguage()
  const wide = useIsWide()
  const inbox = useInfiniteQuery(inboxQuery)
  const items = inbox.data?.pages.flatMap((page) => page.results) ?? []
  const filter = useFilter(items, ({ proposal }) => [
    proposal.title,
    proposal.type.name,
    proposal.type.name_en,
    proposal.applicant.name,
    proposal.applicant.name_en,
    proposal.applicant.post.department,
    proposal.applicant.post.department_en,
  ])
  const { onOpen } = useRows(filter.shown.map((item) => item.proposal.id))
  const Rows = wide ? InboxTable : InboxCards

  return (
    <Page
      title={t('inbox.title')}
      aside={
        items.length > 0 && (
          <FilterField {...filter} shown={filter.shown.length} loaded={items.length} more={inbox.hasNextPage} />
        )
      }
    >
      {inbox.isPending && <Skeleton lines={8} />}
      {inbox.isError && (
        <Failure
          title={t('inbox.failed')}
          error={inbox.error}
          retry={() => void inbox.refetch()}
          busy={inbox.isFetching}
        />
      )}
      {inbox.isSuccess && items.length === 0 && <NothingWaits />}
      {filter.shown.length > 0 && <Rows items={filter.shown} onOpen={onOpen} />}
      <More list={inbox} />
    </Page>
  )
}
