/**
 * What was typed and not yet saved, kept on this device per person and draft: it survives a reload, a crash and a
 * lost connection. Saving a draft removes it; what nobody came back for is removed after two weeks.
 */
import type { References } from '@/api/types'

import type { Values } from './values'

export type Typed = {
  post: number
  title: string
  values: Values
  /** Names of the people and departments that were picked, for showing them again. */
  references: References
}

export type Kept = Typed & {
  /** `version` of the draft that it was typed into; 0 for one that was never saved. */
  version: number
  /** Milliseconds since 1970. */
  at: number
}

/** Another shape gets another number: what an older page kept is then left alone, and swept. */
const PREFIX = 'cloister.kept.1.'
const ANY_PREFIX = 'cloister.kept.'
const KEEP_MS = 14 * 86_400_000

export function keptKey(personId: number, draft: number | string): string {
  return `${PREFIX}${personId}.${draft}`
}

/** The key of a new form, which has no draft yet; `form` tells apart those that are open in several tabs. */
export function newFormKey(personId: number, type: string, form: string): string {
  return keptKey(personId, `new.${type}.${form}`)
}

/** The new forms of a type that something is kept of, the one typed into last first. */
export function keptNewForms(personId: number, type: string): string[] {
  const prefix = newFormKey(personId, type, '')
  return Object.keys(localStorage)
    .filter((key) => key.startsWith(prefix))
    .sort((a, b) => (readKept(b)?.at ?? 0) - (readKept(a)?.at ?? 0))
    .map((key) => key.slice(prefix.length))
}

export function readKept(key: string): Kept | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null') as Kept | null
  } catch {
    return null // damaged, and of no use to anyone
  }
}

export function keep(key: string, kept: Kept): void {
  localStorage.setItem(key, JSON.stringify(kept))
}

export function dropKept(key: string): void {
  localStorage.removeItem(key)
}

/** Remove what is older than two weeks. */
export function sweepKept(now: number): void {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(ANY_PREFIX))
  for (const key of keys) {
    if ((readKept(key)?.at ?? 0) < now - KEEP_MS) localStorage.removeItem(key)
  }
}
