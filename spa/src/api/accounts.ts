/** Who can sign in and who is invited: what administrators read and do. */
import { infiniteQueryOptions } from '@tanstack/react-query'

import { client } from '@/api/client'
import { answer } from '@/api/problem'
import type { components } from '@/api/schema.gen'

export type Account = components['schemas']['AccountDocument']
export type InvitedAccount = components['schemas']['InvitedAccount']

const ROWS_A_PAGE = 50

export const accountsQuery = (state: Account['state'], q: string) =>
  infiniteQueryOptions({
    queryKey: ['accounts', state, q],
    queryFn: ({ pageParam, signal }) =>
      answer(
        client.GET('/api/accounts', {
          params: { query: { state, q, limit: ROWS_A_PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  })

/** Invite people, or let them choose a new password; a link comes back where no letter brings it. */
export async function invite(people: number[]): Promise<InvitedAccount[]> {
  const { results } = await answer(client.POST('/api/invitations', { body: { people } }))
  return results
}

export function revokeInvitation(id: number): Promise<Account> {
  return answer(client.POST('/api/invitations/{invitation_id}/revoke', { params: { path: { invitation_id: id } } }))
}
