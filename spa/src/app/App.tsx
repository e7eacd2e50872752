import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { lazy, Suspense, useState, useSyncExternalStore, type ReactNode } from 'react'
import { Route, Router, Switch } from 'wouter'
import { useHashLocation } from 'wouter/use-hash-location'

import { Boundary } from '@/app/Boundary'
import { Shell } from '@/app/Shell'
import { NoAnswer } from '@/api/problem'
import { sessionState, subscribeToSession } from '@/api/session'
import { SignInAgain } from '@/features/session/SignInAgain'
import { SignInPage } from '@/features/session/SignInPage'

const InvitationPage = lazy(() => import('@/features/session/InvitationPage'))

function newClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // A lost connection is tried once more; what the API refuses, it will refuse again.
        retry: (failures, error) => error instanceof NoAnswer && failures < 1,
        staleTime: 5_000,
        // Offline, a call fails at once and says so, instead of waiting unseen.
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  })
}

/** What has been read belongs to the person who read it: another person begins with nothing. */
function Answers({ children }: { children: ReactNode }) {
  const [client] = useState(newClient)
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>
}

export function App() {
  const { session, expired } = useSyncExternalStore(subscribeToSession, sessionState)
  return (
    <Boundary>
      <Router hook={useHashLocation}>
        <Answers key={session?.personId ?? 'nobody'}>
          <Switch>
            {/* Whoever is signed in on this device: the link says who comes. */}
            <Route path="/invitation/:token">
              {({ token }) => (
                <Suspense fallback={null}>
                  <InvitationPage key={token} token={token} />
                </Suspense>
              )}
            </Route>
            <Route>
              {session ? <Shell /> : <SignInPage />}
              {session && expired && <SignInAgain username={session.username} />}
            </Route>
          </Switch>
        </Answers>
      </Router>
    </Boundary>
  )
}
