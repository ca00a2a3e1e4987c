import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { f32, type NDArray } from '../graph/array.ts'
import type { Tensor } from '../graph/tensor.ts'
import type { Tree } from '../graph/tree.ts'
import { batches } from '../loaders/batches.ts'
import { mean, mul, sub } from '../ops/index.ts'
import { adamw, chain, ema } from '../optim/index.ts'
import { Key } from '../random/key.ts'
import { fit, type LogEntry, type Training, trainStep } from '../train/index.ts'
import { checkpointFile, createArena, csvLog, jsonLinesLog, loadPart, nodeRuntime, plotLog, tensorBoardLog, terminalLog } from './index.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'train-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const entry = (step: number, more: Partial<LogEntry> = {}): LogEntry => ({
  kind: 'train',
  step,
  epoch: step / 10,
  total: 40,
  seconds: step,
  values: { loss: 1 / step },
  ...more,
})

describe('logs', () => {
  it('files forget what a killed run logged beyond its checkpoint', async () => {
    const logs = () => [jsonLinesLog(join(folder, 'deep', 'log.jsonl')), csvLog(join(folder, 'log.csv')), plotLog(join(folder, 'loss.svg'))]
    for (const log of logs()) {
      await log.begin!(0)
      for (const step of [10, 20, 30]) await log.write(entry(step))
    }
    writeFileSync(join(folder, 'deep', 'log.jsonl'), `${readFileSync(join(folder, 'deep', 'log.jsonl'), 'utf8')}{"kind":"tr`)
    for (const log of logs()) {
      await log.begin!(20)
      await log.write(entry(25))
    }
    const lines = readFileSync(join(folder, 'deep', 'log.jsonl'), 'utf8')
      .trim()
      .split('\n')
    expect(lines.map(l => JSON.parse(l).step)).toEqual([10, 20, 25])
    expect(
      readFileSync(join(folder, 'log.csv'), 'utf8')
        .trim()
        .split('\n')
        .map(l => l.split(',')[0]),
    ).toEqual(['step', '10', '20', '25'])
    expect(
      readFileSync(join(folder, 'loss.svg'), 'utf8')
        .match(/<path d="M[^"]*"/)![0]
        .match(/[ML]/g),
    ).toHaveLength(3)
  })
  it('TensorBoard gets a file with a header and a record an entry', async () => {
    const log = tensorBoardLog(join(folder, 'board'))
    await log.begin!(0)
    const [file] = readdirSync(join(folder, 'board'))
    const size = () => readFileSync(join(folder, 'board', file!)).length
    const before = size()
    await log.write(entry(1))
    expect(file).toMatch(/^events\.out\.tfevents\./)
    expect(size()).toBeGreaterThan(before)
    expect(readFileSync(join(folder, 'board', file!), 'latin1')).toContain('train/loss')
  })
  it('progress is one line that is written over on a terminal, JSON lines elsewhere', async () => {
    const written = (tty: boolean): string => {
      const out = new PassThrough() as unknown as NodeJS.WriteStream
      Object.assign(out, { isTTY: tty, columns: 100 })
      const log = terminalLog(out)
      log.write(entry(10, { secondsLeft: 75 }))
      log.write(entry(10, { kind: 'evaluation', values: { 'validation/loss': 2 } }))
      void log.end?.()
      return `${(out as unknown as PassThrough).read()}`
    }
    expect(
      written(false)
        .trim()
        .split('\n')
        .map(l => JSON.parse(l).kind),
    ).toEqual(['train', 'evaluation'])
    const over = '\r\u001b[2K'
    const bar = '██████░░░░░░░░░░░░░░░░░░ 10/40'
    expect(written(true)).toBe(`${over}${bar}  1:15 left  loss 0.1000${over}${bar}  evaluation: validation/loss 2.000\n`)
  })
})

describe('checkpoint files', () => {
  const loss = (p: Tree<Tensor>, _s: Tree<Tensor>, { x }: { x: Tensor }): Tensor => {
    const d = sub((p as { w: Tensor }).w, x)
    return mean(mul(d, d))
  }
  const make = (threads: number, size = 3): Promise<Training> =>
    trainStep(loss, chain(adamw({ lr: 0.1 }), ema(0.5)), {
      runtime: nodeRuntime({ threads }),
      arena: n => createArena(n, threads),
      params: { w: f32(new Float32Array(size)) },
      key: Key.fromSeed(1),
      accumulate: 2,
    })
  const data = (size = 3) =>
    batches(
      {
        x: f32(
          Array.from({ length: 8 * size }, (_, i) => Math.sin(i)),
          [8, size],
        ),
      },
      { size: 2, key: Key.fromSeed(2) },
    )

  it('keep a run whole, from an arena of one thread or of two', async () => {
    for (const threads of [1, 2]) {
      const path = join(folder, `${threads}.safetensors`)
      const to = checkpointFile(path, { threads })
      const first = await make(threads)
      await fit(first, { batches: data(), epochs: 3, checkpoint: { every: 5, to } })
      const second = await make(threads)
      const again = await fit(second, { batches: data(), epochs: 3, checkpoint: { every: 5, to } })
      expect(again).toMatchObject({ resumed: true, updates: 6, history: [] })
      expect(second.params).toEqual(first.params)
      const loaded = (await loadPart(path, 'ema', first.ema!)) as { w: NDArray }
      expect([...loaded.w.data]).toEqual([...(first.ema as { w: NDArray }).w.data])
      await first.dispose()
      await second.dispose()
    }
  })
  it('tell of another number of threads, and refuse another model or a broken file', async () => {
    const path = join(folder, 'run.safetensors')
    const told: string[] = []
    const first = await make(1)
    await fit(first, { batches: data(), epochs: 1, checkpoint: { every: 1, to: checkpointFile(path) } })
    await fit(await make(1), {
      batches: data(),
      epochs: 2,
      checkpoint: { every: 9, to: checkpointFile(path, { threads: 2, onDifference: m => told.push(m) }) },
    })
    expect(told.join()).toMatch(/threads was 1/)
    const wider = await make(1, 4)
    await expect(fit(wider, { batches: data(4), epochs: 2, checkpoint: { every: 1, to: checkpointFile(path) } })).rejects.toThrow(
      /is \[3\], expected \[4\]/,
    )
    const bytes = readFileSync(path)
    bytes[bytes.length - 40]! ^= 1
    writeFileSync(path, bytes)
    await expect(fit(await make(1), { batches: data(), epochs: 2, checkpoint: { every: 1, to: checkpointFile(path) } })).rejects.toThrow(
      /CRC/,
    )
    expect(existsSync(path)).toBe(true)
  })
})
