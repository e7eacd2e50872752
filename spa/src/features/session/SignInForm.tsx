import { useMutation } from '@tanstack/react-query'
import { useId, useRef, useState, type KeyboardEvent } from 'react'

import { signIn } from '@/api/operations'
import type { Me } from '@/api/types'
import { useLanguage } from '@/language/useLanguage'
import { Button } from '@/ui/Button'
import { Failure } from '@/ui/Failure'
import { isComposing } from '@/ui/keys'

type SignInFormProps = {
  /** Given where only this person may go on. */
  username?: string
  onSignedIn?: (me: Me) => void
}

/** The Enter that ends a composition does not submit, in whichever order a browser sends its events. */
function notWhileComposing(event: KeyboardEvent) {
  if (event.key === 'Enter' && isComposing(event.nativeEvent)) event.preventDefault()
}

export function SignInForm({ username: fixed, onSignedIn }: SignInFormProps) {
  const { t } = useLanguage()
  const [username, setUsername] = useState(fixed ?? '')
  const [password, setPassword] = useState('')
  const id = useId()
  const passwordField = useRef<HTMLInputElement>(null)
  const entering = useMutation({
    mutationFn: signIn,
    onSuccess: (me) => onSignedIn?.(me),
    onError: () => passwordField.current?.select(),
  })
  const send = () => {
    if (!entering.isPending) entering.mutate({ username: username.normalize('NFKC').trim(), password })
  }
  return (
    <form
      className="sign-in-form"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      {entering.isError && <Failure title={t('signIn.failed')} error={entering.error} />}
      <div className="field">
        <label htmlFor={`${id}-username`}>{t('signIn.username')}</label>
        <input
          id={`${id}-username`}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          value={username}
          readOnly={fixed !== undefined}
          onKeyDown={notWhileComposing}
          onChange={(event) => setUsername(event.target.value)}
        />
      </div>
      <div className="field">
        <label htmlFor={`${id}-password`}>{t('signIn.password')}</label>
        <input
          ref={passwordField}
          id={`${id}-password`}
          name="password"
          type="password"
          autoComplete="current-password"
          required
          data-focus-first
          value={password}
          onKeyDown={notWhileComposing}
          onChange={(event) => setPassword(event.target.value)}
        />
      </div>
      <Button type="submit" look="primary" busy={entering.isPending}>
        {t('signIn.enter')}
      </Button>
    </form>
  )
}
