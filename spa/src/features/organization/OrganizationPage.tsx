import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'react'

import { LARGEST, lookAt, NOUNS, takeOver, type Chosen, type Noun } from '@/api/organization'
import { formatNumber, formatSize } from '@/language/format'
import { useLanguage } from '@/language/useLanguage'
import { AdministratorsPage } from '@/ui/AdministratorsPage'
import { Button, ButtonLink } from '@/ui/Button'
import { Failure } from '@/ui/Failure'
import { Icon } from '@/ui/Icon'
import { useNotices } from '@/ui/Notice'

import { DifferenceView } from './DifferenceView'
import { ProblemsView } from './ProblemsView'

/** The organisation from three files, for administrators: choose them, see what they would change, then do exactly that. */
export default function OrganizationPage() {
  const { t } = useLanguage()
  return (
    <AdministratorsPage
      title={t('organization.title')}
      lead={t('organization.lead')}
      aside={<ButtonLink to="/people">{t('accounts.title')}</ButtonLink>}
    >
      <Files />
    </AdministratorsPage>
  )
}

function complete(files: Partial<Chosen>): Chosen | null {
  const { departments, people, posts } = files
  return departments && people && posts ? { departments, people, posts } : null
}

function Files() {
  const { t } = useLanguage()
  const queries = useQueryClient()
  const { tell } = useNotices()
  const [files, setFiles] = useState<Partial<Chosen>>({})
  const [isMissing, setMissing] = useState(false)
  const chosen = complete(files)
  const size = NOUNS.reduce((sum, noun) => sum + (files[noun]?.size ?? 0), 0)
  const looking = useMutation({ mutationFn: lookAt })
  const taking = useMutation({
    mutationFn: ({ digest, deactivating }: { digest: string; deactivating: number | null }) =>
      chosen ? takeOver(chosen, digest, deactivating) : Promise.reject(new Error('no files')),
    onSuccess: (count) => {
      looking.reset()
      setFiles({})
      tell({ text: t('organization.done', { number: formatNumber(count) }), link: { to: '/people', label: t('organization.next') } })
      window.scrollTo(0, 0)
      document.querySelector<HTMLElement>('#main h1')?.focus()
      return queries.invalidateQueries()
    },
  })
  const look = () => {
    taking.reset()
    setMissing(chosen === null)
    if (chosen && size <= LARGEST) looking.mutate(chosen)
  }
  const preview = looking.data
  return (
    <>
      <form
        className="organization-files"
        onSubmit={(event) => {
          event.preventDefault()
          if (!looking.isPending) look()
        }}
      >
        {NOUNS.map((noun) => (
          <FileField
            // What was taken over is chosen no more: the field begins anew.
            key={`${noun} ${taking.submittedAt}`}
            noun={noun}
            file={files[noun]}
            isMissing={isMissing && !files[noun]}
            onChoose={(file) => {
              looking.reset()
              taking.reset()
              setFiles((before) => ({ ...before, [noun]: file }))
            }}
          />
        ))}
        <p className="help">{t('organization.limit', { limit: formatSize(LARGEST) })}</p>
        {size > LARGEST && (
          <p className="field-error" role="alert">
            {t('organization.tooLarge', { size: formatSize(size), limit: formatSize(LARGEST) })}
          </p>
        )}
        <p>
          <Button type="submit" look={preview?.digest ? 'secondary' : 'primary'} busy={looking.isPending}>
            {t('organization.look')}
          </Button>
        </p>
      </form>
      <div aria-live="polite">
        {looking.isError && <Failure title={t('organization.notLooked')} error={looking.error} retry={look} busy={looking.isPending} />}
        {preview && preview.problem_count > 0 && <ProblemsView problems={preview.problems} count={preview.problem_count} />}
        {preview?.unread_columns.map((column) => (
          <p key={`${column.file} ${column.name}`} className="help">
            {t('organization.unread', column)}
          </p>
        ))}
      </div>
      {taking.isError && <Failure title={t('organization.notDone')} error={taking.error} retry={look} retryLabel={t('organization.lookAgain')} />}
      {preview?.digest && (
        <DifferenceView
          key={preview.digest}
          preview={preview}
          busy={taking.isPending}
          onTakeOver={(deactivating) => taking.mutate({ digest: preview.digest ?? '', deactivating })}
        />
      )}
    </>
  )
}

type FileFieldProps = { noun: Noun; file: File | undefined; isMissing: boolean; onChoose: (file: File | undefined) => void }

/** The browser's own field lies unseen over a button of ours: its words are in the browser's language, not in the page's. */
function FileField({ noun, file, isMissing, onChoose }: FileFieldProps) {
  const { t } = useLanguage()
  const id = useId()
  return (
    <div className="field" data-invalid={isMissing || undefined}>
      <label htmlFor={id}>{t(`organization.file.${noun}`)}</label>
      {isMissing && (
        <p className="field-error" id={`${id}-error`}>
          {t('organization.missing')}
        </p>
      )}
      <div className="file-choice">
        <input
          id={id}
          type="file"
          accept=".csv,text/csv"
          aria-invalid={isMissing || undefined}
          aria-describedby={isMissing ? `${id}-error` : undefined}
          onChange={(event) => onChoose(event.target.files?.[0])}
        />
        <span className="button" data-look="secondary" aria-hidden="true">
          <Icon name="attach" />
          <span>{t('organization.choose')}</span>
        </span>
        <span className="file-choice-name" aria-hidden="true">
          {file ? file.name : t('organization.notChosen')}
        </span>
      </div>
    </div>
  )
}
