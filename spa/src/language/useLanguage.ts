import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'

import { currentLanguage, type Language } from '@/language'

/** The page's language and its messages; the component is drawn anew when the language changes. */
export function useLanguage(): { t: TFunction; language: Language } {
  const { t } = useTranslation()
  return { t, language: currentLanguage() }
}
