import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useId, useRef, useState } from 'react'
import { useLocation } from 'wouter'

import { choosePassword, invitationQuery, type Invited } from '@/api/invitation'
import { Problem } from '@/api/problem'
import { rememberedLanguage, speak } from '@/language'
import { formatInstant, nameOf } from '@/language/format'
import { useLanguage } from '@/language/useLanguage'
import { Button } from '@/ui/Button'
import { Failure } from '@/ui/Failure'
import { Icon } from '@/ui/Icon'
import { isComposing } from '@/ui/keys'
import { LanguageSwitch } from '@/ui/LanguageSwitch'
import { Offline } from '@/ui/Offline'
import { Skeleton } from '@/ui/Skeleton'
import { Wordmark } from '@/ui/Wordmark'

/** What the link of an invitation opens: whose it is, a password to choose, and then the inbox. */
export default function InvitationPage({ token }: { token: string }) {
  const { t } = useLanguage()
  const invitation = useQuery(invitationQuery(token))
  const invited = invitation.data
  useEffect(() => {
    if (invited && rememberedLanguage() === null) void speak(invited.language)
  }, [invited])
  // Asking again helps where no answer came, and never where the answer was that it is no link.
  const isUnusable = invitation.error instanceof Problem && invitation.error.status === 404
  const title = invitation.isError ? t('invitation.link') : invited?.has_password ? t('invitation.again') : t('invitation.title')
  return (
    <div className="sign-in">
      <Offline />
      <main id="main" className="sign-in-card">
        <title>{`${title} | Cloister`}</title>
        <div className="sign-in-top">
          <Wordmark />
          <LanguageSwitch />
        </div>
        <h1>{title}</h1>
        {invitation.isPending && <Skeleton lines={4} />}
        {invitation.isError && (
          <Failure
            title={isUnusable ? t('invitation.unusable') : t('invitation.notOpened')}
            error={invitation.error}
            retry={isUnusable ? undefined : () => void invitation.refetch()}
            busy={invitation.isFetching}
          >
            <p>
              <a href="#/">{t('invitation.signIn')}</a>
            </p>
          </Failure>
        )}
        {invited && <Choose invited={invited} token={token} />}
      </main>
    </div>
  )
}

function Choose({ invited, token }: { invited: Invited; token: string }) {
  const { t, language } = useLanguage()
  const [, navigate] = useLocation()
  const id = useId()
  const field = useRef<HTMLInputElement>(null)
  const [password, setPassword] = useState('')
  const [isShown, setShown] = useState(false)
  const choosing = useMutation({
    mutationFn: choosePassword,
    onSuccess: () => navigate('/', { replace: true }),
    onError: () => field.current?.focus(),
  })
  const length = Array.from(password).length // as the server counts them
  const isLong = length >= invited.shortest_password
  return (
    <>
      <p className="lead">{t('invitation.lead', { name: nameOf(invited, language) })}</p>
      <form
        className="sign-in-form"
        onSubmit={(event) => {
          event.preventDefault()
          if (!choosing.isPending) choosing.mutate({ token, password })
        }}
      >
        {choosing.isError && <Failure title={t('invitation.failed')} error={choosing.error} />}
        <div className="field">
          <label htmlFor={`${id}-username`}>{t('signIn.username')}</label>
          <input id={`${id}-username`} name="username" autoComplete="username" readOnly value={invited.username} />
        </div>
        <div className="field">
          <label htmlFor={`${id}-password`}>{t('invitation.password')}</label>
          <ul className="rules" id={`${id}-rules`}>
            <li data-kept={isLong || undefined}>
              <Icon name={isLong ? 'approve' : 'info'} />
              <span>{t('invitation.rule.long', { count: invited.shortest_password })}</span>
            </li>
            <li>
              <Icon name="info" />
              <span>{t('invitation.rule.yours')}</span>
            </li>
            <li>
              <Icon name="info" />
              <span>{t('invitation.rule.common')}</span>
            </li>
          </ul>
          <input
            ref={field}
            id={`${id}-password`}
            name="new-password"
            type={isShown ? 'text' : 'password'}
            autoComplete="new-password"
            autoCapitalize="none"
            spellCheck={false}
            required
            aria-describedby={`${id}-rules`}
            value={password}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && isComposing(event.nativeEvent)) event.preventDefault()
            }}
            onChange={(event) => setPassword(event.target.value)}
          />
          <label className="check">
            <input type="checkbox" checked={isShown} onChange={(event) => setShown(event.target.checked)} />
            <span>{t('invitation.show')}</span>
          </label>
        </div>
        <Button type="submit" look="primary" busy={choosing.isPending}>
          {t('invitation.choose')}
        </Button>
      </form>
      <p className="help">{t('invitation.until', { until: formatInstant(invited.expires_at, language) })}</p>
    </>
  )
}
