import { Problem } from '@/api/problem'
import type { AttachmentLimits, Post } from '@/api/types'
import { formatInstant } from '@/language/format'
import { useLanguage } from '@/language/useLanguage'
import { Button } from '@/ui/Button'
import { Failure } from '@/ui/Failure'
import { Icon } from '@/ui/Icon'
import { PostPlace } from '@/ui/Person'

import { AttachmentField } from '../attachments/AttachmentField'
import { FieldFrame } from '../fields/FieldFrame'
import { FormFields } from '../fields/FormFields'
import type { Form } from '../form'
import { ErrorSummary } from './ErrorSummary'
import { SavedMark } from './SavedMark'
import type { Editor } from './useEditor'

type WriteStepProps = {
  editor: Editor
  form: Form
  posts: Post[]
  /** What may be attached; null where nothing can be. */
  limits: AttachmentLimits | null
  onSave: () => void
  onConfirm: () => void
  /** Read the draft anew, dropping what was typed here. */
  onReload: () => void
  /** Save over what was saved elsewhere. */
  onOverwrite: () => void
}

/** The first of two steps: fill in. */
export function WriteStep({ editor, form, posts, limits, onSave, onConfirm, onReload, onOverwrite }: WriteStepProps) {
  const { t } = useLanguage()
  const { typed, errors, saving } = editor
  const wrong = saving.error ?? (editor.standing.kind === 'refused' ? editor.standing.error : null)
  const failure = wrong instanceof Problem && wrong.errors.length > 0 ? null : wrong
  const isStale = failure instanceof Problem && failure.code === 'stale_draft'
  return (
    <form
      className="form"
      noValidate
      // Enter in a field never saves or submits: only the buttons do.
      onSubmit={(event) => event.preventDefault()}
    >
      {errors.byPointer.size > 0 && <ErrorSummary attempt={errors.attempt} errors={errors.byPointer} />}
      {editor.restoredAt !== null && <Restored at={editor.restoredAt} onDiscard={editor.discard} />}
      <PostChoice posts={posts} chosen={typed.post} error={errors.byPointer.get('/post')} onChoose={editor.setPost} />
      <FieldFrame pointer="/title" label={t('form.title')} help={t('form.titleHelp')} required error={errors.byPointer.get('/title')}>
        {({ id, describedBy }) => (
          <input
            id={id}
            type="text"
            autoComplete="off"
            aria-describedby={describedBy}
            aria-invalid={errors.byPointer.has('/title') || undefined}
            aria-required="true"
            value={typed.title}
            onChange={(event) => editor.setTitle(event.target.value)}
          />
        )}
      </FieldFrame>
      <FormFields
        form={form}
        values={typed.values}
        state={{ references: typed.references, remember: editor.remember, errors: errors.byPointer }}
        onChange={editor.setValue}
      />
      {limits && <AttachmentField proposalId={editor.base?.id ?? null} place={editor.place} limits={limits} draft={editor.begin} />}
      {failure !== null && (
        <Failure
          title={t('form.notSaved')}
          error={failure}
          retry={isStale ? undefined : onSave}
          busy={saving.isPending}
        >
          {isStale ? (
            <p className="failure-actions">
              <Button onClick={onReload}>{t('form.loadNewest')}</Button>
              <Button onClick={onOverwrite}>{t('form.overwrite')}</Button>
            </p>
          ) : (
            <p>{t('form.keptHere')}</p>
          )}
        </Failure>
      )}
      <div className="form-actions">
        <Button look="primary" busy={saving.isPending} onClick={onConfirm}>
          {t('form.confirm')}
        </Button>
        <Button busy={saving.isPending} onClick={onSave}>
          {t('form.saveDraft')}
        </Button>
        <SavedMark standing={editor.standing} />
      </div>
    </form>
  )
}

function Restored({ at, onDiscard }: { at: number; onDiscard: () => void }) {
  const { t, language } = useLanguage()
  return (
    <div className="hint" role="status">
      <Icon name="info" />
      <p>{t('form.restored', { at: formatInstant(new Date(at).toISOString(), language) })}</p>
      <Button look="quiet" onClick={onDiscard}>
        {t('form.discard')}
      </Button>
    </div>
  )
}

type PostChoiceProps = { posts: Post[]; chosen: number; error: string | undefined; onChoose: (post: number) => void }

/** In which post one acts: the route starts from its department. Whoever has one post is only told. */
function PostChoice({ posts, chosen, error, onChoose }: PostChoiceProps) {
  const { t } = useLanguage()
  if (posts.length === 1) return null
  return (
    <FieldFrame pointer="/post" label={t('form.post')} help={t('form.postHelp')} required error={error} group="radiogroup">
      {({ id }) => (
        <div className="radios">
          {posts.map((post, index) => (
            <label key={post.id} className="radio">
              <input
                type="radio"
                name="post"
                id={index === 0 ? id : undefined}
                checked={post.id === chosen}
                onChange={() => onChoose(post.id)}
              />
              <span>
                <PostPlace of={post} />
                {post.is_primary && <span className="tag">{t('menu.primary')}</span>}
              </span>
            </label>
          ))}
        </div>
      )}
    </FieldFrame>
  )
}
