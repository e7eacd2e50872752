import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'

import { meQuery } from '@/api/queries'
import { useLanguage } from '@/language/useLanguage'
import { ButtonLink } from '@/ui/Button'
import { Page } from '@/ui/Page'
import { Skeleton } from '@/ui/Skeleton'

type AdministratorsPageProps = {
  title: string
  /** What the screen is for. */
  lead: string
  aside?: ReactNode
  /** The ways to what it shows: there at once. */
  ways?: ReactNode
  children: ReactNode
}

/** A screen for administrators: nothing of it is asked for before it is known who looks, and whoever else comes is told. */
export function AdministratorsPage({ title, lead, aside, ways, children }: AdministratorsPageProps) {
  const { t } = useLanguage()
  const me = useQuery(meQuery)
  if (me.data && !me.data.is_administrator) {
    return (
      <Page title={title} width="narrow">
        <p>{t('administratorsOnly.text')}</p>
        <ButtonLink to="/">{t('missing.home')}</ButtonLink>
      </Page>
    )
  }
  return (
    <Page title={title} aside={aside}>
      <p className="lead">{lead}</p>
      {ways}
      {me.data && children}
      {me.isPending && <Skeleton lines={6} />}
    </Page>
  )
}
