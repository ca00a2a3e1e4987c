import { f32, fillNormal, Key, numbersOf, optim } from '@dioramic/tensor'
import { createArena, nodeRuntime } from '@dioramic/tensor/node'
import { expect, test } from 'vitest'
import { mlp } from '../architectures/mlp.ts'
import { samplerOf } from '../trainer/sampler.ts'
import { laplacianVariance } from './sharpness.ts'
import { trainVae } from './vae.ts'

test('a Gaussian is learned: the bound comes down to its entropy and not below, samples lie on it', async () => {
  // A line through (1, −2) along (1, ½) with noise of deviation 0.1 across.
  const data = { perEpoch: 1e6, at: (_: number, i: number) => ({ x: points(64, Key.fromSeed(3).fork(i)) }) }
  const runtime = nodeRuntime({ threads: 1 })
  const architecture = mlp({ shape: [2], latent: 1, width: 16 })
  const vae = await trainVae({
    architecture,
    rule: optim.chain(optim.adam({ lr: optim.cosine(3e-2, 800) })),
    updates: 800,
    batches: data,
    key: Key.fromSeed(4),
    width: 16,
    runtime,
    arena: createArena,
  })
  // Variances along the axes of the covariance s·sᵀ + σ²·I with s = (1, ½): σ² + 5/4 and σ².
  const entropy = Math.log(2 * Math.PI * Math.E) + 0.5 * Math.log((0.01 + 1.25) * 0.01)
  expect(vae.bound).toBeGreaterThan(entropy - 0.1)
  expect(vae.bound).toBeLessThan(entropy + 0.35)
  const sampler = samplerOf(architecture, vae.weights, runtime)
  const { x } = await sampler.sample(500, Key.fromSeed(5))
  const n = numbersOf(x)
  const off = Array.from({ length: 500 }, (_, i) => Math.abs(n[2 * i]! - 1 - 2 * (n[2 * i + 1]! + 2)) / Math.sqrt(5))
  expect(off.reduce((a, b) => a + b) / 500).toBeLessThan(0.1)
  await Promise.all([sampler.dispose(), vae.dispose()])
})

function points(count: number, key: Key) {
  const [t, e] = [new Float32Array(count), new Float32Array(2 * count)]
  fillNormal(t, key.fork('along').words)
  fillNormal(e, key.fork('across').words)
  const x = Float32Array.from({ length: 2 * count }, (_, i) => (i % 2 === 0 ? 1 + t[i >> 1]! : -2 + 0.5 * t[i >> 1]!) + 0.1 * e[i]!)
  return f32(x, [count, 2])
}

test('the variance of the Laplacian: 0 on ramps, 64 on a chessboard of ±1, 20 times that of white noise', () => {
  const of = (f: (y: number, x: number) => number, edge: number) =>
    laplacianVariance(
      f32(
        Float32Array.from({ length: edge * edge }, (_, i) => f(Math.floor(i / edge), i % edge)),
        [1, 1, edge, edge],
      ),
    )
  expect(of((y, x) => 0.1 * y - 0.2 * x, 8)).toBeCloseTo(0, 6)
  expect(of((y, x) => ((y + x) % 2 === 0 ? 1 : -1), 8)).toBeCloseTo(64, 6)
  const noise = new Float32Array(100 * 100)
  fillNormal(noise, Key.fromSeed(1).words)
  expect(of((y, x) => noise[100 * y + x]!, 100)).toBeGreaterThan(19)
  expect(of((y, x) => noise[100 * y + x]!, 100)).toBeLessThan(21)
  expect(() => laplacianVariance(f32([1, 2], [2]))).toThrow('pictures [n, c, h, w]')
})
