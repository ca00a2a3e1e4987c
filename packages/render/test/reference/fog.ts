/** Fog in f64: free flights, and the phase function by its definition. */
import { numberAt, type ResolvedScene, vec3At } from '@dioramic/scene'
import type { Random } from './random.ts'
import type { V } from './vector.ts'

export interface ReferenceFog {
  readonly albedo: V
  /** Where fog takes light of a ray (unit direction) before `reach`, null where it does not. */
  distance(o: V, d: V, reach: number, r: Random): number | null
  /** Share of light that comes through between 0 and `reach`. */
  clear(o: V, d: V, reach: number): number
  /** Per solid angle, by the cosine of the angle that light is turned by. */
  phase(cosine: number): number
}

export function fogOf({ scene }: ResolvedScene, t: number): ReferenceFog {
  const { fog } = scene
  if (!fog) return { albedo: [0, 0, 0], distance: () => null, clear: () => 1, phase: () => 0 }
  const density = numberAt(fog.density, t)
  const g = fog.anisotropy
  /** Entry into the box and length within it. */
  const stretch = (o: V, d: V, reach: number): readonly [number, number] => {
    let low = 0
    let high = reach
    for (let k = 0; k < 3; k++) {
      const [a, b] = [(fog.box.min[k]! - o[k]!) / d[k]!, (fog.box.max[k]! - o[k]!) / d[k]!]
      low = Math.max(low, Math.min(a, b))
      high = Math.min(high, Math.max(a, b))
    }
    return [low, Math.max(0, high - low)]
  }
  return {
    albedo: vec3At(fog.albedo, t),
    distance(o, d, reach, r) {
      const [from, length] = stretch(o, d, reach)
      const s = -Math.log(r()) / density
      return s < length ? from + s : null
    },
    clear: (o, d, reach) => Math.exp(-density * stretch(o, d, reach)[1]),
    phase: c => (1 - g * g) / (4 * Math.PI * (1 + g * g - 2 * g * c) ** 1.5),
  }
}
