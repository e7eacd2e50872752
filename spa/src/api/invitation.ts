/** What whoever holds an invitation's link asks for, without being signed in. */
import { queryOptions } from '@tanstack/react-query'

import { strangersClient } from '@/api/client'
import { beSignedIn } from '@/api/operations'
import { answer } from '@/api/problem'
import type { components } from '@/api/schema.gen'
import type { Me } from '@/api/types'

export type Invited = components['schemas']['Invited']

export const invitationQuery = (token: string) =>
  queryOptions({
    queryKey: ['invitation', token],
    queryFn: ({ signal }) => answer(strangersClient.POST('/api/invitation', { body: { token }, signal })),
    staleTime: Infinity,
    retry: false,
  })

/** Choose the password, once, and be signed in by it. */
export async function choosePassword(choice: { token: string; password: string }): Promise<Me> {
  return beSignedIn(await answer(strangersClient.POST('/api/invitation/password', { body: choice })))
}
