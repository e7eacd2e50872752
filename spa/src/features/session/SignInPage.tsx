import { rememberedLanguage, speak } from '@/language'
import { useLanguage } from '@/language/useLanguage'
import { LanguageSwitch } from '@/ui/LanguageSwitch'
import { Offline } from '@/ui/Offline'
import { Wordmark } from '@/ui/Wordmark'

import { SignInForm } from './SignInForm'

/** Shown in place of every screen until somebody signs in; the address stays, so a link leads where it says. */
export function SignInPage() {
  const { t } = useLanguage()
  return (
    <div className="sign-in">
      <Offline />
      <main id="main" className="sign-in-card">
        <title>{`${t('signIn.title')} | Cloister`}</title>
        <div className="sign-in-top">
          <Wordmark />
          <LanguageSwitch />
        </div>
        <h1>{t('signIn.title')}</h1>
        <p className="lead">{t('signIn.lead')}</p>
        <SignInForm
          onSignedIn={(me) => {
            if (rememberedLanguage() === null) void speak(me.language)
          }}
        />
        <p className="help">{t('signIn.help')}</p>
      </main>
    </div>
  )
}
