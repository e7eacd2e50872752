import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { flushSync } from 'react-dom'
import { Link } from 'wouter'
import { navigate } from 'wouter/use-hash-location'

import { meQuery, proposalQuery, proposalTypesQuery } from '@/api/queries'
import type { Me, Proposal, ProposalType } from '@/api/types'
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
import { claimNewForm, leaveNewForm, type NewForm } from './newForm'

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

type EditorPageProps = { type: string; id?: undefined } | { type?: undefined; id: number; step: 'edit' | 'confirm' }

/**
 * One draft being written, new or not. Saved for the first time, a new form becomes a draft with an address of its own:
 * the address changes then, and nothing on the screen does.
 */
export function EditorPage(at: EditorPageProps) {
  const queries = useQueryClient()
  const [place, setPlace] = useState(at)
  const [session, setSession] = useState({ number: 0, type: at.type, id: at.id })
  if (place.type !== at.type || place.id !== at.id) {
    setPlace(at)
    const goesOn = at.id !== undefined && at.id === session.id
    if (!goesOn) setSession({ number: session.number + 1, type: at.type, id: at.id })
  }
  const step = at.id === undefined ? 'edit' : at.step
  /** Read the draft anew, as one that exists. */
  const restart = (id: number) => {
    void queries.invalidateQueries({ queryKey: proposalQuery(id).queryKey })
    setSession({ number: session.number + 1, type: undefined, id })
  }
  if (session.type === undefined) {
    return session.id === undefined ? null : <EditProposalPage key={session.number} id={session.id} step={step} onReload={restart} />
  }
  const { type } = session
  const begin = (id: number) => {
    // Both at once would show the draft's address for a moment without knowing whose it is.
    flushSync(() => setSession({ ...session, id }))
    // Whoever went elsewhere meanwhile stays there.
    if (window.location.hash === `#/new/${type}`) navigate(`/proposals/${id}/edit`, { replace: true })
  }
  return <NewProposalPage key={session.number} type={type} step={step} onBegun={begin} onReload={() => session.id !== undefined && restart(session.id)} />
}

type NewProposalPageProps = { type: string; step: 'edit' | 'confirm'; onBegun: (id: number) => void; onReload: () => void }

function NewProposalPage({ type: code, step, onBegun, onReload }: NewProposalPageProps) {
  const { t } = useLanguage()
  const types = useQuery(proposalTypesQuery)
  const me = useQuery(meQuery)
  const newForm = useNewForm(me.data?.id, code)
  const [type, setType] = useState<ProposalType | null>(null)
  const found = types.data?.results.find((one) => one.code === code)
  // Read once: a form published while somebody fills in the old one must not change under their hands.
  if (found && !type) setType(found)
  const form = useMemo(() => type && readForm(type.form), [type])
  if (type && form && me.data && newForm !== null) {
    const { id, posts, attachments } = me.data
    const [firstPost] = posts
    if (!firstPost) return <Refusal title={t('new.title')} text={t('new.noPost')} to="/" label={t('missing.home')} />
    return (
      <EditorScreen
        personId={id}
        typeCode={code}
        type={type}
        form={form}
        proposal={null}
        posts={posts}
        limits={attachments}
        firstPost={firstPost.id}
        newForm={newForm}
        step={step}
        onBegun={(draft) => {
          leaveNewForm(id, code)
          onBegun(draft)
        }}
        onReload={onReload}
      />
    )
  }
  if (types.data && !found && !type) return <Refusal title={t('new.title')} text={t('new.noSuchType')} to="/new" label={t('new.title')} />
  return <Loading title={t('new.title')} queries={[types, me]} />
}

/** The key of the new form that this tab writes, held while it is shown; null until it is known. */
function useNewForm(personId: number | undefined, type: string): string | null {
  const [key, setKey] = useState<string | null>(null)
  useEffect(() => {
    if (personId === undefined) return
    let isShown = true
    let held: NewForm | null = null
    void claimNewForm(personId, type).then((form) => {
      if (isShown) {
        held = form
        setKey(form.key)
      } else {
        form.release()
      }
    })
    return () => {
      isShown = false
      held?.release()
    }
  }, [personId, type])
  return key
}

function EditProposalPage({ id, step, onReload }: { id: number; step: 'edit' | 'confirm'; onReload: (id: number) => void }) {
  const { t } = useLanguage()
  const proposal = useQuery(proposalQuery(id))
  const me = useQuery(meQuery)
  // Writing begins on the newest version; what is read later must not change it under somebody's hands.
  const [isOpen, setOpen] = useState(false)
  if (!isOpen && proposal.data && !proposal.isFetching) setOpen(true)
  if (isOpen && proposal.data && me.data) {
    return <EditDraft proposal={proposal.data} me={me.data} step={step} onReload={() => onReload(id)} />
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
      limits={me.attachments}
      firstPost={proposal.post}
      newForm=""
      step={step}
      onBegun={() => undefined} // it has its address
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
