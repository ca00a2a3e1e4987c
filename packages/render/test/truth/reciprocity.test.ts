/**
 * Helmholtz's reciprocity, f(wo, wi) = f(wi, wo): what single lobes must keep, and by how much albedo scaling, which knows only the viewer's side,
 * departs from it. Values only; both ways are asked of the kernel.
 */
import { beforeAll, expect, test } from 'vitest'
import { random } from '../reference/random.ts'
import { Laboratory, type Surface, type Vec } from './laboratory.ts'

let lab: Laboratory
beforeAll(async () => {
  lab = await Laboratory.open()
})

const SEED = 5
/** Pairs of directions at most 80° off the normal. */
const PAIRS = (() => {
  const next = random(SEED)
  const direction = () => [Math.acos(0.17 + 0.83 * next()), 2 * Math.PI * next()] as const
  return Array.from({ length: 300 }, () => [direction(), direction()] as const)
})()
const toward = ([angle, turn]: readonly [number, number]): Vec => [
  Math.sin(angle) * Math.cos(turn),
  Math.sin(angle) * Math.sin(turn),
  Math.cos(angle),
]

/** Largest relative difference of green over the pairs. */
function departure(surface: Omit<Surface, 'angle'>): number {
  const value = (o: readonly [number, number], i: readonly [number, number]) => {
    lab.surface({ ...surface, angle: o[0], turn: o[1] })
    const r = lab.run(1, [...toward(i), 0], 4, (input, out) => {
      lab.hooks.evaluateAll(1, input, out)
    })
    return r[1]! / Math.cos(i[0])
  }
  let most = 0
  for (const [o, i] of PAIRS) {
    const a = value(o, i)
    const b = value(i, o)
    if (a + b > 1e-9) most = Math.max(most, Math.abs(a - b) / (0.5 * (a + b)))
  }
  return most
}

const black: Vec = [0, 0, 0]
test.each<[string, Omit<Surface, 'angle'>]>([
  ['Lambert', { specular: 0 }],
  ['coat over black', { color: black, roughness: 0.4 }],
  ['tinted coat over black', { color: black, roughness: 0.6, specularTint: [1, 0.3, 0.1] }],
  ['anisotropic coat over black', { color: black, roughness: 0.4, anisotropy: 0.8 }],
  ['sheen over black', { color: black, specular: 0, sheenColor: [1, 1, 1], sheenRoughness: 0.6 }],
  ['clearcoat over black', { color: black, specular: 0, clearcoat: 1, clearcoatRoughness: 0.5 }],
])('%s is reciprocal to rounding', (_, surface) => {
  expect(departure(surface)).toBeLessThan(2e-4)
})

// Scaling by the viewer's albedo alone keeps energy for every viewer and gives up reciprocity: bounds are the departures measured, rounded up.
test.each<[string, Omit<Surface, 'angle'>, number]>([
  ['coat over white', { roughness: 0.4 }, 0.35],
  ['white metal', { metallic: 1, roughness: 0.7 }, 0.2],
  ['sheen over white', { sheenColor: [0.5, 0.5, 0.5], sheenRoughness: 0.5 }, 0.6],
  ['clearcoat over white', { clearcoat: 1, clearcoatRoughness: 0.2 }, 0.7],
])('%s departs by its albedos alone', (_, surface, most) => {
  const d = departure(surface)
  expect(d).toBeGreaterThan(1e-3)
  expect(d).toBeLessThan(most)
})
