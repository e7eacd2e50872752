import js from '@eslint/js'
import a11y from 'eslint-plugin-jsx-a11y-x'
import reactHooks from 'eslint-plugin-react-hooks'
import { defineConfig } from 'eslint/config'
import ts from 'typescript-eslint'

/**
 * Forbid what a zone may not import: the arrows run app -> features -> ui -> language, api. `above` matches the
 * relative imports that leave the zone.
 */
function mayNotImport(zones, because, above = '^\\.\\./') {
  return {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          { regex: above, message: 'Import from another folder by "@/...", so that zones stay visible.' },
          ...(zones.length > 0 ? [{ regex: `^@/(${zones.join('|')})(/|$)`, message: because }] : []),
        ],
      },
    ],
  }
}

const ALONE = 'A feature stands alone: app composes features, and what two share is in ui.'

export default defineConfig(
  { ignores: ['dist', 'node_modules', 'src/api/schema.gen.ts', 'eslint.config.js'] },
  js.configs.recommended,
  ts.configs.strictTypeChecked,
  ts.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: { project: ['./tsconfig.json', './tsconfig.node.json'], tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-definitions': ['error', 'type'],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // An async handler's rejection is shown by the mutation it awaits.
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks, 'jsx-a11y-x': a11y },
    rules: { ...reactHooks.configs.recommended.rules, ...a11y.configs.strict.rules },
  },
  {
    files: ['src/app/**', 'src/main.tsx'],
    rules: mayNotImport([], ''),
  },
  {
    files: ['src/features/*/*'],
    rules: mayNotImport(['app', 'features'], ALONE),
  },
  {
    files: ['src/features/*/*/**'],
    rules: mayNotImport(['app', 'features'], ALONE, '^\\.\\./\\.\\./'),
  },
  {
    files: ['src/ui/**'],
    rules: mayNotImport(['app', 'features'], 'ui is below the features.'),
  },
  {
    files: ['src/language/**', 'src/api/**'],
    rules: mayNotImport(['app', 'features', 'ui'], 'language and api are at the bottom.'),
  },
)
