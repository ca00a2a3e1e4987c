import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { runExperiment } from '../node/run.ts'
import { gan } from './experiment.ts'

const out = mkdtempSync(join(tmpdir(), 'diorama-lab-gan-'))
afterAll(() => rmSync(out, { recursive: true, force: true }))

test('the Jensen–Shannon divergence saturates as the table says', async () => {
  const evidence = await runExperiment(gan, { parts: ['divergences'], quick: true, out, command: 'test' })
  expect(evidence.claims.map(c => c.holds)).toEqual([true, true])
  expect(readFileSync(join(out, 'index.html'), 'utf8')).toContain('Saturation')
})
