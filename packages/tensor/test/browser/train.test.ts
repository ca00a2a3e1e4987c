// Training in headless Chromium: gradients beside double precision, a thousand steps in a heap that stays, two threads where the page allows them.
import { interpret, type NDArray, numbersOf } from '@dioramic/tensor'
import { createArena, nodeRuntime } from '@dioramic/tensor/node'
import { expect, test } from 'vitest'
import { browserPath, runInPages } from './page.ts'
import { MODELS, trainingOf } from './train-work.ts'

interface Seen {
  readonly runtime: string
  readonly isolated: boolean
  readonly refused: string
  readonly gradients: Record<string, Record<string, number[]>>
  readonly losses: number[]
  readonly heaps: { js: number; wasm: number }[]
  readonly turns: number
}

test('as in Node, with one thread and with two', async ({ skip }) => {
  if (!browserPath) return skip('no Chromium here: set DIORAMA_CHROMIUM to one')
  const [one, two, worker, elsewhere, lost] = await runInPages('train-entry.ts', [
    { isolated: false },
    { isolated: true },
    { isolated: true, query: '?worker' },
    { isolated: true, query: '?wasm=/ort/' },
    { isolated: false, query: '?wasm=/nowhere/' },
  ])
  const said = expect.stringMatching(/^TensorError: out of memory in onnxruntime/)
  // What memory does not hold is said, and the next graph runs.
  expect(elsewhere!.result).toEqual({ memory: [said, said], doubled: [2, 4, 6] })
  expect(lost!.result).toMatch(/onnxruntime-web does not load[\s\S]*give its place as wasmPaths/)

  const on = { runtime: nodeRuntime(), arena: createArena }
  const inNode = await trainingOf(MODELS['transformer']!, on)
  const losses: number[] = []
  for (let i = 0; i < 20; i++) losses.push((await inNode.step(MODELS['transformer']!.batch)).loss)
  await inNode.dispose()

  const work = worker!.result as { runtime: string; losses: number[] }
  expect(work.runtime).toBe('onnxruntime-web, 2 threads')
  losses.forEach((want, k) => void expect(Math.abs(work.losses[k]! - want), `loss ${k} in a worker`).toBeLessThan(1e-3))

  for (const [i, { result, workers }] of [one!, two!].entries()) {
    const seen = result as Seen
    expect(seen.isolated).toBe(i === 1)
    expect(seen.runtime).toBe(i === 1 ? 'onnxruntime-web, 2 threads' : 'onnxruntime-web, 1 thread')
    // On the isolated page one of onnxruntime's; the arena's were let go.
    expect(workers).toBe(i)
    if (i === 1) expect(seen.refused).toMatch(/runs here with other options already/)

    for (const [name, model] of Object.entries(MODELS)) {
      const training = await trainingOf(model, on)
      const { graph, outputNames } = training.traceFor(model.batch)
      const exact = interpret(graph, training.inputsFor(model.batch) as NDArray[])
      let squares = [0, 0]
      for (const [k, want] of exact.entries()) {
        const got = seen.gradients[name]![outputNames[k]!]!
        expect(got, `${name} ${outputNames[k]}`).toHaveLength(want.data.length)
        if (!outputNames[k]!.startsWith('gradients')) {
          const w = numbersOf(want)
          got.forEach((g, j) => void expect(Math.abs(g - w[j]!), `${name} ${outputNames[k]}`).toBeLessThan(1e-4 * (1 + Math.abs(w[j]!))))
          continue
        }
        const w = numbersOf(want)
        squares = [squares[0]! + got.reduce((s, g, j) => s + (g - w[j]!) ** 2, 0), squares[1]! + w.reduce((s, x) => s + x * x, 0)]
      }
      expect(squares[1], name).toBeGreaterThan(0)
      expect(Math.sqrt(squares[0]! / squares[1]!), `gradients of ${name}`).toBeLessThan(1e-4)
      await training.dispose()
    }

    expect(seen.losses).toHaveLength(i === 1 ? 200 : 1000)
    losses.forEach((want, k) => void expect(Math.abs(seen.losses[k]! - want), `loss ${k}`).toBeLessThan(1e-3))
    expect(seen.losses.at(-1)!).toBeLessThan(0.5 * seen.losses[0]!)
    // The page was let breathe meanwhile.
    expect(seen.turns).toBeGreaterThan(10)
    if (i === 1) continue
    // Over the second half: what was fetched and compiled to start with is settled by then. A kilobyte a step would be seen.
    const [first, last] = [seen.heaps[4]!, seen.heaps.at(-1)!]
    expect(last.wasm, 'memory of onnxruntime and the arena').toBe(first.wasm)
    expect(last.js - first.js, JSON.stringify(seen.heaps)).toBeLessThan(500 * 1024)
  }
})
