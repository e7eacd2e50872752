/** The organisation from an administrator's files: looked at, then taken over. */
import { client } from '@/api/client'
import { answer } from '@/api/problem'
import type { components } from '@/api/schema.gen'

export type Preview = components['schemas']['OrganizationPreview']
export type Changes = Preview['changes'][number]
export type FileProblem = Preview['problems'][number]

export const NOUNS = ['departments', 'people', 'posts'] as const
export type Noun = (typeof NOUNS)[number]
export type Chosen = Record<Noun, File>

type Sent = { name: string; content: string }

/** What the server takes of the three files together, in bytes (api/rest/organization.py). */
export const LARGEST = 3 * 1024 * 1024

async function sent(file: File): Promise<Sent> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  let text = ''
  // A call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return { name: file.name, content: btoa(text) }
}

async function read(chosen: Chosen): Promise<Record<Noun, Sent>> {
  const [departments, people, posts] = await Promise.all([sent(chosen.departments), sent(chosen.people), sent(chosen.posts)])
  return { departments, people, posts }
}

export async function lookAt(chosen: Chosen): Promise<Preview> {
  return answer(client.POST('/api/organization/preview', { body: { files: await read(chosen) } }))
}

/** Apply what a preview showed; `deactivating` is the number that was typed. Returns how many rows changed. */
export async function takeOver(chosen: Chosen, digest: string, deactivating: number | null): Promise<number> {
  const { changed } = await answer(client.POST('/api/organization/import', { body: { files: await read(chosen), digest, deactivating } }))
  return changed
}
