/** `npm test`: types, lint, unused code, licences, then every test; one closing line. `--long` adds fuzzing, chaos and soaks. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkLicences } from './licences.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const args = process.argv.slice(2)
const long = args.includes('--long')
const filters = args.filter(a => a !== '--long')
let passed = 0
let failed = 0
let skipped = 0

function run(file: string, parameters: readonly string[], env: NodeJS.ProcessEnv = process.env): boolean {
  return spawnSync(process.execPath, [join(root, 'node_modules', file), ...parameters], { cwd: root, stdio: 'inherit', env }).status === 0
}

function check(name: string, holds: () => boolean): void {
  const start = performance.now()
  const ok = holds()
  if (ok) passed++
  else failed++
  console.log(`${ok ? 'pass' : 'FAIL'}  ${name} (${((performance.now() - start) / 1000).toFixed(1)} s)`)
}

if (filters.length === 0) {
  check('types', () => run('typescript/bin/tsc', ['-p', '.']))
  check('lint and format', () => run('@biomejs/biome/bin/biome', ['ci', '--error-on-warnings', '.']))
  check('no unused code or dependencies', () => run('knip/bin/knip.js', ['--no-progress']))
  check('licences', () => checkLicences(root))
}

const folder = mkdtempSync(join(tmpdir(), 'diorama-test-'))
const report = join(folder, 'report.json')
run('vitest/vitest.mjs', ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...filters], {
  ...process.env,
  ...(long ? { DIORAMA_LONG: '1' } : {}),
})
try {
  const result = JSON.parse(readFileSync(report, 'utf8')) as {
    numPassedTests: number
    numPendingTests: number
    testResults: { status: string; name: string; assertionResults: { status: string }[] }[]
  }
  const tests = result.testResults.flatMap(f => f.assertionResults)
  passed += tests.filter(t => t.status === 'passed').length
  failed += tests.filter(t => t.status === 'failed').length
  skipped += tests.filter(t => t.status === 'pending' || t.status === 'skipped' || t.status === 'todo').length
  // A file that could not even be loaded has no tests of its own, yet it failed.
  failed += result.testResults.filter(f => f.status === 'failed' && !f.assertionResults.some(t => t.status === 'failed')).length
} catch (error) {
  console.error(`the test runner left no report: ${error instanceof Error ? error.message : error}`)
  failed++
}
rmSync(folder, { recursive: true, force: true })

console.log(skipped > 0 ? `${passed} passed, ${failed} failed, ${skipped} skipped` : `${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
