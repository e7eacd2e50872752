/**
 * Hold every text that a person reads to both languages: the same keys and placeholders, the plural forms each
 * language has, no key unused, and no text in a component that is not a message.
 */
import { readdir, readFile } from 'node:fs/promises'

import ts from 'typescript'

const SRC = new URL('../src/', import.meta.url)
const PLURALS = { ja: ['other'], en: ['one', 'other'] }
const PLURAL = /_(zero|one|two|few|many|other)$/
const JAPANESE = /[\u3040-\u30ff\u3400-\u9fff\uff01-\uff60]/
/** Attributes whose text is read or heard. */
const READ = new Set(['alt', 'aria-description', 'aria-label', 'aria-roledescription', 'label', 'placeholder', 'title'])
/** Files that hold such text themselves, and why. */
const OWN_TEXT: Record<string, string> = {
  'features/proposal/fields/FieldFrame.tsx': 'how the API begins a sentence about a field',
  'language/format.ts': 'how dates and amounts are written is no message',
  'language/numbers.ts': 'the signs people type among digits',
  'main.tsx': 'shown in both languages at once, where the page refuses to start',
  'ui/LanguageSwitch.tsx': 'each language is named in itself',
  'ui/Wordmark.tsx': 'a name is the same in every language',
}

type Messages = { [key: string]: string | Messages }
type Language = keyof typeof PLURALS

const problems: string[] = []

function flat(messages: Messages, prefix = ''): [string, string][] {
  return Object.entries(messages).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[prefix + key, value]] : flat(value, `${prefix}${key}.`),
  )
}

async function messagesOf(language: Language): Promise<Map<string, string>> {
  const text = await readFile(new URL(`language/${language}.json`, SRC), 'utf8')
  return new Map(flat(JSON.parse(text) as Messages))
}

const base = (key: string) => key.replace(PLURAL, '')
const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort()

function checkPlurals(language: Language, messages: Map<string, string>): void {
  const plural = new Set([...messages.keys()].filter((key) => PLURAL.test(key)).map(base))
  for (const key of plural) {
    for (const form of PLURALS[language]) {
      if (!messages.has(`${key}_${form}`)) problems.push(`${language}.json: ${key} has no ${key}_${form}`)
    }
  }
}

/** The placeholders of a key in every form it has. */
function placeholdersOf(messages: Map<string, string>, key: string): string {
  const forms = [...messages].filter(([one]) => base(one) === key).map(([, text]) => text)
  return [...new Set(forms.flatMap(placeholders))].join(', ')
}

/** A part of a key as a pattern; keys hold letters, digits, `_` and `.` only. */
const literally = (part: string) => part.replaceAll('.', '\\.')

/** Which keys a first argument of `t` can name; null where that cannot be seen. */
function keysIn(node: ts.Expression): RegExp[] | null {
  if (ts.isStringLiteralLike(node)) return [new RegExp(`^${literally(node.text)}$`)]
  if (ts.isTemplateExpression(node)) {
    const spans = node.templateSpans.map((span) => `[^.]+${literally(span.literal.text)}`)
    return [new RegExp(`^${literally(node.head.text)}${spans.join('')}$`)]
  }
  if (ts.isConditionalExpression(node)) {
    const branches = [keysIn(node.whenTrue), keysIn(node.whenFalse)]
    return branches.every((branch) => branch !== null) ? branches.flat() : null
  }
  return null
}

function checkFile(file: string, text: string, used: RegExp[]): void {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX)
  const where = (node: ts.Node) => `src/${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`
  const visible = (node: ts.Node, content: string) => {
    if (file in OWN_TEXT || !/\p{L}/u.test(content)) return
    problems.push(`${where(node)}: "${content.trim()}" is read by people: put it into language/ja.json and en.json`)
  }
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === 't' && node.arguments[0]) {
      const keys = keysIn(node.arguments[0])
      if (keys) used.push(...keys)
      else problems.push(`${where(node)}: the key of this t(...) cannot be seen: write it as a literal or a template`)
    }
    if (ts.isJsxText(node)) visible(node, node.text)
    if (ts.isJsxExpression(node) && node.expression && ts.isStringLiteralLike(node.expression)) {
      if (!ts.isJsxAttribute(node.parent)) visible(node, node.expression.text)
    }
    if (ts.isJsxAttribute(node) && READ.has(node.name.getText()) && node.initializer && ts.isStringLiteral(node.initializer)) {
      visible(node, node.initializer.text)
    }
    if ((ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) && JAPANESE.test(node.getText())) visible(node, node.getText())
    ts.forEachChild(node, visit)
  }
  visit(source)
}

const ja = await messagesOf('ja')
const en = await messagesOf('en')
checkPlurals('ja', ja)
checkPlurals('en', en)

const keys = new Set([...ja.keys(), ...en.keys()].map(base))
const japanese = new Set([...ja.keys()].map(base))
const english = new Set([...en.keys()].map(base))
for (const key of keys) {
  if (!japanese.has(key)) problems.push(`ja.json: ${key} is missing`)
  else if (!english.has(key)) problems.push(`en.json: ${key} is missing`)
  else if (placeholdersOf(ja, key) !== placeholdersOf(en, key)) {
    problems.push(`${key}: placeholders differ: ja (${placeholdersOf(ja, key)}), en (${placeholdersOf(en, key)})`)
  }
}

const used: RegExp[] = []
const files = (await readdir(SRC, { recursive: true })).filter((file) => /\.tsx?$/.test(file) && !/\.(gen|test)\.ts$/.test(file))
for (const file of files) checkFile(file, await readFile(new URL(file, SRC), 'utf8'), used)
for (const key of keys) {
  if (!used.some((pattern) => pattern.test(key))) problems.push(`${key}: nothing shows it; remove it from both languages`)
}

problems.forEach((problem) => console.error(problem))
if (problems.length > 0) process.exitCode = 1
else console.log(`${keys.size} messages in two languages.`)
