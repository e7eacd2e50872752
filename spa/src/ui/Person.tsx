import type { PersonRef, PostName } from '@/api/types'
import { nameOf } from '@/language/format'
import { useLanguage } from '@/language/useLanguage'

type Named = { name: string; name_en: string }
type Post = { title: string; department: Named }

/** A name; Japanese is marked as such where the page is in English and no English name is known. */
export function Name({ of }: { of: Named }) {
  const { language } = useLanguage()
  const foreign = language === 'en' && of.name_en === ''
  return <span lang={foreign ? 'ja' : undefined}>{nameOf(of, language)}</span>
}

/** A post's title. Titles exist in Japanese only. */
export function Title({ of }: { of: string }) {
  const { language } = useLanguage()
  return <span lang={language === 'en' ? 'ja' : undefined}>{of}</span>
}

/** Department and title: 経理部 課長. */
export function Place({ of }: { of: PostName }) {
  return (
    <>
      <Name of={{ name: of.department, name_en: of.department_en }} /> <Title of={of.title} />
    </>
  )
}

/** The same of a post that is held now. */
export function PostPlace({ of }: { of: Post }) {
  return <Place of={{ title: of.title, department: of.department.name, department_en: of.department.name_en }} />
}

/** 田中 花子(経理部 課長) */
export function Person({ of }: { of: PersonRef }) {
  const { language } = useLanguage()
  return (
    <span className="person">
      <Name of={of} />
      <span className="person-place">
        {language === 'en' ? ' (' : '('}
        <Place of={of.post} />
        {')'}
      </span>
    </span>
  )
}
