import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { Link } from 'wouter'

import { meQuery, proposalQuery, proposalTypesQuery } from '@/api/queries'
import type { Me, Proposal } from '@/api/types'
import { nameOf } from '@/language/format'
import { useLanguage } from '@/language/useLanguage'
import { ButtonLink } from '@/ui/Button'
import { Failure } from '@/ui/Failure'
import { Icon } from '@/ui/Icon'
import { Page } from '@/ui/Page'
import { Skeleton } from '@/ui/Skeleton'

import { readForm } from '../form'
import { sweepKept } from '../kept'
import { EditorScreen } from './EditorScreen'

/** The first screen of a new proposal: which type. */
export function ChooseTypePage() {
  const { t, language } = useLanguage()
  const types = useQuery(proposalTypesQuery)
  useEffect(() => sweepKept(Date.now()), [])
  return (
    <Page title={t('new.title')} width="narrow">
      <p className="lead">{t('new.lead')}</p>
      {types.isPending && <Skeleton lines={3} />}
      {types.isError && (
        <Failure title={t('new.failed')} error={types.error} retry={() => void types.refetch()} busy={types.isFetching} />
      )}
      <ul className="types">
        {types.data?.results.map((type) => (
          <li key={type.code}>
            <Link href={`/new/${type.code}`} className="type">
              <span className="type-name">{nameOf(type, language)}</span>
              <span className="type-description">
                {nameOf({ name: type.description, name_en: type.description_en }, language)}
              </span>
              <Icon name="chevron" />
            </Link>
          </li>
        ))}
      </ul>
    </Page>
  )
}

export function NewProposalPage({ type: code }: { type: string }) {
  const { t } = useLanguage()
  const types = useQuery(proposalTypesQuery)
  const me = useQuery(meQuery)
  const type = types.data?.results.find((one) => one.code === code)
  // Read once: a form published while somebody fills in the old one must not change under their hands.
  const form = useMemo(() => type && readForm(type.form), [type])
  if (type && form && me.data) {
    const [firstPost] = me.data.posts
    if (!firstPost) return <Refusal title={t('new.title')} text={t('new.noPost')} to="/" label={t('missing.home')} />
    return (
      <EditorScreen
        personId={me.data.id}
        typeCode={code}
        type={type}
        form={form}
        proposal={null}
        posts={me.data.posts}
        firstPost={firstPost.id}
        step="edit"
        onReload={() => undefined} // nothing was saved that could be newer
      />
    )
  }
  if (types.data && !type) return <Refusal title={t('new.title')} text={t('new.noSuchType')} to="/new" label={t('new.title')} />
  return <Loading title={t('new.title')} queries={[types, me]} />
}

export function EditProposalPage({ id, step }: { id: number; step: 'edit' | 'confirm' }) {
  const { t } = useLanguage()
  const [reading, setReading] = useState(0)
  const proposal = useQuery(proposalQuery(id))
  const me = useQuery(meQuery)
  if (proposal.data && me.data) {
    return (
      <EditDraft
        key={reading}
        proposal={proposal.data}
        me={me.data}
        step={step}
        onReload={() => void proposal.refetch().then(() => setReading(reading + 1))}
      />
    )
  }
  return <Loading title={t('form.stepWrite')} queries={[proposal, me]} />
}

type EditDraftProps = { proposal: Proposal; me: Me; step: 'edit' | 'confirm'; onReload: () => void }

function EditDraft({ proposal, me, step, onReload }: EditDraftProps) {
  const { t } = useLanguage()
  const [form] = useState(() => readForm(proposal.form))
  const [wasEditable] = useState(proposal.actions.includes('edit'))
  if (!wasEditable) {
    return <Refusal title={proposal.title} text={t('form.notEditable')} to={`/proposals/${proposal.id}`} label={t('form.open')} />
  }
  return (
    <EditorScreen
      personId={me.id}
      typeCode={proposal.type.code}
      type={proposal.type}
      form={form}
      proposal={proposal}
      posts={me.posts}
      firstPost={proposal.post}
      step={step}
      onReload={onReload}
    />
  )
}

function Refusal({ title, text, to, label }: { title: string; text: string; to: string; label: string }) {
  return (
    <Page title={title} width="narrow">
      <p>{text}</p>
      <ButtonLink to={to}>{label}</ButtonLink>
    </Page>
  )
}

type Loadable = { isError: boolean; isFetching: boolean; error: unknown; refetch: () => Promise<unknown> }

function Loading({ title, queries }: { title: string; queries: Loadable[] }) {
  const { t } = useLanguage()
  const failed = queries.find((query) => query.isError)
  return (
    <Page title={title} width="narrow">
      {failed ? (
        <Failure
          title={t('form.failed')}
          error={failed.error}
          retry={() => void Promise.all(queries.map((query) => query.refetch()))}
          busy={failed.isFetching}
        />
      ) : (
        <Skeleton lines={8} />
      )}
    </Page>
  )
}
