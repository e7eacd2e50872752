import { useEffect, useRef, type ReactNode } from 'react'

import { lastMove } from '@/ui/navigation'

type PageProps = {
  title: string
  /** Shown in place of the title, where it is more than a string. */
  heading?: ReactNode
  /** Beside the heading: state, actions. */
  aside?: ReactNode
  width?: 'narrow' | 'wide'
  children: ReactNode
}

/** One screen: its name in the tab, its heading (which takes focus, so that it is read out), its content. */
export function Page({ title, heading, aside, width = 'wide', children }: PageProps) {
  const ref = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    const move = lastMove()
    if (move === 'went') window.scrollTo(0, 0)
    // Whoever opens the site starts at the top; whoever goes back to a list has focus on its row already.
    if (move === 'went' || (move === 'back' && document.activeElement === document.body)) {
      ref.current?.focus({ preventScroll: true })
    }
  }, [])
  return (
    <main id="main" className="page" data-width={width}>
      <title>{`${title} | Cloister`}</title>
      <header className="page-header">
        <h1 ref={ref} tabIndex={-1}>
          {heading ?? title}
        </h1>
        {aside}
      </header>
      {children}
    </main>
  )
}
