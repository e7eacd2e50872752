import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'

import { useLanguage } from '@/language/useLanguage'
import { Icon } from '@/ui/Icon'
import { isComposing } from '@/ui/keys'

type ComboboxProps<T> = {
  id: string
  describedBy: string | undefined
  invalid: boolean
  required: boolean
  /** What is chosen, as it is written in the field; empty for nothing. */
  chosen: string
  options: T[]
  /** The search for `options` is under way, or failed. */
  searching: boolean
  failed: boolean
  keyOf: (option: T) => string
  draw: (option: T) => ReactNode
  onSearch: (text: string) => void
  onChoose: (option: T | null) => void
}

/** A text field that offers what fits, after the ARIA Authoring Practices' "editable combobox with list autocomplete". */
export function Combobox<T>(props: ComboboxProps<T>) {
  const { id, chosen, options, keyOf, draw, onSearch, onChoose } = props
  const { t } = useLanguage()
  const list = useId()
  const [text, setText] = useState<string | null>(null) // null: not being edited, the choice is shown
  const [isOpen, setOpen] = useState(false)
  const [active, setActive] = useState(0)
  const field = useRef<HTMLInputElement>(null)
  const activeOption = useRef<HTMLDivElement>(null)

  useEffect(() => {
    activeOption.current?.scrollIntoView({ block: 'nearest' })
  }, [active, isOpen])

  const open = (search: string) => {
    setOpen(true)
    setActive(0)
    onSearch(search)
  }
  const close = () => {
    setOpen(false)
    setText(null)
  }
  const choose = (option: T) => {
    onChoose(option)
    close()
  }

  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event.nativeEvent)) return
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      if (!isOpen) open('')
      else if (options.length > 0) {
        setActive((active + (event.key === 'ArrowDown' ? 1 : options.length - 1)) % options.length)
      }
    } else if (event.key === 'Enter' && isOpen) {
      event.preventDefault()
      const option = options[active]
      if (option !== undefined && !props.searching) choose(option)
    } else if (event.key === 'Escape' && isOpen) {
      event.stopPropagation()
      close()
    }
  }

  return (
    <div className="combobox">
      <input
        ref={field}
        id={id}
        role="combobox"
        aria-expanded={isOpen}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={isOpen && options.length > 0 ? `${list}-${active}` : undefined}
        aria-describedby={props.describedBy}
        aria-invalid={props.invalid || undefined}
        aria-required={props.required || undefined}
        autoComplete="off"
        spellCheck={false}
        placeholder={t('combobox.hint')}
        value={text ?? chosen}
        onChange={(event) => {
          setText(event.target.value)
          if (event.target.value === '') onChoose(null)
          open(event.target.value)
        }}
        onClick={() => {
          if (!isOpen) open('')
        }}
        onKeyDown={onKeyDown}
        onBlur={close}
      />
      {chosen !== '' && (
        <button
          type="button"
          className="icon-button combobox-clear"
          aria-label={t('combobox.clear', { chosen })}
          onClick={() => {
            onChoose(null)
            close()
            field.current?.focus()
          }}
        >
          <Icon name="close" />
        </button>
      )}
      <div id={list} role="listbox" aria-label={t('combobox.options')} hidden={!isOpen || options.length === 0} className="combobox-list">
        {options.map((option, index) => (
          // eslint-disable-next-line jsx-a11y-x/click-events-have-key-events, jsx-a11y-x/interactive-supports-focus -- the field keeps the focus and has the keys, as ARIA's combobox pattern asks
          <div
            key={keyOf(option)}
            id={`${list}-${index}`}
            ref={index === active ? activeOption : undefined}
            role="option"
            aria-selected={index === active}
            // The field keeps the focus: a press must not take it.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => choose(option)}
          >
            {draw(option)}
          </div>
        ))}
      </div>
      <p role="status" className={isOpen && options.length === 0 ? 'combobox-none' : 'visually-hidden'}>
        {isOpen && (props.failed ? t('combobox.failed') : props.searching ? t('combobox.searching') : t('combobox.found', { count: options.length }))}
      </p>
    </div>
  )
}
