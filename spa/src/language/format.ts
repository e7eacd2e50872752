/** Dates, amounts, durations and people as they are written in each language. No browser locale data is used. */
import type { Language } from '@/language'

const WEEKDAYS = ['日', '月', '火', '水', '木', '金', '土'] as const
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const
const DAY_MS = 86_400_000

/** The wall clock that an instant shows: the company's, where the API wrote its offset, else this device's. */
type Wall = { year: number; month: number; day: number; hour: number; minute: number }

const WRITTEN = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/

function wall(value: string): Wall | null {
  const parts = WRITTEN.exec(value)
  if (!parts) return null
  if (parts[6] === 'Z') {
    const here = new Date(value)
    return {
      year: here.getFullYear(),
      month: here.getMonth() + 1,
      day: here.getDate(),
      hour: here.getHours(),
      minute: here.getMinutes(),
    }
  }
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = parts.slice(1, 6).map((part) => Number(part || 0))
  return { year, month, day, hour, minute }
}

const two = (value: number) => String(value).padStart(2, '0')

/** A date or an instant as its day: 2026年11月22日(日), 22 Nov 2026. Anything else is returned as it is. */
export function formatDate(value: string, language: Language): string {
  const at = wall(value)
  if (!at) return value
  if (language === 'en') return `${at.day} ${MONTHS[at.month - 1] ?? ''} ${at.year}`
  const weekday = WEEKDAYS[new Date(Date.UTC(at.year, at.month - 1, at.day)).getUTCDay()] ?? ''
  return `${at.year}年${at.month}月${at.day}日(${weekday})`
}

/** An instant to the minute: 2026年11月22日(日) 14:05, 22 Nov 2026, 14:05. */
export function formatInstant(value: string, language: Language): string {
  const at = wall(value)
  if (!at) return value
  const separator = language === 'en' ? ', ' : ' '
  return `${formatDate(value, language)}${separator}${two(at.hour)}:${two(at.minute)}`
}

/** The time of day by this device's clock: 14:03. */
export function formatTime(at: Date): string {
  return `${two(at.getHours())}:${two(at.getMinutes())}`
}

/** Bytes as people read them: 980 KB, 12.3 MB. 1 MB is 1024 times 1024 bytes, as the limits count. */
export function formatSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  const [unit, size] = bytes < 1_048_576 ? ['KB', bytes / 1024] : ['MB', bytes / 1_048_576]
  return `${size < 10 ? size.toFixed(1).replace(/\.0$/, '') : Math.round(size)} ${unit}`
}

/** A day as a date stamp shows it: 26.11.22. */
export function formatStamp(value: string): string {
  const at = wall(value)
  return at ? `${two(at.year % 100)}.${two(at.month)}.${two(at.day)}` : value
}

/** 1,500,000 */
export function formatNumber(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',')
}

/** Yen: 1,500,000円, ¥1,500,000. */
export function formatAmount(yen: number, language: Language): string {
  const sign = yen < 0 ? '-' : ''
  const digits = formatNumber(Math.abs(yen))
  return language === 'en' ? `${sign}¥${digits}` : `${sign}${digits}円`
}

/** Whole days that have begun since `since`, by this device's calendar: 0 is today. */
export function daysSince(since: string, now: Date): number {
  const then = new Date(since)
  const midnight = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()
  return Math.max(0, Math.round((midnight(now) - midnight(then)) / DAY_MS))
}

/** The name in the page's language; an English name that nobody entered falls back to the Japanese one. */
export function nameOf(named: { name: string; name_en: string }, language: Language): string {
  return language === 'en' && named.name_en !== '' ? named.name_en : named.name
}

/** What a seal bears: the family name. Japanese names begin with it, English ones end with it. */
export function familyName(person: { name: string; name_en: string }, language: Language): string {
  const parts = nameOf(person, language).split(/[ \u3000]+/)
  const last = language === 'en' && person.name_en !== '' ? parts.at(-1) : parts[0]
  return last ?? person.name
}
