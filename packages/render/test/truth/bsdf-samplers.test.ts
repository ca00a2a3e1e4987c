/** Every lobe's sampler against its density: χ² with Šidák's correction over all cases, integrals, weights. Seeds are fixed: a red run is a change. */
import { beforeAll, describe, expect, test } from 'vitest'
import { sidak } from '../reference/statistics.ts'
import { type Chart, fit, hemisphere, reflection, refraction, stretchedReflection } from './charts.ts'
import { Laboratory, type Surface, uniforms, type Vec, viewer } from './laboratory.ts'

let lab: Laboratory
beforeAll(async () => {
  lab = await Laboratory.open()
})

const SAMPLES = 100_000
const degrees = (x: number) => (x * Math.PI) / 180
const both = [hemisphere(1), hemisphere(-1)]
const stretched = (wo: Vec, roughness: number, anisotropy: number) => {
  const a = roughness * roughness
  return stretchedReflection(wo, a + (1 - a) * anisotropy * anisotropy, a)
}

interface Case {
  readonly name: string
  readonly surface: Surface
  readonly charts: readonly Chart[]
}

function cases(): Case[] {
  const out: Case[] = []
  const add = (name: string, surface: Surface, charts: (wo: Vec, alpha: number) => readonly Chart[]) => {
    const wo = viewer(surface)
    const rough = Number(surface.roughness ?? 0.5)
    const text = `${name}, ${Math.round((surface.angle * 180) / Math.PI)}°`
    out.push({ name: text, surface, charts: charts(wo, Math.max(0.001, rough * rough)) })
  }
  for (const a of [0, 60, 89]) add('Lambert (cosine)', { angle: degrees(a), specular: 0 }, () => [hemisphere(1)])
  for (const roughness of [0, 0.05, 0.1, 0.3, 0.6, 1]) {
    for (const a of [0, 45, 80, 88]) {
      add(`metal, roughness ${roughness}`, { angle: degrees(a), metallic: 1, roughness, color: [0.9, 0.6, 0.3] }, (wo, alpha) => [
        reflection(wo, alpha),
      ])
    }
  }
  for (const roughness of [0, 0.2, 0.7]) {
    for (const a of [10, 70]) {
      add(`coat over black, roughness ${roughness}`, { angle: degrees(a), color: [0, 0, 0], roughness }, (wo, alpha) => [
        reflection(wo, alpha),
      ])
    }
  }
  for (const a of [20, 75])
    add('coat over grey, roughness 0.5', { angle: degrees(a), color: [0.5, 0.5, 0.5], roughness: 0.5 }, () => [both[0]!])
  for (const roughness of [0, 0.1, 0.4, 1]) {
    for (const entering of [true, false]) {
      for (const a of [15, 65]) {
        add(
          `glass, roughness ${roughness}, from ${entering ? 'outside' : 'inside'}`,
          { angle: degrees(a), transmission: 1, roughness, entering },
          (wo, alpha) => [reflection(wo, alpha), refraction(wo, alpha, entering ? 1.5 : 1 / 1.5)],
        )
      }
    }
  }
  // Anisotropy: smooth in the hemisphere where no roughness is small, else in half vectors stretched by the one across.
  for (const [roughness, anisotropy] of [
    [0.5, 0.5],
    [0.6, 1],
    [0.3, 0.3],
  ] as const) {
    for (const [a, turn] of [
      [0, 0],
      [45, 20],
      [80, 75],
    ] as const) {
      add(
        `metal, roughness ${roughness}, anisotropy ${anisotropy}, from ${turn}°`,
        { angle: degrees(a), turn: degrees(turn), metallic: 1, roughness, anisotropy },
        wo => [stretched(wo, roughness, anisotropy)],
      )
    }
  }
  add('glass, anisotropic', { angle: degrees(50), turn: 0.6, transmission: 1, roughness: 0.5, anisotropy: 0.6 }, () => both)
  for (const a of [10, 70]) {
    add('pane', { angle: degrees(a), transmission: 1, thinWalled: true, roughness: 0.5, color: [0.7, 0.8, 0.9] }, () => both)
    add('sheen over black', { angle: degrees(a), color: [0, 0, 0], specular: 0, sheenColor: [1, 1, 1], sheenRoughness: 0.4 }, () => [
      both[0]!,
    ])
    add('sheen over grey', { angle: degrees(a), sheenColor: [0.4, 0.5, 0.6], sheenRoughness: 0.8 }, () => [both[0]!])
    add('clearcoat over black', { angle: degrees(a), color: [0, 0, 0], specular: 0, clearcoat: 1, clearcoatRoughness: 0.2 }, wo => [
      reflection(wo, 0.04),
    ])
    add(
      'clearcoat with its own normal',
      { angle: degrees(a), color: [0.3, 0, 0], clearcoat: 0.8, clearcoatRoughness: 0.6, clearcoatNormal: [0.28, -0.1, Math.sqrt(0.9116)] },
      () => [both[0]!],
    )
    add(
      'all layers at once',
      {
        angle: degrees(a),
        turn: 2,
        color: [0.7, 0.5, 0.4],
        metallic: 0.3,
        transmission: 0.4,
        roughness: 0.6,
        anisotropy: 0.5,
        specularTint: [1, 0.5, 0.2],
        sheenColor: [0.5, 0.4, 0.3],
        clearcoat: 0.5,
        clearcoatRoughness: 0.5,
      },
      () => both,
    )
  }
  for (const a of [0, 50, 80]) {
    add('all lobes at once', { angle: degrees(a), color: [0.7, 0.5, 0.4], metallic: 0.4, transmission: 0.5, roughness: 0.6 }, () => both)
  }
  return out
}
const CASES = cases()
const LEVEL = sidak(0.01, CASES.length)

const sampleAll = (seed: number) =>
  lab.run(SAMPLES, uniforms(SAMPLES, 4, seed), 8, (input, out) => {
    lab.hooks.scatter(SAMPLES, input, out)
  })
const densities = (rows: Float32Array) => {
  const n = rows.length / 4
  const r = lab.run(n, rows, 4, (input, out) => {
    lab.hooks.evaluateAll(n, input, out)
  })
  return Float32Array.from({ length: n }, (_, i) => r[i * 4 + 3]!)
}

describe(`χ² of ${SAMPLES} samples, ${CASES.length} cases, together at 1 %`, () => {
  test.each(CASES.map((c, i) => [c.name, i] as const))('%s (seed %d)', (_, i) => {
    const { surface, charts } = CASES[i]!
    lab.surface(surface)
    const r = fit(charts, sampleAll(i), 8, densities)
    if (process.env['TRUTH_FIGURES'])
      console.log(`${_}: p ${r.p.toPrecision(3)} integral ${r.integral.toFixed(5)} landed ${r.landed.toFixed(5)}`)
    expect(r.stray).toBe(0)
    expect(r.p).toBeGreaterThan(LEVEL)
    // What the density leaves out of 1 are the samples that gave no direction.
    expect(Math.abs(r.integral - r.landed)).toBeLessThan(4 * Math.sqrt((r.landed * (1 - r.landed)) / SAMPLES) + 0.004)
    expect(r.integral).toBeLessThan(1.004)
  })
})

describe('the test has teeth: a density that is slightly another is rejected', () => {
  test.each<[string, Surface, Partial<Surface>, (wo: Vec, alpha: number) => Chart[]]>([
    ['roughness 0.31 for 0.3', { angle: 0.8, metallic: 1, roughness: 0.3 }, { roughness: 0.31 }, (wo, a) => [reflection(wo, a)]],
    ['roughness 0.052 for 0.05', { angle: 0.8, metallic: 1, roughness: 0.05 }, { roughness: 0.052 }, (wo, a) => [reflection(wo, a)]],
    [
      'index 1.45 for 1.5',
      { angle: 1, transmission: 1, roughness: 0.4 },
      { ior: 1.45 },
      (wo, a) => [reflection(wo, a), refraction(wo, a, 1.5)],
    ],
    ['viewer 1° off', { angle: degrees(45), metallic: 1, roughness: 0.5 }, { angle: degrees(46) }, (wo, a) => [reflection(wo, a)]],
    [
      'anisotropy 0.52 for 0.5',
      { angle: 0.7, turn: 0.4, metallic: 1, roughness: 0.4, anisotropy: 0.5 },
      { anisotropy: 0.52 },
      wo => [stretched(wo, 0.4, 0.5)],
    ],
    [
      'a viewer turned by 3°',
      { angle: 0.7, turn: 0.4, metallic: 1, roughness: 0.4, anisotropy: 0.7 },
      { turn: 0.45 },
      wo => [stretched(wo, 0.4, 0.7)],
    ],
    ['clearcoat 0.6 for 0.5', { angle: 0.9, color: [0.3, 0.3, 0.3], clearcoat: 0.5 }, { clearcoat: 0.6 }, () => [both[0]!]],
    [
      'sheen 0.8 for 0.6',
      { angle: 1.2, color: [0.3, 0.3, 0.3], sheenColor: [0.6, 0.6, 0.6] },
      { sheenColor: [0.8, 0.8, 0.8] },
      () => [both[0]!],
    ],
    ['a base of 0.14 for 0.1', { angle: 0.5, color: [0.1, 0.1, 0.1] }, { color: [0.14, 0.14, 0.14] }, () => [hemisphere(1)]],
  ])('%s', (_, surface, change, charts) => {
    lab.surface(surface)
    const directions = sampleAll(77)
    lab.surface({ ...surface, ...change })
    const alpha = Number(surface.roughness ?? 0.5)
    const r = fit(charts(viewer(surface), alpha * alpha), directions, 8, densities)
    expect(r.p).toBeLessThan(LEVEL)
  })
})

test('the density of a sample is the density of its direction, bit for bit', () => {
  for (const [i, { surface }] of CASES.entries()) {
    lab.surface(surface)
    const s = sampleAll(500 + i).subarray(0, 8 * 5000)
    const rows = new Float32Array(4 * 5000)
    for (let k = 0; k < 5000; k++) rows.set(s.subarray(k * 8, k * 8 + 3), k * 4)
    const d = densities(rows)
    let unequal = 0
    for (let k = 0; k < 5000; k++) if (s[k * 8 + 2] !== 0 && s[k * 8 + 3] !== d[k]) unequal++
    expect(unequal).toBe(0)
  }
})
