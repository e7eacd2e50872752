import { useEffect, useId, useRef, type ReactNode } from 'react'

/**
 * A modal dialog: the browser's own, so focus is kept inside and given back, and Escape closes it.
 * Mount it to open it; what is marked `data-focus-first` gets the focus. Without `onClose` it cannot be dismissed.
 */
export function Dialog({ title, children, onClose }: { title: string; children: ReactNode; onClose?: () => void }) {
  const ref = useRef<HTMLDialogElement>(null)
  const heading = useId()

  useEffect(() => {
    const dialog = ref.current
    if (!dialog) return
    const before = document.activeElement
    dialog.showModal()
    // React sets no `autofocus` attribute, which is what showModal would look for.
    dialog.querySelector<HTMLElement>('[data-focus-first]')?.focus()
    return () => {
      dialog.close()
      if (before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [])

  return (
    <dialog
      ref={ref}
      className="dialog"
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault() // React decides whether it is shown
        onClose?.()
      }}
      onClose={() => {
        // A second Escape closes it whatever `cancel` says (HTML, close watchers).
        if (ref.current?.open) return
        if (onClose) onClose()
        else ref.current?.showModal()
      }}
    >
      <h2 id={heading}>{title}</h2>
      {children}
    </dialog>
  )
}
