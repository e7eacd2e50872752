/** What is read, by key; one place says how it is asked for and how long it stays fresh. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'

import { client } from '@/api/client'
import { answer } from '@/api/problem'
import type { Message, Proposal, Scope, State } from '@/api/types'

const MINUTE = 60_000
const ROWS_A_PAGE = 20

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => answer(client.GET('/api/me', { signal })),
  staleTime: 10 * MINUTE,
})

export const inboxQuery = infiniteQueryOptions({
  queryKey: ['inbox'],
  queryFn: ({ pageParam, signal }) =>
    answer(client.GET('/api/inbox', { params: { query: { limit: ROWS_A_PAGE, ...cursor(pageParam) } }, signal })),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
  // Read anew when somebody comes back to the page, and never by a clock: that would keep a pausing database awake.
})

export const proposalsQuery = (scope: Scope, state: State | null) =>
  infiniteQueryOptions({
    queryKey: ['proposals', scope, state],
    queryFn: ({ pageParam, signal }) =>
      answer(
        client.GET('/api/proposals', {
          params: { query: { scope, limit: ROWS_A_PAGE, ...(state && { state }), ...cursor(pageParam) } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  })

export const proposalQuery = (id: number) =>
  queryOptions({
    queryKey: ['proposal', id],
    queryFn: ({ signal }) => answer(client.GET('/api/proposals/{proposal_id}', { params: { path: { proposal_id: id } }, signal })),
  })

/** A proposal as it is at this moment, past everything that is kept. */
export function proposalNow(id: number, signal: AbortSignal): Promise<Proposal> {
  return answer(client.GET('/api/proposals/{proposal_id}', { params: { path: { proposal_id: id } }, signal }))
}

/** What I was told. Like the inbox it is read anew when somebody comes back to the page, and never by a clock. */
export const noticesQuery = infiniteQueryOptions({
  queryKey: ['notices'],
  queryFn: ({ pageParam, signal }) =>
    answer(client.GET('/api/notices', { params: { query: { limit: ROWS_A_PAGE, ...cursor(pageParam) } }, signal })),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
})

export const outboxQuery = (state: Message['state']) =>
  infiniteQueryOptions({
    queryKey: ['outbox', state],
    queryFn: ({ pageParam, signal }) =>
      answer(client.GET('/api/outbox', { params: { query: { state, limit: ROWS_A_PAGE, ...cursor(pageParam) } }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  })

export const proposalTypesQuery = queryOptions({
  queryKey: ['proposal-types'],
  queryFn: ({ signal }) => answer(client.GET('/api/proposal-types', { signal })),
  staleTime: 10 * MINUTE,
})

export const peopleQuery = (q: string) =>
  queryOptions({
    queryKey: ['people', q],
    queryFn: ({ signal }) => answer(client.GET('/api/people', { params: { query: { q } }, signal })),
    staleTime: MINUTE,
  })

export const departmentsQuery = (q: string) =>
  queryOptions({
    queryKey: ['departments', q],
    queryFn: ({ signal }) => answer(client.GET('/api/departments', { params: { query: { q } }, signal })),
    staleTime: MINUTE,
  })

export const routePreviewQuery = (id: number, version: number) =>
  queryOptions({
    // The version is part of the key: another draft may have another route.
    queryKey: ['route-preview', id, version],
    queryFn: ({ signal }) =>
      answer(client.GET('/api/proposals/{proposal_id}/route-preview', { params: { path: { proposal_id: id } }, signal })),
    staleTime: 0,
  })

function cursor(value: string | null): { cursor?: string } {
  return value === null ? {} : { cursor: value }
}
