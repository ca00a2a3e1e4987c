import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createArena } from '../node/kernel.ts'
import { fillBernoulli, fillBits, fillDropout, fillNormal, fillUniform } from '../random/philox.ts'
import { adafactorVector } from './adafactor.ts'
import type { Arena } from './arena.ts'
import { addSortedRows, geluBackward, scatterAddRows, softmaxBackward, sortRows } from './backward.ts'
import * as fills from './fills.ts'
import { adam, axpy, clamp, lerp, scale, sgd, sumOfSquares } from './passes.ts'

const N = 200_003
let arenas: Arena[]
beforeAll(async () => {
  arenas = await Promise.all([1, 2, 3].map(threads => createArena(16 << 20, threads, 0)))
})
afterAll(() => {
  for (const arena of arenas) arena.close()
})

const words = [5, 6] as const
/** Runs the work on one, two and three threads; its arrays must come out with the same bits, over several repeats. */
function same(work: (arena: Arena, f32: (seed: number) => Float32Array) => (ArrayBufferView | number)[]) {
  const results = arenas.flatMap(arena =>
    [0, 1, 2].map(() => {
      const mark = arena.mark()
      const made = work(arena, seed => {
        const view = arena.f32(N)
        arena.call.fillNormal(view.byteOffset, N, seed, 0, 0)
        return view
      })
      const bytes = made.map(x => (typeof x === 'number' ? x : Buffer.from(x.buffer, x.byteOffset, x.byteLength).toString('latin1')))
      arena.release(mark)
      return bytes
    }),
  )
  for (const result of results.slice(1)) expect(result.every((x, i) => x === results[0]![i])).toBe(true)
}

describe('any number of threads gives the same bits', () => {
  test('linear passes and sums', () => {
    same((arena, f32) => {
      const [a, b] = [f32(1), f32(2)]
      scale(arena, a, 1.7)
      axpy(arena, a, 0.3, b)
      lerp(arena, b, a, 0.01)
      clamp(arena, b, 1.5)
      return [a, b, sumOfSquares(arena, a), sumOfSquares(arena, a.subarray(1, 150_000))]
    })
  })
  test('optimisers', () => {
    same((arena, f32) => {
      const [p, g, m, v] = [f32(1), f32(2), f32(3).fill(0), f32(4).fill(0)]
      adam(arena, p, g, m, v, { lr: 0.01, step: 1, weightDecay: 0.1 })
      adam(arena, p, g, m, v, { lr: 0.01, step: 2, l2: 0.1 })
      sgd(arena, p, g, undefined, { lr: 0.1 })
      sgd(arena, p, g, m, { lr: 0.1, momentum: 0.9, nesterov: true })
      const rms = adafactorVector(arena, p, g, v, { lr: 0.1, beta2: 0.9 })
      return [p, g, m, v, rms]
    })
  })
  test('backward passes', () => {
    same((arena, f32) => {
      const [a, b, c] = [f32(1), f32(2), f32(3)]
      geluBackward(arena, a, b, c)
      const rows = N - (N % 100)
      softmaxBackward(arena, b.subarray(0, rows), c.subarray(0, rows), a.subarray(0, rows), 100)
      return [a, b]
    })
  })
  test('sums of rows', () => {
    same((arena, f32) => {
      const d = 100
      const [v, n] = [50, 1900]
      const rows = f32(1).subarray(0, n * d)
      const index = arena.i64(n)
      for (let i = 0; i < n; i++) index[i] = BigInt((i * i) % v)
      const [a, b] = [f32(2).subarray(0, v * d), f32(3).subarray(0, v * d)]
      scatterAddRows(arena, a, rows, index, d)
      addSortedRows(arena, b, rows, sortRows(arena, index, v), d)
      return [a, b]
    })
  })
  test('fills, which are those of the plain generator', () => {
    const plain = { bits: new Int32Array(N), uniform: new Float32Array(N), normal: new Float32Array(N), dropout: new Float32Array(N) }
    const bernoulli = new Uint8Array(N)
    fillBits(plain.bits, words, 9)
    fillUniform(plain.uniform, words, 9)
    fillNormal(plain.normal, words, 9)
    fillDropout(plain.dropout, words, 0.1, 9)
    fillBernoulli(bernoulli, words, 0.3, 9)
    for (const arena of arenas) {
      const mark = arena.mark()
      const made = [arena.i32(N), arena.f32(N), arena.f32(N), arena.f32(N), arena.u8(N)] as const
      fills.fillBits(arena, made[0], words, 9)
      fills.fillUniform(arena, made[1], words, 9)
      fills.fillNormal(arena, made[2], words, 9)
      fills.fillDropout(arena, made[3], words, 0.1, 9)
      fills.fillBernoulli(arena, made[4], words, 0.3, 9)
      for (const [i, want] of [...Object.values(plain), bernoulli].entries()) {
        const got = made[i]!
        expect(Buffer.compare(Buffer.from(got.buffer, got.byteOffset, got.byteLength), Buffer.from(want.buffer))).toBe(0)
      }
      arena.release(mark)
    }
  })
})

test('a helper that reaches outside the arena is reported, and works again after', async () => {
  const arena = arenas[1]!
  const view = arena.f32(4)
  const outside = arena.memory.buffer.byteLength
  expect(() => arena.split('scale', 2, 1, 1, from => (from === 0 ? [view.byteOffset, 4, 1] : [outside, 1 << 20, 1]))).toThrow(
    'a thread of the kernel failed in scale',
  )
  view.fill(1)
  arena.split('scale', 4, 2, 1, (from, to) => [view.byteOffset + from * 4, to - from, 5])
  expect([...view]).toEqual([5, 5, 5, 5])
})

test('a closed arena works on with one thread', async () => {
  const arena = await createArena(1 << 20, 2, 0)
  const x = arena.f32(100_000).fill(2)
  scale(arena, x, 2)
  arena.close()
  arena.close()
  scale(arena, x, 2)
  expect(x.every(e => e === 8)).toBe(true)
})

test('an arena left open does not keep the process alive', () => {
  const file = fileURLToPath(new URL('../node/kernel.ts', import.meta.url))
  const script = `const { createArena } = await import(${JSON.stringify(file)}); await createArena(65536, 2); console.log('open')`
  const { stdout, status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
    timeout: 120_000,
  })
  expect([stdout, status], stderr).toEqual(['open\n', 0])
})
