// `diorama tune` as a person runs it: processes, records, early stops, the wide model, the page; and going on where it was stopped.
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { diorama, events, scratch } from './diorama.ts'

const s = scratch()
afterAll(s.clean)
const MODULE = `import { defineTuning, mup } from '@dioramic/learn/mup'
import { batches, crossEntropy, f32, i64, nn, optim, relu } from '@dioramic/tensor'
const x = Array.from({ length: 64 }, (_, i) => [Math.sin(i), Math.cos(3 * i)])
const network = (width: number) => {
  const d = nn.dim('d', width, { base: 8 })
  return nn.sequence({ one: nn.linear(2, d), bend: nn.fn(relu), two: nn.linear(d, d), bend2: nn.fn(relu), out: nn.linear(d, 2) })
}
export default defineTuning({
  proxy: 8,
  target: 32,
  updates: 16,
  space: { lr: [1e-5, 1e-3, 0.03, 1e30] },
  model: width => nn.parametrise(network(width), mup({ optimizer: 'adam' })),
  rule: (model, { lr }) => optim.chain(optim.adam({ lr: lr! }), optim.scaleUpdates(nn.factorsOf(model))),
  loss: crossEntropy,
  batches: key => batches({ x: f32(x), y: i64(x.map(([a, b]) => Number(a! > b!))) }, { size: 16, key }),
})
`
const run = (...args: readonly string[]) => diorama(['tune', 'search.ts', '--out', 'found', ...args], { cwd: s.folder })
const report = () => JSON.parse(readFileSync(s.at('found/report.json'), 'utf8'))

test('the best rate of the narrow model trains the wide one; the run goes on, on as many processes as there are', async () => {
  writeFileSync(s.at('search.ts'), MODULE)
  const first = await run('--workers', '2')
  expect(first.err).toBe('')
  expect(first.code).toBe(0)
  const { trials, best, target, cost, proxy } = report()
  expect(best).toBe(2)
  expect(proxy.updates).toEqual([4, 8, 16])
  expect(trials.map((t: { scores: unknown[] }) => t.scores.length).sort()).toEqual([1, 1, 2, 3])
  expect(trials[3].scores).toEqual([null])
  expect(target.score).toBeLessThan(trials[0].scores[0])
  expect(cost).toBeCloseTo((((4 + 4 + 8 + 16) / (4 * 16)) * proxy.parameters) / target.parameters, 12)
  expect(existsSync(target.file)).toBe(true)
  expect(readFileSync(s.at('found/report.html'), 'utf8')).toContain('<svg')

  // A trial and the wide model are lost; what is there is not run again.
  rmSync(s.at('found/trials/1'), { recursive: true })
  rmSync(s.at('found/target'), { recursive: true })
  const kept = s.at('found/trials/2/after-16.json')
  const before = statSync(kept).mtimeMs
  const again = await run('--workers', '1')
  expect(again.code).toBe(0)
  expect(report()).toEqual({ trials, best, target, cost, proxy, module: 'search.ts', seed: 0 })
  expect(statSync(kept).mtimeMs).toBe(before)
  expect(events(again.out).filter(e => e['event'] === 'trial')).toHaveLength(7)

  const other = await run('--seed', '1')
  expect(other.code).toBe(2)
  expect(other.err).toMatch(/holds a search of another module, seed or number of trials/)
})
