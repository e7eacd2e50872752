import { lazy, Suspense, useEffect } from 'react'
import { Redirect, Route, Switch } from 'wouter'

import { InboxPage } from '@/features/inbox/InboxPage'
import { useLanguage } from '@/language/useLanguage'
import { ButtonLink } from '@/ui/Button'
import { Page } from '@/ui/Page'
import { Skeleton } from '@/ui/Skeleton'

const loadList = () => import('@/features/list/ListPage')
const loadNotices = () => import('@/features/notices/NoticesPage')
const loadDetail = () => import('@/features/proposal/detail/DetailPage')
const loadEditor = () => import('@/features/proposal/editor/EditorPages')

const ListPage = lazy(loadList)
const NoticesPage = lazy(loadNotices)
const OutboxPage = lazy(() => import('@/features/outbox/OutboxPage'))
const AccountsPage = lazy(() => import('@/features/accounts/AccountsPage'))
const OrganizationPage = lazy(() => import('@/features/organization/OrganizationPage'))
const DetailPage = lazy(loadDetail)
const ChooseTypePage = lazy(() => loadEditor().then((module) => ({ default: module.ChooseTypePage })))
const EditorPage = lazy(() => loadEditor().then((module) => ({ default: module.EditorPage })))

/** Which address shows which screen. */
export function Screens() {
  useEffect(() => {
    // Fetched while nothing else is: opening them is instant then, and works through a lost connection.
    const timer = setTimeout(() => {
      void Promise.all([loadDetail(), loadEditor(), loadList(), loadNotices(), import('@/language/ja.json'), import('@/language/en.json')]).catch(
        () => undefined, // asked for again, and answered for, when one is needed
      )
    }, 1500)
    return () => clearTimeout(timer)
  }, [])
  return (
    <Suspense fallback={<Waiting />}>
      <Switch>
        <Route path="/" component={InboxPage} />
        <Route path="/list/:scope/:state?">{({ scope, state }) => <ListPage key={scope} scope={scope} state={state} />}</Route>
        <Route path="/notices" component={NoticesPage} />
        <Route path="/outbox/:state?">{({ state }) => <OutboxPage state={state} />}</Route>
        <Route path="/people/:state?">{({ state }) => <AccountsPage state={state} />}</Route>
        <Route path="/organization" component={OrganizationPage} />
        <Route path="/new" component={ChooseTypePage} />
        <Route path="/new/:type">{({ type }) => <EditorPage type={type} />}</Route>
        <Route path="/proposals/:id">{({ id }) => <DetailPage key={id} id={Number(id)} />}</Route>
        <Route path="/proposals/:id/:step">
          {({ id, step }) =>
            step === 'edit' || step === 'confirm' ? (
              <EditorPage id={Number(id)} step={step} />
            ) : (
              <Redirect to={`/proposals/${id}`} replace />
            )
          }
        </Route>
        <Route component={NoSuchPage} />
      </Switch>
    </Suspense>
  )
}

function Waiting() {
  return (
    <main id="main" className="page">
      <Skeleton lines={6} />
    </main>
  )
}

function NoSuchPage() {
  const { t } = useLanguage()
  return (
    <Page title={t('missing.title')} width="narrow">
      <p>{t('missing.text')}</p>
      <ButtonLink to="/">{t('missing.home')}</ButtonLink>
    </Page>
  )
}
