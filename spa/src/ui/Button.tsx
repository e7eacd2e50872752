import type { ButtonHTMLAttributes, ReactNode } from 'react'
import { Link } from 'wouter'

import { Icon, type IconName } from '@/ui/Icon'

type Look = 'primary' | 'secondary' | 'quiet' | 'danger'

type ButtonProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'disabled' | 'className'> & {
  look?: Look
  icon?: IconName | undefined
  /** Being carried out: stays focused and named, but pressing it again does nothing. */
  busy?: boolean
  children: ReactNode
}

export function Button({ look = 'secondary', icon, busy = false, children, onClick, type = 'button', ...rest }: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      className="button"
      data-look={look}
      aria-disabled={busy || undefined}
      data-busy={busy || undefined}
      onClick={(event) => {
        if (busy) event.preventDefault()
        else onClick?.(event)
      }}
    >
      {icon && <Icon name={icon} />}
      <span>{children}</span>
    </button>
  )
}

export function ButtonLink({ to, look = 'secondary', icon, children }: { to: string; look?: Look; icon?: IconName; children: ReactNode }) {
  return (
    <Link href={to} className="button" data-look={look}>
      {icon && <Icon name={icon} />}
      <span>{children}</span>
    </Link>
  )
}
