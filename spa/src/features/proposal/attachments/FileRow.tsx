import type { ReactNode } from 'react'

import { formatSize } from '@/language/format'
import { Icon } from '@/ui/Icon'

type FileRowProps = {
  name: string
  size: number
  /** How it stands with the file, beside its size. */
  state: ReactNode
  /** Share that is done, 0 to 1, where something is under way. */
  done?: number | null
  isBad?: boolean
  actions: ReactNode
  children?: ReactNode
}

/** One file of a list: its name as its owner wrote it, size, state, what can be done with it. */
export function FileRow({ name, size, state, done = null, isBad = false, actions, children }: FileRowProps) {
  return (
    <li className="file" data-bad={isBad || undefined}>
      <Icon name={isBad ? 'warning' : 'file'} />
      <div className="file-about">
        <p className="file-name">
          <bdi>{name}</bdi>
        </p>
        <p className="file-state">
          <span className="file-size">{formatSize(size)}</span> <span>{state}</span>
        </p>
        {done !== null && <progress className="file-progress" max={1} value={done} aria-label={name} />}
        {children}
      </div>
      <div className="file-actions">{actions}</div>
    </li>
  )
}
