import type { References } from '@/api/types'

import type { Kind, Named } from '../references'

/** What the fields of a form share. */
export type FormState = {
  references: References
  /** Keep the name of somebody or something that was picked. */
  remember: (kind: Kind, named: Named) => void
  /** Sentences by JSON pointer. */
  errors: ReadonlyMap<string, string>
}
