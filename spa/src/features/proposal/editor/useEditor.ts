import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { submitProposal } from '@/api/operations'
import { Problem } from '@/api/problem'
import { inboxQuery, proposalQuery } from '@/api/queries'
import type { Content, Proposal } from '@/api/types'
import { useLanguage } from '@/language/useLanguage'

import type { Form } from '../form'
import { keptKey, newFormKey, type Typed } from '../kept'
import { surely } from '../surely'
import { find, NO_REFERENCES, type Kind, type Named } from '../references'
import { emptyValues, missing, valuesFrom, type Value } from '../values'
import { useSaver } from './useSaver'
import { useTyped } from './useTyped'

export type EditorOf = {
  personId: number
  typeCode: string
  form: Form
  /** The draft as it was read, or null for a new one. */
  proposal: Proposal | null
  /** The post that is chosen at first in a new one. */
  firstPost: number
  /** Key of a new form (newForm.ts); empty where the draft exists. */
  newForm: string
  /** The new form has become the draft with this id. */
  onBegun: (id: number) => void
}

type Errors = { attempt: number; byPointer: ReadonlyMap<string, string> }

const NO_ERRORS: Errors = { attempt: 0, byPointer: new Map() }

/** Everything one draft's editor holds and does; the components only draw it. */
export function useEditor({ personId, typeCode, form, proposal, firstPost, newForm, onBegun }: EditorOf) {
  const { t, language } = useLanguage()
  const queries = useQueryClient()
  const [errors, setErrors] = useState(NO_ERRORS)
  const [place] = useState(() => (proposal ? keptKey(personId, proposal.id) : newFormKey(personId, typeCode, newForm)))
  const draft = useTyped(
    { key: place, version: proposal?.version ?? 0 },
    () => typedFrom(form, proposal, firstPost),
  )
  const saver = useSaver({ personId, typeCode, form, proposal, draft, newForm, onBegun })
  const { typed } = draft

  const tellErrors = (byPointer: ReadonlyMap<string, string>) => setErrors(({ attempt }) => ({ attempt: attempt + 1, byPointer }))
  const onError = (error: unknown) => {
    if (error instanceof Problem && error.errors.length > 0) {
      tellErrors(new Map(error.errors.map((one) => [one.pointer, one.detail])))
    }
  }

  /** Saving because somebody asked for it; `version`: the one to save over, where it is not the one that was read. */
  const saving = useMutation({
    mutationFn: ({ version }: { version?: number }) => saver.save({ asked: true, ...(version !== undefined && { version }) }),
    onSuccess: () => setErrors(NO_ERRORS),
    onError,
  })

  const submitting = useMutation({
    mutationFn: (saved: Proposal) => surely(saved.id, () => submitProposal(saved.id, saved.version), isSubmitted),
    onSuccess: (made) => {
      queries.setQueryData(proposalQuery(made.id).queryKey, made)
      void queries.invalidateQueries({ queryKey: ['proposals'] })
      void queries.invalidateQueries({ queryKey: inboxQuery.queryKey })
    },
    onError,
  })

  /** Tell what is required and empty; true where nothing is. */
  const isComplete = () => {
    const found = new Map<string, string>()
    if (typed.title.trim() === '') found.set('/title', t('form.missing', { label: t('form.title') }))
    for (const { pointer, field } of missing(form.fields, typed.values)) {
      found.set(`/content${pointer}`, t('form.missing', { label: field.label[language] }))
    }
    tellErrors(found)
    return found.size === 0
  }

  /** Change one thing, and take back what was said about it. */
  const changeAt = (pointer: string, change: (typed: Typed) => Typed) => {
    draft.change(change)
    setErrors((before) => {
      const left = [...before.byPointer].filter(([one]) => !concerns(one, pointer))
      return left.length === before.byPointer.size ? before : { ...before, byPointer: new Map(left) }
    })
  }

  return {
    base: saver.base,
    standing: saver.standing,
    begin: saver.begin,
    /** Names the draft for as long as it is open, before and after it has an id. */
    place,
    typed,
    errors,
    saving,
    submitting,
    isComplete,
    isDirty: draft.isDirty,
    restoredAt: draft.restoredAt,
    discard: () => {
      draft.discard()
      setErrors(NO_ERRORS)
      saving.reset()
      saver.forgive()
    },
    setTitle: (title: string) => changeAt('/title', (before) => ({ ...before, title })),
    setPost: (post: number) => changeAt('/post', (before) => ({ ...before, post })),
    setValue: (name: string, value: Value) =>
      changeAt(changedPointer(name, typed.values[name] ?? null, value), (before) => ({
        ...before,
        values: { ...before.values, [name]: value },
      })),
    remember: (kind: Kind, named: Named) =>
      draft.change((before) => ({ ...before, references: withReference(before.references, kind, named) })),
  }
}

export type Editor = ReturnType<typeof useEditor>

function isSubmitted({ state }: Proposal): boolean {
  return state === 'in_progress' || state === 'approved'
}

function typedFrom(form: Form, proposal: Proposal | null, firstPost: number): Typed {
  if (!proposal) return { post: firstPost, title: '', values: emptyValues(form.fields), references: NO_REFERENCES }
  const { post, title, content, references } = proposal
  return { post, title, values: valuesFrom(form.fields, content as Content), references }
}

function withReference(references: Typed['references'], kind: Kind, named: Named): Typed['references'] {
  if (find(references, kind, named.id)) return references
  const { id, name, name_en } = named
  return kind === 'person'
    ? { ...references, people: [...references.people, { id, name, name_en }] }
    : { ...references, departments: [...references.departments, { id, name, name_en, code: '' }] }
}

function concerns(errorAt: string, changed: string): boolean {
  return errorAt === changed || errorAt.startsWith(`${changed}/`)
}

/** Which pointer a change of value is about: in a table only the cell that changed, unless rows came or went. */
function changedPointer(name: string, before: Value, after: Value): string {
  const pointer = `/content/${name}`
  if (!Array.isArray(before) || !Array.isArray(after) || before.length !== after.length) return pointer
  const row = after.findIndex((one, index) => one !== before[index])
  const now = after[row]?.values ?? {}
  const then = before[row]?.values ?? {}
  const column = Object.keys(now).find((one) => now[one] !== then[one])
  return column === undefined ? pointer : `${pointer}/${row}/${column}`
}
