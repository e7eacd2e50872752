import { signOut } from '@/api/operations'
import { useLanguage } from '@/language/useLanguage'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'

import { SignInForm } from './SignInForm'

/** Over the page when the token has expired: what is on the page stays, and goes on after the password. */
export function SignInAgain({ username }: { username: string }) {
  const { t } = useLanguage()
  return (
    <Dialog title={t('signIn.againTitle')}>
      <p>{t('signIn.againText')}</p>
      <SignInForm username={username} />
      <div className="dialog-aside">
        <Button look="quiet" onClick={() => void signOut()}>
          {t('signIn.somebodyElse')}
        </Button>
      </div>
    </Dialog>
  )
}
