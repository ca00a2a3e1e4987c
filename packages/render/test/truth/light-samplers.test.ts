/** Every light's sampler against the density that a ray finding the light is weighed with. */
import { type HdrImage, type Light, lightSchema, quat, uvToDirection } from '@dioramic/scene'
import { beforeAll, describe, expect, test } from 'vitest'
import { samplingTable } from '../../src/environment.ts'
import { random } from '../reference/random.ts'
import { sidak } from '../reference/statistics.ts'
import { type Chart, fit } from './charts.ts'
import { chiSquare } from './chi-square.ts'
import { Laboratory, uniforms, type Vec } from './laboratory.ts'

let lab: Laboratory
beforeAll(async () => {
  lab = await Laboratory.open()
})

const SAMPLES = 100_000
/** The point that is lit; its normal is +Z, light from behind counts. */
const P: Vec = [0.3, -0.2, 0.1]

const dot = (a: Vec, b: Vec) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
const unit = (a: Vec): Vec => {
  const l = Math.sqrt(dot(a, a))
  return [a[0] / l, a[1] / l, a[2] / l]
}
const turnsOf = (y: number, x: number) => (Math.atan2(y, x) / (2 * Math.PI) + 1) % 1
const rotationOf = (axis: Vec, angle: number): [number, number, number, number] => [...quat.fromAxisAngle(unit(axis), angle)] as never
const frameOf = (q: [number, number, number, number]) =>
  [quat.rotate(q, [1, 0, 0]), quat.rotate(q, [0, 1, 0]), quat.rotate(q, [0, 0, 1])] as const

/** Points of a flat light: (s, t) to local (x, y) in half sizes and back. */
function flat(light: Extract<Light, { type: 'area' }>): Chart {
  const [x, y, z] = frameOf(light.rotation as [number, number, number, number])
  const c = light.position as Vec
  const [a, b] = [light.size[0] / 2, light.size[1] / 2]
  const disk = light.shape === 'disk'
  return {
    at(s, t) {
      const r = Math.sqrt(s)
      const u = disk ? r * Math.cos(2 * Math.PI * t) : 2 * s - 1
      const v = disk ? r * Math.sin(2 * Math.PI * t) : 2 * t - 1
      return unit([0, 1, 2].map(k => c[k]! + x[k]! * a * u + y[k]! * b * v - P[k]!) as unknown as Vec)
    },
    of(d) {
      const to: Vec = [c[0] - P[0], c[1] - P[1], c[2] - P[2]]
      const t = dot(to, z) / dot(d, z)
      const q: Vec = [d[0] * t - to[0], d[1] * t - to[1], d[2] * t - to[2]]
      const [u, v] = [dot(q, x) / a, dot(q, y) / b]
      return disk ? [u * u + v * v, turnsOf(v, u)] : [(u + 1) / 2, (v + 1) / 2]
    },
  }
}

/** Directions within `half` of an axis, in equal solid angles. */
function cone(axis: Vec, half: number): Chart {
  const z = unit(axis)
  const x = unit(Math.abs(z[0]) > 0.5 ? [z[2], 0, -z[0]] : [0, -z[2], z[1]])
  const y: Vec = [z[1] * x[2] - z[2] * x[1], z[2] * x[0] - z[0] * x[2], z[0] * x[1] - z[1] * x[0]]
  const most = 2 * Math.sin(half / 2) ** 2
  return {
    at(s, t) {
      const m = s * most
      const r = Math.sqrt(m * (2 - m))
      const [u, v] = [r * Math.cos(2 * Math.PI * t), r * Math.sin(2 * Math.PI * t)]
      return [0, 1, 2].map(k => x[k]! * u + y[k]! * v + z[k]! * (1 - m)) as unknown as Vec
    },
    of(d) {
      const [u, v] = [dot(d, x), dot(d, y)]
      // 1 − cos by the sine, which f32 keeps.
      const sine = u * u + v * v
      const m = dot(d, z) > 0 ? sine / (1 + Math.sqrt(Math.max(0, 1 - sine))) : 1 + Math.sqrt(Math.max(0, 1 - sine))
      return [m / most, turnsOf(v, u)]
    },
  }
}

const area = (shape: 'rectangle' | 'disk', position: Vec, rotation: [number, number, number, number], size: [number, number]) =>
  lightSchema.parse({ type: 'area', name: shape, shape, position: [...position], rotation, size, power: 10 }) as Extract<
    Light,
    { type: 'area' }
  >
const sphere = (position: Vec, radius: number) =>
  lightSchema.parse({ type: 'point', name: 'ball', position: [...position], radius, power: 10 })
const spot = (position: Vec, rotation: [number, number, number, number]) =>
  lightSchema.parse({ type: 'spot', name: 'spot', position: [...position], rotation, innerAngle: 0.5, outerAngle: 1.2, power: 30 })
const sun = (rotation: [number, number, number, number], angle: number) =>
  lightSchema.parse({ type: 'sun', name: 'sun', rotation, irradiance: 3, angle })

const flats: [string, Extract<Light, { type: 'area' }>][] = [
  ['rectangle overhead', area('rectangle', [0.5, 0, 2], rotationOf([1, 0, 0], 0), [1.5, 0.8])],
  ['large rectangle, near and tilted', area('rectangle', [0, 0.4, 0.9], rotationOf([1, 0.4, 0], 0.6), [4, 3])],
  ['small far rectangle', area('rectangle', [3, 2, 9], rotationOf([1, -0.4, 0], -0.2), [0.05, 0.02])],
  ['disk', area('disk', [0, 0.4, 1.4], rotationOf([1, 0, 0.2], 0.4), [1, 1])],
  ['ellipse', area('disk', [0.2, 0.4, 1], rotationOf([0.3, 1, 0], -0.5), [2, 0.6])],
]
const balls: [string, Vec, number][] = [
  ['sphere', [1, 0.5, 1.5], 0.4],
  ['sphere, nearly touched', [0.3, -0.2, 1.15], 1],
  ['far small sphere', [-6, 4, 7], 0.01],
]
const suns: [string, [number, number, number, number], number][] = [
  ['the sun', rotationOf([1, 0.2, 0], 0.7), 0.00918],
  ['a hazy sun', rotationOf([0, 1, 0], -1), 0.3],
  ['a sun of 2 rad', rotationOf([0.3, 1, 0], 0.3), 2],
]
const CASES: [string, Light, () => Chart][] = [
  ...flats.map(([name, l]): [string, Light, () => Chart] => [name, l, () => flat(l)]),
  ...balls.map(([name, c, r]): [string, Light, () => Chart] => {
    const to: Vec = [c[0] - P[0], c[1] - P[1], c[2] - P[2]]
    return [name, sphere(c, r), () => cone(to, Math.asin(r / Math.sqrt(dot(to, to))))]
  }),
  ...suns.map(([name, q, angle]): [string, Light, () => Chart] => [name, sun(q, angle), () => cone(quat.rotate(q, [0, 0, 1]), angle / 2)]),
]

/** A picture of random bright and dark texels: every cell of the table has another mass, those below the mean none. */
function noise(width: number, seed: number, low = 0): HdrImage {
  const next = random(seed)
  return { width, height: width / 2, data: Float32Array.from({ length: (width * width * 3) / 2 }, () => low + (1 - low) * next() ** 3) }
}
const SKIES: [string, HdrImage][] = [
  ['environment, 32 × 16', noise(32, 5)],
  ['environment, 128 × 64', noise(128, 6)],
  ['environment, nearly uniform', noise(16, 7, 0.98)],
]
const TURN = 0.9
const skyChart: Chart = {
  at: (s, t) => quat.rotate(quat.fromAxisAngle([0, 0, 1], TURN), uvToDirection(t, s)),
  of(d) {
    const [x, y] = [Math.cos(TURN) * d[0] + Math.sin(TURN) * d[1], Math.cos(TURN) * d[1] - Math.sin(TURN) * d[0]]
    return [Math.atan2(Math.sqrt(x * x + y * y), d[2]) / Math.PI, (1.5 - turnsOf(y, x)) % 1]
  },
}

const TESTS = CASES.length + SKIES.length + 1
const LEVEL = sidak(0.01, TESTS)

/** Rows (direction, pdf), (radiance, distance) of light sampling. */
const sample = (seed: number) =>
  lab.run(SAMPLES, uniforms(SAMPLES, 4, seed), 8, (input, out) => {
    lab.hooks.light(SAMPLES, input, out)
  })

/** Densities that a found light is weighed with, by the weight of a scattering of density q: q²/(q² + pdf²) of the light's luminance `full`. */
function foundDensities(rows: Float32Array, total: number, q: number, full: number): Float32Array {
  const n = rows.length / 4
  const input = rows.slice()
  for (let i = 0; i < n; i++) input[i * 4 + 3] = q
  const r = lab.run(n, input, 4, (at, out) => {
    lab.hooks.found(n, total, at, out)
  })
  return Float32Array.from({ length: n }, (_, i) => {
    const w = r[i * 4]! / full
    return w > 0 ? q * Math.sqrt(Math.max(0, 1 / w - 1)) : 0
  })
}

const report = (name: string, r: object) => {
  if (process.env['TRUTH_FIGURES']) console.log(name, JSON.stringify(r))
}

describe(`χ² of ${SAMPLES} samples, ${TESTS} tests, together at 1 %`, () => {
  test.each(CASES.map(([name], i) => [name, i] as const))('%s (seed %d)', (name, i) => {
    const [, light, chart] = CASES[i]!
    lab.lights([light])
    const total = lab.hooks.weigh(...P, 0, 0, 1, 1)
    const s = sample(i)
    const q = s[3]!
    const r = fit([chart()], s, 8, rows => foundDensities(rows, total, q, s[4]!), { rows: 10, columns: 10, points: 12 })
    report(name, r)
    expect(r.p).toBeGreaterThan(LEVEL)
    expect(r.landed).toBe(1)
    expect(Math.abs(r.integral - 1)).toBeLessThan(0.006)
  })

  test.each(SKIES.map(([name], i) => [name, i] as const))('%s (seed 1%d)', (name, i) => {
    const { image } = { image: SKIES[i]![1] }
    lab.lights([], { image, rotation: TURN })
    lab.hooks.weigh(...P, 0, 0, 1, 1)
    const s = sample(10 + i)
    const pdf = (rows: Float32Array) => {
      const n = rows.length / 4
      const r = lab.run(n, rows, 4, (input, out) => {
        lab.hooks.sky(n, input, out)
      })
      return Float32Array.from({ length: n }, (_, k) => r[k * 4 + 3]!)
    }
    // Cells are whole texels or parts of one: the density jumps between them only.
    const rows = Math.min(32, image.height)
    const r = fit([skyChart], s, 8, pdf, { rows, columns: 2 * rows, points: image.height > 32 ? 4 : 6 })
    report(name, r)
    expect(r.p).toBeGreaterThan(LEVEL)
    expect(r.landed).toBe(1)
    expect(Math.abs(r.integral - 1)).toBeLessThan(0.002)
  })

  test.each([
    // name, lamps, from which side
    ['twelve one by one', 12, 1],
    ['a tree of eighty, from both sides', 80, 1],
    ['a tree of eighty, from above', 80, 0],
    ['a tree of eighty, in fog', 80, 2],
  ])('the choice among many lights follows its weights: %s (seed 9)', (_, count, side) => {
    const next = random(9)
    const place = (): Vec => [next() * 6 - 3, next() * 6 - 3, next() * 6 - 3]
    const lamps = Array.from({ length: count }, (_, i) => (i % 3 === 2 ? spot(place(), rotationOf(place(), 2 * i)) : sphere(place(), 0)))
    // Those that shine on the point: above the horizon, and within their cones.
    const lit = lamps.filter(l => {
      const to: Vec = [0, 1, 2].map(k => P[k]! - (l as { position: Vec }).position[k]!) as never
      const inCone = l.type !== 'spot' || dot(unit(to), quat.rotate(l.rotation as never, [0, 0, -1])) > Math.cos(l.outerAngle)
      return inCone && (side !== 0 || to[2] < 0)
    })
    lab.lights(lamps)
    lab.hooks.weigh(...P, 0, 0, 1, side)
    const s = sample(40)
    const chosen = new Map<string, { count: number; share: number; light: number }>()
    for (let i = 0; i < s.length; i += 8) {
      if (s[i + 3] === 0) continue
      const key = s.subarray(i, i + 3).join()
      const entry = chosen.get(key) ?? { count: 0, share: s[i + 3]!, light: s[i + 4]! }
      entry.count++
      chosen.set(key, entry)
    }
    const entries = [...chosen.values()]
    // A spot that does not reach the point may be chosen within a tree; it gives a density and no light.
    const reached = entries.filter(e => e.light > 0)
    expect(reached.length).toBe(lit.length)
    // What is missing to 1 came to nothing.
    const lost = SAMPLES - entries.reduce((a, e) => a + e.count, 0)
    const shares = entries.map(e => e.share)
    const rest = Math.max(0, 1 - shares.reduce((a, b) => a + b, 0))
    if (count === 12) expect(rest).toBeLessThan(1e-5)
    expect(lost === 0 || rest > 1e-6).toBe(true)
    const counts = entries.map(e => e.count)
    expect(lost > 0 ? chiSquare([...counts, lost], [...shares, rest]) : chiSquare(counts, shares)).toBeGreaterThan(LEVEL)
  })

  test('a lamp of a tree is found with the density it is sampled with', () => {
    const next = random(12)
    const balls = Array.from({ length: 40 }, (_, i) => {
      const angle = i * 0.8
      return sphere([(1 + i * 0.1) * Math.cos(angle), (1 + i * 0.1) * Math.sin(angle), 1 + next()], 0.02)
    })
    lab.lights(balls)
    const total = lab.hooks.weigh(...P, 0, 0, 1, 0)
    const s = sample(61).subarray(0, 8 * 20_000)
    const rows = new Float32Array(4 * 20_000)
    for (let i = 0; i < 20_000; i++) rows.set(s.subarray(i * 8, i * 8 + 4), i * 4)
    const r = lab.run(20_000, rows, 4, (input, out) => {
      lab.hooks.found(20_000, total, input, out)
    })
    let even = 0
    for (let i = 0; i < 20_000; i++) if (Math.abs(r[i * 4]! / s[i * 8 + 4]! - 0.5) < 0.01) even++
    // A few are seen one behind the other, and at the very edge rounding decides.
    expect(even).toBeGreaterThan(19_000)
  })
})

test.each<[string, Light, Light, () => Chart]>([
  [
    'a rectangle 3 % wider',
    flats[1]![1],
    area('rectangle', [0, 0.4, 0.9], rotationOf([1, 0.4, 0], 0.6), [4.12, 3]),
    () => flat(flats[1]![1]),
  ],
  [
    'a rectangle tilted 2° more',
    flats[1]![1],
    area('rectangle', [0, 0.4, 0.9], rotationOf([1, 0.4, 0], 0.635), [4, 3]),
    () => flat(flats[1]![1]),
  ],
  [
    'an ellipse as a rectangle',
    flats[4]![1],
    area('rectangle', [0.2, 0.4, 1], rotationOf([0.3, 1, 0], -0.5), [2, 0.6]),
    () => flat(flats[4]![1]),
  ],
])('a wrong density is noticed: %s', (_, light, wrong, chart) => {
  lab.lights([light])
  lab.hooks.weigh(...P, 0, 0, 1, 1)
  const s = sample(3)
  lab.lights([wrong])
  const total = lab.hooks.weigh(...P, 0, 0, 1, 1)
  const full = sample(4)[4]!
  const r = fit([chart()], s, 8, rows => foundDensities(rows, total, s[3]!, full), { rows: 10, columns: 10, points: 12 })
  report(_, r)
  expect(r.p < LEVEL || Math.abs(r.integral - 1) > 0.006).toBe(true)
})

test.each(CASES)('a sampled direction finds the same light with the same density: %s', (name, light) => {
  lab.lights([light])
  const total = lab.hooks.weigh(...P, 0, 0, 1, 1)
  const n = 20_000
  const s = sample(60).subarray(0, n * 8)
  const rows = new Float32Array(n * 4)
  for (let i = 0; i < n; i++) rows.set(s.subarray(i * 8, i * 8 + 4), i * 4)
  const r = lab.run(n, rows, 4, (input, out) => {
    lab.hooks.found(n, total, input, out)
  })
  // Equal densities share evenly. Rounding may put a direction at the very edge outside.
  let missed = 0
  let most = 0
  for (let i = 0; i < n; i++) {
    const w = r[i * 4]! / s[i * 8 + 4]!
    if (w === 0) missed++
    else most = Math.max(most, Math.abs(w - 0.5))
  }
  report(name, { missed, most })
  expect(missed / n).toBeLessThan(0.006)
  expect(most).toBeLessThan(0.002)
})

describe('inverse warps: the number that chose a direction is read off the direction', () => {
  const n = 4000
  const input = uniforms(n, 4, 70)
  const sampled = () =>
    lab.run(n, input, 8, (at, out) => {
      lab.hooks.light(n, at, out)
    })
  // Equal up to a whole turn.
  const apart = (a: number, b: number) => Math.abs(a - b - Math.round(a - b))

  test.each(CASES)('%s', (name, light, chart) => {
    lab.lights([light])
    lab.hooks.weigh(...P, 0, 0, 1, 1)
    const s = sampled()
    let most = 0
    for (let i = 0; i < n; i++) {
      const [u, v] = [input[i * 4]!, input[i * 4 + 1]!]
      const [a, b] = chart().of([s[i * 8]!, s[i * 8 + 1]!, s[i * 8 + 2]!])!
      // Disks and cones: (v, turn); the turn of a cone starts where the kernel likes.
      if (light.type === 'area' && light.shape === 'rectangle') most = Math.max(most, Math.abs(a - u), Math.abs(b - v))
      else most = Math.max(most, Math.abs(a - v), light.type === 'area' ? apart(b, u) * Math.sqrt(v) : 0)
    }
    report(name, { most })
    // Directions and the cosine of a cone are f32: a small rectangle of angular size ω is resolved to 1e-7/ω, a small cone to 6e-8/(1 − cos).
    expect(most).toBeLessThan(name === 'far small sphere' || name === 'the sun' ? 2e-3 : name.includes('far') ? 1e-4 : 2e-6)
  })

  test.each(SKIES)('%s', (name, image) => {
    lab.lights([], { image, rotation: TURN })
    lab.hooks.weigh(...P, 0, 0, 1, 1)
    const { width, height, rows, columns } = samplingTable(image)
    const s = sampled()
    const directions = new Float32Array(n * 4)
    for (let i = 0; i < n; i++) directions.set(s.subarray(i * 8, i * 8 + 3), i * 4)
    const again = lab.run(n, directions, 4, (at, out) => {
      lab.hooks.sky(n, at, out)
    })
    let most = 0
    let edges = 0
    for (let i = 0; i < n; i++) {
      const [v, u] = skyChart.of([s[i * 8]!, s[i * 8 + 1]!, s[i * 8 + 2]!])!
      const [x, y] = [u * width, v * height]
      const [c, r] = [Math.floor(x), Math.floor(y)]
      // Radiance and density by way of the direction are those by way of the table; at an edge of a cell rounding may take the other side.
      if (Math.abs(x - Math.round(x)) < 1e-3 || Math.abs(y - Math.round(y)) < 1e-3) {
        edges++
        continue
      }
      const at = r * (width + 1) + c
      const a = columns[at]! + (columns[at + 1]! - columns[at]!) * (x - c)
      const b = rows[r]! + (rows[r + 1]! - rows[r]!) * (y - r)
      most = Math.max(most, Math.abs(a - input[i * 4]!), Math.abs(b - input[i * 4 + 1]!), Math.abs(again[i * 4 + 3]! / s[i * 8 + 3]! - 1))
      most = Math.max(most, Math.abs(again[i * 4]! - s[i * 8 + 4]!))
    }
    report(name, { most, edges })
    expect(edges).toBeLessThan(n / 50)
    expect(most).toBeLessThan(2e-4)
  })
})
