import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { runExperiment } from '../node/run.ts'
import { agent } from './experiment.ts'

const out = mkdtempSync(join(tmpdir(), 'diorama-lab-agent-'))
afterAll(() => rmSync(out, { recursive: true, force: true }))

test('without a part the agent fails as it should: the quick form of the ablation', async () => {
  const evidence = await runExperiment(agent, { parts: ['ablation'], quick: true, out, command: 'test' })
  expect(evidence.claims.filter(c => c.holds !== null)).toHaveLength(3)
  for (const c of evidence.claims) expect(c.holds, c.claim).not.toBe(false)
  expect(readFileSync(join(out, 'index.html'), 'utf8')).toContain('without perception')
})
