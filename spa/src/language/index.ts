/**
 * Japanese and English, switchable at any time.
 *
 * The truth is the document's `lang` attribute: the API client sends it as Accept-Language, and assistive
 * technology pronounces by it. Messages load one language at a time.
 */
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'

import type messages from '@/language/ja.json'

export type Language = 'ja' | 'en'
export const LANGUAGES: readonly Language[] = ['ja', 'en']

declare module 'i18next' {
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- only an interface can be merged
  interface CustomTypeOptions {
    resources: { translation: typeof messages }
  }
}

const KEY = 'cloister.language'

const LOADERS = {
  ja: () => import('@/language/ja.json'),
  en: () => import('@/language/en.json'),
} satisfies Record<Language, unknown>

function asLanguage(value: string | null): Language | null {
  return LANGUAGES.find((language) => language === value) ?? null
}

/** The language chosen on this device, or null where nobody has chosen yet. */
export function rememberedLanguage(): Language | null {
  return asLanguage(localStorage.getItem(KEY))
}

export function currentLanguage(): Language {
  return asLanguage(document.documentElement.lang) ?? 'ja'
}

async function load(language: Language): Promise<void> {
  if (i18next.hasResourceBundle(language, 'translation')) return
  const { default: bundle } = await LOADERS[language]()
  i18next.addResourceBundle(language, 'translation', bundle)
}

/** Show the page in `language` from now on, without remembering it. */
export async function speak(language: Language): Promise<void> {
  await load(language)
  document.documentElement.lang = language
  await i18next.changeLanguage(language)
}

/** Remember `language` on this device and show the page in it. */
export async function choose(language: Language): Promise<void> {
  localStorage.setItem(KEY, language)
  await speak(language)
}

export async function startLanguage(): Promise<void> {
  const preferred = navigator.language.startsWith('ja') ? 'ja' : 'en'
  await i18next.use(initReactI18next).init({
    fallbackLng: false,
    resources: {},
    interpolation: { escapeValue: false }, // React escapes
    react: { useSuspense: false },
  })
  await speak(rememberedLanguage() ?? preferred)
}
