import { choose, LANGUAGES, type Language } from '@/language'
import { useLanguage } from '@/language/useLanguage'

const OWN_NAMES: Record<Language, string> = { ja: '日本語', en: 'English' }

/** Each language under its own name, so that who cannot read this one finds theirs. */
export function LanguageSwitch({ onChoose }: { onChoose?: (language: Language) => void }) {
  const { t, language: current } = useLanguage()
  return (
    <div className="language-switch" role="group" aria-label={t('language')}>
      {LANGUAGES.map((language) => (
        <button
          key={language}
          type="button"
          lang={language}
          aria-pressed={language === current}
          onClick={() => {
            void choose(language)
            onChoose?.(language)
          }}
        >
          {OWN_NAMES[language]}
        </button>
      ))}
    </div>
  )
}
