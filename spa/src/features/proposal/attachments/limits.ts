/** What may be attached, asked before a file is read: the server says the same, but only after that. */
import type { AttachmentLimits } from '@/api/types'

import type { Refusal } from './uploads'

type Named = { name: string; size: number }

/** Why a file cannot be attached, or null; `count`: how many there are already, those on their way included. */
export function refusalOf(file: Named, limits: AttachmentLimits, count: number): Refusal | null {
  if (!limits.kinds.some(({ extension }) => file.name.toLowerCase().endsWith(`.${extension}`))) return 'wrong_kind'
  if (file.size > limits.largest) return 'too_large'
  return count < limits.most ? null : 'over_count'
}

/** For a file chooser's `accept`. */
export function accepted(limits: AttachmentLimits): string {
  return limits.kinds.map(({ extension }) => `.${extension}`).join(',')
}
