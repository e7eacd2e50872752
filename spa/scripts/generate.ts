/** Make src/api/schema.gen.ts from /openapi.yaml; with --check, only say whether it is up to date (exit code 1). */
import { readFile, writeFile } from 'node:fs/promises'

import openapiTS, { astToString } from 'openapi-typescript'

const source = new URL('../../openapi.yaml', import.meta.url)
const target = new URL('../src/api/schema.gen.ts', import.meta.url)

const types = astToString(await openapiTS(source, { alphabetize: true }))
const text = `// Made from /openapi.yaml by "npm run generate"; do not edit.\n\n${types}`

if (process.argv.includes('--check')) {
  const present = await readFile(target, 'utf8').catch(() => '')
  if (present !== text) {
    console.error('src/api/schema.gen.ts is not what openapi.yaml says: run "npm run generate" and commit the result.')
    process.exitCode = 1
  }
} else {
  await writeFile(target, text)
}
