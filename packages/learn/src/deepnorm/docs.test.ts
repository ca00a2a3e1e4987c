/** The program of docs/deepnet.md runs, and does to a user's block what the page says. */
import { execFile } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const CHECK = `
const { compile, i64, interpreter, Key, numbersOf } = await import('@dioramic/tensor')
const { params, state } = model.init(Key.fromSeed(1))
const net = params.blocks.net.branch
const gain = w => Math.sqrt(w.data.reduce((s, v) => s + v * v, 0) / w.data.length) * Math.sqrt(d)
const run = compile((p, s, x) => model.apply(p, s, x)[0], interpreter())
const y = await run(params, state, i64([1, 2, 3, 4], [1, 4]))
console.log(JSON.stringify({ shape: y.shape, finite: numbersOf(y).every(Number.isFinite), q: gain(net.q), v: gain(net.v), out: gain(net.out), stack: net.q.shape }))
`

it('takes a block that a user wrote in at most ten added lines', async () => {
  const text = readFileSync(new URL('../../../../docs/deepnet.md', import.meta.url), 'utf8')
  const program = /```ts\n([\s\S]*?)```/.exec(text)![1]!
  expect(program.match(/\/\/ added/g)!.length).toBeLessThanOrEqual(10)
  const file = fileURLToPath(new URL(`./docs-block-${process.pid}.ts`, import.meta.url))
  writeFileSync(file, `// biome-ignore-all lint: made of the page\n${program}${CHECK}`)
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=@dioramic/source', file])
    const seen = JSON.parse(stdout) as { shape: number[]; finite: boolean; q: number; v: number; out: number; stack: number[] }
    expect(seen).toMatchObject({ shape: [1, 4, 65], finite: true, stack: [200, 16, 16] })
    expect(seen.q).toBeCloseTo(1, 1)
    for (const g of [seen.v, seen.out]) expect(g / 0.158114).toBeCloseTo(1, 1)
  } finally {
    rmSync(file, { force: true })
  }
})
