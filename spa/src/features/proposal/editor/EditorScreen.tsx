import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useLocation } from 'wouter'

import { proposalQuery } from '@/api/queries'
import type { AttachmentLimits, Post, Proposal } from '@/api/types'
import { nameOf } from '@/language/format'
import { useLanguage } from '@/language/useLanguage'
import { useNotices } from '@/ui/Notice'
import { Page } from '@/ui/Page'

import { ReturnedWith } from '../ReturnedWith'
import { ConfirmStep } from './ConfirmStep'
import { useEditor, type EditorOf } from './useEditor'
import { WriteStep } from './WriteStep'

type EditorScreenProps = EditorOf & {
  type: { name: string; name_en: string }
  posts: Post[]
  limits: AttachmentLimits | null
  step: 'edit' | 'confirm'
  onReload: () => void
}

/** Writing a proposal in two steps, fill in and confirm; what is typed stays through both. */
export function EditorScreen({ type, posts, limits, step, onReload, ...of }: EditorScreenProps) {
  const { t, language } = useLanguage()
  const [, navigate] = useLocation()
  const { tell } = useNotices()
  const editor = useEditor(of)
  const { base, saving, submitting } = editor

  const save = (then: (made: Proposal) => void, version?: number) =>
    saving.mutate(version === undefined ? {} : { version }, { onSuccess: then })
  const stayWithDraft = () => tell({ text: t('form.saved') })
  const confirm = (made: Proposal) => navigate(`/proposals/${made.id}/confirm`)
  const submit = (saved: Proposal) =>
    submitting.mutate(saved, {
      onSuccess: (made) => {
        tell({ text: t('confirm.submitted', { title: made.title }) })
        navigate(`/proposals/${made.id}`, { replace: true })
      },
      onError: () => undefined,
    })
  const overwrite = useOverwrite(base, (version) => save(stayWithDraft, version))

  // The submission was refused because of fields: back to where they can be corrected.
  const wasRefused = step === 'confirm' && submitting.isError && editor.errors.byPointer.size > 0
  useEffect(() => {
    if (wasRefused && base) navigate(`/proposals/${base.id}/edit`, { replace: true })
  }, [wasRefused, base, navigate])

  const typeName = nameOf(type, language)
  // What was typed and not saved must not be passed over: it comes first, whatever the address says.
  if (step === 'confirm' && base && !editor.isDirty) {
    return (
      <Page key="confirm" width="narrow" title={t('confirm.title')} heading={<Steps type={typeName} now="confirm" />}>
        <ConfirmStep
          proposal={base}
          place={editor.place}
          form={of.form}
          error={wasRefused ? null : submitting.error}
          busy={submitting.isPending}
          onSubmit={() => submit(base)}
        />
      </Page>
    )
  }
  return (
    <Page key="edit" width="narrow" title={t('form.pageTitle', { type: typeName })} heading={<Steps type={typeName} now="edit" />}>
      {base?.state === 'returned' && <ReturnedWith proposal={base} />}
      <WriteStep
        editor={editor}
        form={of.form}
        posts={posts}
        limits={limits}
        onSave={() => save(stayWithDraft)}
        onConfirm={() => {
          if (!editor.isComplete()) return
          if (base && !editor.isDirty) confirm(base)
          else save(confirm)
        }}
        onReload={() => {
          editor.discard()
          onReload()
        }}
        onOverwrite={overwrite}
      />
    </Page>
  )
}

/** Save over the newest version, whichever that is by now. */
function useOverwrite(base: Proposal | null, save: (version: number) => void): () => void {
  const queries = useQueryClient()
  return () => {
    if (!base) return
    void queries.query({ ...proposalQuery(base.id), staleTime: 0 }).then(
      (newest) => save(newest.version),
      () => save(base.version), // fails the same way, and says why
    )
  }
}

function Steps({ type, now }: { type: string; now: 'edit' | 'confirm' }) {
  const { t } = useLanguage()
  return (
    <>
      <span className="overline">{type}</span>
      {t(now === 'edit' ? 'form.stepWrite' : 'confirm.title')}
      <span className="steps">{t('form.stepOf', { step: now === 'edit' ? 1 : 2 })}</span>
    </>
  )
}
