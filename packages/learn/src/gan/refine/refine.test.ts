import { compile, f32, fillUniform, interpreter, item, Key, type NDArray, reshape, type Tensor } from '@dioramic/tensor'
import { nodeRuntime } from '@dioramic/tensor/node'
import { expect, test } from 'vitest'
import type { View } from '../contracts.ts'
import { initialise } from '../net.ts'
import { matchHistograms } from './histograms.ts'
import { refinerPairs } from './pairs.ts'
import { type Planes, shrunk } from './planes.ts'
import { refineWith } from './refine.ts'
import { refiner } from './refiner.ts'

const key = Key.fromSeed(5)
const runtime = nodeRuntime({ threads: 1 })

/** Noise, each pixel in 256 levels. */
function picture(name: string | number, height = 16, width = 20): Planes {
  const data = new Float32Array(3 * height * width)
  fillUniform(data, key.fork(name).words)
  return { height, width, data: data.map(u => (2 * Math.floor(256 * u)) / 255 - 1) }
}

test('an untrained refiner adds a little grain to pictures of any size, the same by the same key', async () => {
  const architecture = refiner({ height: 16, width: 16 })
  const by = refineWith(architecture, initialise(architecture.generator, key), runtime)
  for (const p of [picture('a'), picture('b', 32, 24)]) {
    const { height, width, data } = await by.refine(p, key)
    expect([height, width]).toEqual([p.height, p.width])
    const inside = [...p.data.keys()].filter(i => Math.abs(p.data[i]!) < 0.5)
    const off = inside.map(i => data[i]! - p.data[i]!)
    const mean = off.reduce((a, b) => a + b) / off.length
    const deviation = Math.sqrt(off.reduce((a, b) => a + b * b) / off.length)
    expect(deviation).toBeGreaterThan(1e-3)
    expect(deviation).toBeLessThan(0.15)
    expect(Math.abs(mean)).toBeLessThan((4 * deviation) / Math.sqrt(off.length))
    expect(await by.refine(p, key)).toEqual({ height, width, data })
    expect((await by.refine(p, key.fork('other'))).data).not.toEqual(data)
  }
  await by.dispose()
})

test('what has to stay is blind to exposure and contrast, not to what is where', async () => {
  const { generatorTerm } = refiner({ height: 16, width: 20, keep: 1 })
  const kept = compile((render: Tensor, refined: Tensor) => {
    const flat = reshape(render, [1, -1])
    return generatorTerm!({ fake: { x: refined, z: flat } } as View)
  }, interpreter())
  const { data } = picture('render')
  const shape = [1, 3, 16, 20]
  const of = async (refined: Float32Array) => item((await kept(f32(data, shape), f32(refined, shape))) as NDArray)
  expect(await of(data.map(v => 0.4 * v - 0.3))).toBeLessThan(5e-3)
  const moved = data.map((_, i) => data[i % 20 < 4 ? i : i - 4]!)
  expect(await of(moved)).toBeGreaterThan(0.5)
})

test('tone curves are found where they are all that differs', () => {
  const renders = [0, 1, 2].map(i => picture(i, 64, 64))
  const curve = (v: number) => 0.5 * v * v * v + 0.3 * v - 0.1
  const targets = renders.map(p => ({ ...p, data: p.data.map(curve) }))
  const by = matchHistograms(renders, targets)
  const { data } = by(renders[0]!)
  expect(Math.max(...data.map((v, i) => Math.abs(v - targets[0]!.data[i]!)))).toBeLessThan(2.1 / 255)
})

test('pairs are a function of key and place, cut from both lists; what cannot be cut from is named', async () => {
  const of = { height: 8, width: 8, size: 4, key }
  const [targets, renders] = [[picture('t')], [picture('r', 9, 8)]]
  const one = refinerPairs(targets, renders, of)
  const { x } = await one.at(1, 0)
  expect(x.shape).toEqual([4, 6, 8, 8])
  expect((await refinerPairs(targets, renders, of).at(1, 0)).x).toEqual(x)
  expect((await one.at(2, 0)).x).not.toEqual(x)
  // A row of the second half is a row of the render, one way or the other.
  const row = [...x.data.slice(3 * 64, 3 * 64 + 8)]
  const rows = Array.from({ length: 9 }, (_, y) => [...renders[0]!.data.slice(8 * y, 8 * y + 8)])
  expect(rows.flatMap(r => [r, [...r].reverse()])).toContainEqual(row)
  expect(() => refinerPairs([], renders, of)).toThrow('target pictures, and there are none')
  expect(() => refinerPairs(targets, renders, { ...of, height: 10 })).toThrow('render picture 0 is 8 × 9, less than the 8 × 10')
  expect(() => refiner({ height: 15, width: 16 })).toThrow('even edges, not 16 × 15')
})

test('large pictures are averaged down by a whole factor, rests cut off; others are left', () => {
  const p = { width: 5, height: 4, data: Float32Array.from({ length: 20 }, (_, i) => i) }
  expect(shrunk(p, { width: 2, height: 2 })).toEqual({ width: 2, height: 2, data: Float32Array.of(3, 5, 13, 15) })
  expect(shrunk(p, { width: 3, height: 2 })).toBe(p)
})
