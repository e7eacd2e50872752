import { useLanguage } from '@/language/useLanguage'
import { Button } from '@/ui/Button'

type MoreProps = {
  list: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => Promise<unknown> }
}

/** The way to the next rows of a list, where there are any. */
export function More({ list }: MoreProps) {
  const { t } = useLanguage()
  return (
    list.hasNextPage && (
      <p className="more">
        <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('list.more')}
        </Button>
      </p>
    )
  )
}
