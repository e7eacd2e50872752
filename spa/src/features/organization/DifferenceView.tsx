import { useId, useState } from 'react'

import type { Changes, Preview } from '@/api/organization'
import { formatNumber } from '@/language/format'
import { useLanguage } from '@/language/useLanguage'
import { Button } from '@/ui/Button'
import { Icon, type IconName } from '@/ui/Icon'

const ICONS: Record<Changes['kind'], IconName> = { added: 'plus', changed: 'draft', deactivated: 'withdraw', reactivated: 'approve' }

type DifferenceViewProps = { preview: Preview; busy: boolean; onTakeOver: (deactivating: number | null) => void }

/** What the files would change: who comes, changes, leaves; and the button that does it. */
export function DifferenceView({ preview, busy, onTakeOver }: DifferenceViewProps) {
  const { t } = useLanguage()
  const id = useId()
  const [typed, setTyped] = useState('')
  const [isWrong, setWrong] = useState(false)
  const total = preview.changes.reduce((sum, change) => sum + change.count, 0)
  const apply = () => {
    const number = typed.normalize('NFKC').trim()
    if (preview.must_confirm && number !== String(preview.leaving)) {
      setWrong(true)
      document.getElementById(id)?.focus()
    } else {
      onTakeOver(preview.must_confirm ? preview.leaving : null)
    }
  }
  return (
    <section className="organization-part" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{total === 0 ? t('organization.nothing') : t('organization.difference', { number: formatNumber(total) })}</h2>
      {preview.changes.map((change) => (
        <ChangesView key={`${change.noun} ${change.kind}`} change={change} />
      ))}
      {preview.left_alone.map((left) => (
        <p key={`${left.noun} ${left.source_name}`} className="help">
          {t('organization.leftAlone', { noun: t(`organization.noun.${left.noun}`), source: left.source_name, number: formatNumber(left.count) })}
        </p>
      ))}
      {total > 0 && (
        <form
          className="organization-apply"
          onSubmit={(event) => {
            event.preventDefault()
            if (!busy) apply()
          }}
        >
          {preview.must_confirm && (
            <div className="field" data-invalid={isWrong || undefined}>
              <p className="organization-warning">
                <Icon name="warning" />
                <span>{t('organization.mass', { leaving: formatNumber(preview.leaving), active: formatNumber(preview.active) })}</span>
              </p>
              <label htmlFor={id}>{t('organization.confirm')}</label>
              {isWrong && (
                <p className="field-error" id={`${id}-error`}>
                  {t('organization.wrong', { leaving: preview.leaving })}
                </p>
              )}
              <input
                id={id}
                inputMode="numeric"
                autoComplete="off"
                aria-invalid={isWrong || undefined}
                aria-describedby={isWrong ? `${id}-error` : undefined}
                value={typed}
                onChange={(event) => {
                  setTyped(event.target.value)
                  setWrong(false)
                }}
              />
            </div>
          )}
          <Button type="submit" look="primary" busy={busy}>
            {t('organization.apply', { number: formatNumber(total) })}
          </Button>
        </form>
      )}
    </section>
  )
}

function ChangesView({ change }: { change: Changes }) {
  const { t } = useLanguage()
  return (
    // Whoever leaves is what a wrong file is recognized by.
    <details className="organization-changes" open={change.kind === 'deactivated' || change.count <= 20}>
      <summary>
        <Icon name={ICONS[change.kind]} />
        <span>
          {t(`organization.noun.${change.noun}`)}: {t(`organization.kind.${change.kind}`)} ({formatNumber(change.count)})
        </span>
        <Icon name="chevron" className="organization-chevron" />
      </summary>
      <ul>
        {change.rows.map((row) => (
          <li key={row.name}>
            <span lang="ja">{row.name}</span>
            {row.values.length > 0 && (
              <ul>
                {row.values.map((value) => (
                  <li key={value.name}>
                    {value.name}: {value.old} → {value.new}
                  </li>
                ))}
              </ul>
            )}
          </li>
        ))}
      </ul>
      {change.count > change.rows.length && <p className="help">{t('organization.more', { number: formatNumber(change.count - change.rows.length) })}</p>}
    </details>
  )
}
