/** Names of the people and departments that a content refers to by id. */
import type { References } from '@/api/types'

export type Kind = 'person' | 'department'
export type Named = { id: number; name: string; name_en: string }

export const NO_REFERENCES: References = { people: [], departments: [] }

export function find(references: References, kind: Kind, id: number): Named | null {
  const list: Named[] = kind === 'person' ? references.people : references.departments
  return list.find((one) => one.id === id) ?? null
}
