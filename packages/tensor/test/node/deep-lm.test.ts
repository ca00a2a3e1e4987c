/** The acceptance line: a deep character model, its gradients by three ways, and its resumption after real kills. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { interpret, Key, type NDArray, numbersOf } from '@dioramic/tensor'
import { nodeRuntime } from '@dioramic/tensor/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deepTraining } from '../../examples/deep-lm.ts'
import { arraysOf } from './saved.ts'

const TEXT = Array.from({ length: 60 }, (_, i) => `the quick brown fox ${i * 7919} jumps over the lazy dog; `).join('')

describe('at 6 layers', () => {
  it('gradients of the loop equal those of one graph and of the interpreter in double precision', async () => {
    const { training, batches } = await deepTraining(TEXT, { layers: 6 })
    const batch = (await batches.at(0, 0)) as unknown as Record<string, NDArray>
    const traced = training.traceFor(batch)
    const inputs = training.inputsFor(batch)
    const exact = interpret(traced.graph, inputs)
    const names = traced.outputNames
    for (const scan of ['loop', 'unroll'] as const) {
      const executable = await nodeRuntime().compile(traced.graph, { scan })
      const steps = executable.report.steps.join()
      expect(steps.includes('loop')).toBe(scan === 'loop')
      const got = await executable.run(inputs)
      let seen = 0
      for (const [i, a] of got.entries()) {
        const [g, want] = [numbersOf(a), numbersOf(exact[i]!)]
        const norm = Math.hypot(...want)
        const off = Math.hypot(...g.map((v, k) => v - want[k]!))
        if (names[i]!.startsWith('gradients')) seen += norm > 0 ? 1 : 0
        expect(off, `${scan}: ${names[i]}`).toBeLessThan(1e-4 * norm + 1e-6)
      }
      expect(seen).toBeGreaterThan(10)
      await executable.dispose()
    }
    await training.dispose()
  })
})

/**
 * Runs the example; kills it `delay` milliseconds after it was seen to save its checkpoint for the `after`-th time if told to, not by the clock, as a machine may be twice as slow in the next minute.
 * Resolves to its exit code, null when killed.
 */
function run(
  args: readonly string[],
  kill?: { readonly after: number; readonly delay: number },
): Promise<{ code: number | null; out: string; error: string }> {
  const script = fileURLToPath(new URL('../../examples/deep-lm.ts', import.meta.url))
  const child = spawn(process.execPath, ['--conditions=@dioramic/source', script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const timer =
    kill && onSaves(args[args.indexOf('--checkpoint') + 1]!, kill.after, () => setTimeout(() => child.kill('SIGKILL'), kill.delay))
  let [out, error] = ['', '']
  child.stdout.on('data', d => (out += d))
  child.stderr.on('data', d => (error += d))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', code => {
      clearInterval(timer)
      resolve({ code, out, error })
    })
  })
}

/** Calls `then` when a file was seen to be written `count` times from now on. */
function onSaves(path: string, count: number, then: () => void): NodeJS.Timeout {
  const written = () => statSync(path, { throwIfNoEntry: false })?.mtimeMs
  let [seen, last] = [0, written()]
  return setInterval(() => {
    const now = written()
    if (now === last) return
    last = now
    if (++seen === count) then()
  }, 5)
}

describe('killed and started again it ends with the same bits', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'deep-lm-'))
    writeFileSync(join(folder, 'text.txt'), TEXT)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  for (const threads of [1, 2])
    it(`${threads} thread${threads === 1 ? '' : 's'}`, async () => {
      const at = (name: string) => join(folder, `${name}-${threads}.safetensors`)
      // A batch of 3 between saves: every other save falls into the middle of an accumulation.
      const args = (name: string) => [
        '--text',
        join(folder, 'text.txt'),
        '--layers',
        '40',
        '--updates',
        '40',
        '--threads',
        `${threads}`,
        '--checkpoint',
        at(name),
        '--every',
        '3',
      ]
      const begun = performance.now()
      const whole = await run(args('whole'))
      expect(whole.error + whole.out).toMatch(/"updates":40,"resumed":false/)
      const lasted = performance.now() - begun
      const want = arraysOf(at('whole'))
      const key = Key.fromSeed(Number(process.env['FC_SEED'] ?? 0) || 1).fork(threads)
      let kills = 0
      let resumed = false
      for (let i = 0; i < 4; i++) {
        // A save is 3 of 40 updates and these most of a run: anywhere between two saves, in the middle of one too.
        // Anywhere between two saves, which are 3 of 40 updates apart, in the middle of one too.
        const [after, delay] = key.fork(i).words.map(w => w / 2 ** 32) as [number, number]
        const { code, out } = await run(args('killed'), { after: 1 + Math.floor(3 * after), delay: delay * 0.05 * lasted })
        if (code === null) kills++
        else {
          resumed ||= out.includes('"resumed":true')
          expect(arraysOf(at('killed'))).toBe(want)
          rmSync(at('killed'), { force: true })
        }
      }
      const last = await run(args('killed'))
      expect(last.error + last.out).toMatch(/"updates":40/)
      resumed ||= last.out.includes('"resumed":true')
      expect(arraysOf(at('killed'))).toBe(want)
      expect(kills).toBeGreaterThan(0)
      expect(resumed).toBe(true)
      expect(JSON.parse(last.out).text).toBe(JSON.parse(whole.out).text)
    })

  it.skipIf(process.env['DIORAMA_LONG'] === undefined)(
    '1,000 layers, two threads: time and memory are printed',
    { timeout: 1_200_000 },
    async () => {
      const at = (name: string) => join(folder, `${name}-1000.safetensors`)
      const args = (name: string) =>
        `--text ${join(folder, 'text.txt')} --layers 1000 --updates 12 --threads 2 --every 5 --checkpoint ${at(name)}`.split(' ')
      const begun = performance.now()
      const whole = await run(args('whole'))
      const lasted = performance.now() - begun
      const told = JSON.parse(whole.out) as { updates: number; secondsPerUpdate: number; peakMegabytes: number }
      expect(told.updates).toBe(12)
      console.log(
        `1,000 layers, 2 threads: ${told.secondsPerUpdate.toFixed(2)} s an update of two batches, at most ${told.peakMegabytes} MB`,
      )
      const killed = await run(args('killed'), { after: 1, delay: 0.1 * lasted })
      expect(killed.code).toBe(null)
      const last = await run(args('killed'))
      expect(last.out).toMatch(/"updates":12,"resumed":true/)
      expect(arraysOf(at('killed'))).toBe(arraysOf(at('whole')))
    },
  )
})
