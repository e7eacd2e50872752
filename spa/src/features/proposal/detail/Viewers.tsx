import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'react'

import { circulateProposal } from '@/api/operations'
import { proposalQuery } from '@/api/queries'
import type { Proposal } from '@/api/types'
import { formatDate, nameOf } from '@/language/format'
import { useLanguage } from '@/language/useLanguage'
import { Button } from '@/ui/Button'
import { Failure } from '@/ui/Failure'
import { Icon } from '@/ui/Icon'
import { useNotices } from '@/ui/Notice'
import { Name } from '@/ui/Person'

import { PersonPicker } from '../fields/Picker'
import type { Named } from '../references'

/** To whom it was circulated, who has seen it, and (for participants) a way to show it to others. */
export function Viewers({ proposal }: { proposal: Proposal }) {
  const { t, language } = useLanguage()
  const mayAdd = proposal.actions.includes('circulate')
  if (proposal.viewers.length === 0 && !mayAdd) return null
  return (
    <section className="section viewers-section" data-empty={proposal.viewers.length === 0 || undefined} aria-labelledby="viewers-title">
      <h2 id="viewers-title">{t('viewers.title')}</h2>
      {proposal.viewers.length === 0 && <p className="lead">{t('viewers.none')}</p>}
      <ul className="viewers" aria-labelledby="viewers-title">
        {proposal.viewers.map((viewer) => (
          <li key={viewer.person.id} data-seen={viewer.seen_at !== null || undefined}>
            <Icon name={viewer.seen_at === null ? 'clock' : 'approve'} />
            <span className="viewer-name">
              <Name of={viewer.person} />
            </span>
            <span className="viewer-state">
              {viewer.seen_at === null ? t('viewers.unseen') : t('viewers.seen', { date: formatDate(viewer.seen_at, language) })}
            </span>
            <span className="viewer-by">
              {t('viewers.addedBy')} <Name of={viewer.added_by} />
            </span>
          </li>
        ))}
      </ul>
      {mayAdd && <AddViewers proposal={proposal} />}
    </section>
  )
}

function AddViewers({ proposal }: { proposal: Proposal }) {
  const { t, language } = useLanguage()
  const queries = useQueryClient()
  const { tell } = useNotices()
  const id = useId()
  const [chosen, setChosen] = useState<Named[]>([])
  const circulating = useMutation({
    mutationFn: () => circulateProposal(proposal.id, chosen.map((person) => person.id)),
    onSuccess: (made) => {
      queries.setQueryData(proposalQuery(proposal.id).queryKey, made)
      tell({ text: t('viewers.sent', { count: chosen.length }) })
      setChosen([])
      document.getElementById(id)?.focus()
    },
  })
  const add = (person: Named | null) => {
    circulating.reset()
    if (person && !chosen.some((one) => one.id === person.id)) setChosen([...chosen, person])
  }
  return (
    <div className="add-viewers">
      <label htmlFor={id}>{t('viewers.add')}</label>
      <p className="help" id={`${id}-help`}>
        {t('viewers.lead')}
      </p>
      <PersonPicker id={id} describedBy={`${id}-help`} invalid={false} required={false} chosen={null} onChoose={add} />
      {chosen.length > 0 && (
        <ul className="chips" aria-label={t('viewers.chosen')}>
          {chosen.map((person) => (
            <li key={person.id}>
              <Name of={person} />
              <button
                type="button"
                className="icon-button"
                aria-label={t('viewers.drop', { name: nameOf(person, language) })}
                onClick={() => {
                  setChosen(chosen.filter((one) => one.id !== person.id))
                  document.getElementById(id)?.focus()
                }}
              >
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      {circulating.isError && <Failure title={t('viewers.failed')} error={circulating.error} />}
      {chosen.length > 0 && (
        <Button icon="eye" busy={circulating.isPending} onClick={() => circulating.mutate()}>
          {t('viewers.send')}
        </Button>
      )}
    </div>
  )
}
