/** Turns, filter, lens, cosine and visible normals: distribution and inverse. */
import { beforeAll, describe, expect, test } from 'vitest'
import { blackmanHarrisCdf, FILTER_SIZE, FILTER_WIDTH, filterTable } from '../../src/tables.ts'
import { sidak } from '../reference/statistics.ts'
import { chiSquare } from './chi-square.ts'
import { Laboratory, uniforms } from './laboratory.ts'

let lab: Laboratory
beforeAll(async () => {
  lab = await Laboratory.open()
})

const N = 100_000
const apart = (a: number, b: number) => Math.abs(a - b - Math.round(a - b))
const turnsOf = (y: number, x: number) => (Math.atan2(y, x) / (2 * Math.PI) + 1) % 1
const LEVEL = sidak(0.01, 3)

/** χ² over a grid of the unit square, uniform. */
function uniform(points: readonly (readonly [number, number])[], size: number): number {
  const counts = new Float64Array(size * size)
  for (const [a, b] of points) counts[Math.min(size - 1, Math.floor(b * size)) * size + Math.min(size - 1, Math.floor(a * size))]! += 1
  return chiSquare(counts, new Float64Array(size * size).fill(1))
}

test('cosine and sine of turns to 4e-7, and back to 4e-7 turns', () => {
  const input = uniforms(N, 4, 1)
  const r = lab.run(N, input, 4, (at, out) => {
    lab.hooks.turns(N, at, out)
  })
  let [direct, inverse] = [0, 0]
  for (let i = 0; i < N; i++) {
    const x = input[i * 4]!
    direct = Math.max(direct, Math.abs(r[i * 4]! - Math.cos(2 * Math.PI * x)), Math.abs(r[i * 4 + 1]! - Math.sin(2 * Math.PI * x)))
    inverse = Math.max(inverse, apart(r[i * 4 + 2]!, x))
  }
  expect(direct).toBeLessThan(4e-7)
  expect(inverse).toBeLessThan(4e-7)
})

describe('pixel filter', () => {
  const sample = (seed: number) => {
    const input = uniforms(N, 4, seed)
    const r = lab.run(N, input, 4, (at, out) => {
      lab.hooks.offsets(N, at, out)
    })
    return Array.from({ length: N }, (_, i) => [input[i * 4]!, r[i * 4]! / FILTER_WIDTH] as const)
  }
  test('the window’s distribution undoes the table to 5e-4', () => {
    // The first and last thousandth are straight where the window fades out.
    let [most, middle] = [0, 0]
    for (const [u, x] of sample(2)) {
      const error = Math.abs(blackmanHarrisCdf(x) - u)
      most = Math.max(most, error)
      if (u > 0.02 && u < 0.98) middle = Math.max(middle, error)
    }
    expect(most).toBeLessThan(5e-4)
    if (process.env['TRUTH_FIGURES']) console.log('filter', most, middle)
    expect(middle).toBeLessThan(1e-4)
  })
  test('χ² over 60 cells of what lies between the table’s ends; a window 2 % narrower is rejected', () => {
    const cells = 60
    const edge = filterTable()[FILTER_SIZE - 8]! / FILTER_WIDTH
    const counts = new Float64Array(cells)
    for (const [, x] of sample(3)) if (Math.abs(x) < edge) counts[Math.floor(((x / edge + 1) / 2) * cells)]! += 1
    const expected = (scale: number) =>
      Float64Array.from(counts, (_, i) => {
        const at = (k: number) => blackmanHarrisCdf(((2 * k) / cells - 1) * edge * scale)
        return at(i + 1) - at(i)
      })
    expect(chiSquare(counts, expected(1))).toBeGreaterThan(LEVEL)
    expect(chiSquare(counts, expected(1.02))).toBeLessThan(1e-3)
  })
})

test('lens: uniform over the disk, every ray through the point in focus, inverse to 1e-5', () => {
  const [aperture, focus, f, c] = [0.08, 3.5, 400, 32]
  lab.camera(aperture, focus, f, c, c)
  const random = uniforms(N, 2, 4)
  const input = new Float32Array(N * 4)
  for (let i = 0; i < N; i++) input.set([20, 50, random[i * 2]!, random[i * 2 + 1]!], i * 4)
  const r = lab.run(N, input, 8, (at, out) => {
    lab.hooks.rays(N, 0, at, out)
  })
  const target = [((20 - c) / f) * focus, ((c - 50) / f) * focus, -focus]
  const points: [number, number][] = []
  let [lost, inverse] = [0, 0]
  for (let i = 0; i < N; i++) {
    const [x, y, z, , dx, dy, dz] = r.subarray(i * 8, i * 8 + 7) as unknown as number[]
    const t = (target[2]! - z!) / dz!
    lost = Math.max(lost, Math.abs(x! + dx! * t - target[0]!), Math.abs(y! + dy! * t - target[1]!))
    const area = (x! * x! + y! * y!) / (aperture / 2) ** 2
    const turn = turnsOf(y!, x!)
    inverse = Math.max(inverse, Math.abs(area - random[i * 2 + 1]!), apart(turn, random[i * 2]!))
    points.push([area, turn])
  }
  expect(lost).toBeLessThan(2e-6)
  expect(inverse).toBeLessThan(1e-5)
  expect(uniform(points, 16)).toBeGreaterThan(LEVEL)
})

test('cosine: area on the disk and turn give the pair back', () => {
  lab.surface({ angle: 0.4, specular: 0 })
  const input = uniforms(N, 4, 5)
  const s = lab.run(N, input, 8, (at, out) => {
    lab.hooks.scatter(N, at, out)
  })
  let most = 0
  for (let i = 0; i < N; i++) {
    const [x, y, z, pdf] = s.subarray(i * 8, i * 8 + 4) as unknown as number[]
    if (z === 0) continue
    const v = input[i * 4 + 1]!
    most = Math.max(
      most,
      Math.abs(x! * x! + y! * y! - v),
      apart(turnsOf(y!, x!), input[i * 4]!) * Math.sqrt(v),
      Math.abs(pdf! - z! / Math.PI),
    )
  }
  expect(most).toBeLessThan(1e-6)
})

test.each([0.01, 0.1, 0.5, 1])('visible normals, α = %d: unstretched and reflected back they give the pair', alpha => {
  for (const angle of [0, 0.7, 1.4]) {
    const wo = [Math.sin(angle), 0, Math.cos(angle)] as const
    const n = 20_000
    const input = uniforms(n, 4, 6)
    const r = lab.run(n, input, 4, (at, out) => {
      lab.hooks.normals(n, ...wo, alpha, at, out)
    })
    const l = Math.hypot(wo[0] * alpha, wo[2])
    const o = [(wo[0] * alpha) / l, 0, wo[2] / l] as const
    let most = 0
    for (let i = 0; i < n; i++) {
      const [x, y, z] = [r[i * 4]! / alpha, r[i * 4 + 1]! / alpha, r[i * 4 + 2]!]
      const m = Math.hypot(x, y, z)
      const d = (2 * (o[0] * x + o[2] * z)) / (m * m)
      const cap = [d * x - o[0], d * y, d * z - o[2]] as const
      const v = 1 - (cap[2] + o[2]) / (1 + o[2])
      // Near the cap's pole the turn is lost.
      const radius = Math.hypot(cap[0], cap[1])
      most = Math.max(most, Math.abs(v - input[i * 4 + 1]!), apart(turnsOf(cap[1], cap[0]), input[i * 4]!) * radius)
    }
    expect(most).toBeLessThan(1e-5)
  }
})
