/** Fail when the JavaScript between the first byte and a usable inbox is more than the budget (docs/adr/0005). */
import { readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'

const BUDGET_KB = 150
const dist = new URL('../dist/', import.meta.url)

type Chunk = { file: string; imports?: string[]; dynamicImports?: string[]; isEntry?: boolean }
const manifest = JSON.parse(await readFile(new URL('.vite/manifest.json', dist), 'utf8')) as Record<string, Chunk>

/** Everything loaded before the inbox can be used: the entry, the inbox and the larger of the two languages. */
const ROOTS = ['index.html']
const LANGUAGES = ['src/language/ja.json', 'src/language/en.json']

async function gzipBytes(file: string): Promise<number> {
  return gzipSync(await readFile(new URL(file, dist)), { level: 9 }).length
}

function closure(roots: string[]): Set<string> {
  const seen = new Set<string>()
  const visit = (name: string) => {
    const chunk = manifest[name]
    if (!chunk) throw new Error(`${name} is not in the build's manifest: is it still a chunk of its own?`)
    if (seen.has(chunk.file)) return
    seen.add(chunk.file)
    chunk.imports?.forEach(visit)
  }
  roots.forEach(visit)
  return seen
}

async function sizes(files: Iterable<string>): Promise<[string, number][]> {
  return Promise.all([...files].filter((file) => file.endsWith('.js')).map(async (file) => [file, await gzipBytes(file)] as [string, number]))
}

const kb = (bytes: number) => (bytes / 1000).toFixed(1).padStart(7)

const perLanguage = await Promise.all(
  LANGUAGES.map(async (language) => {
    const rows = await sizes(closure([...ROOTS, language]))
    return { rows, total: rows.reduce((sum, [, bytes]) => sum + bytes, 0) }
  }),
)
const worst = perLanguage.reduce((a, b) => (a.total > b.total ? a : b))
worst.rows.sort((a, b) => b[1] - a[1]).forEach(([file, bytes]) => console.log(`${kb(bytes)} kB  ${file}`))
console.log(`${kb(worst.total)} kB  gzip JavaScript to a usable inbox (budget ${BUDGET_KB} kB)`)

const initial = new Set(worst.rows.map(([file]) => file))
const later = await sizes(Object.values(manifest).map((chunk) => chunk.file).filter((file) => !initial.has(file)))
console.log(`${kb(later.reduce((sum, [, bytes]) => sum + bytes, 0))} kB  loaded when needed`)

if (worst.total > BUDGET_KB * 1000) {
  console.error(`Over the budget by ${kb(worst.total - BUDGET_KB * 1000).trim()} kB: load less before the inbox (docs/adr/0005).`)
  process.exitCode = 1
}
