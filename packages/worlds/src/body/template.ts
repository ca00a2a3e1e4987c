/** The mean body with its skin weights, and everything that can be worn: made once a process, then moved to each shape. */
import { type fields, type Vec3, vec3 } from '@dioramic/scene'
import { anatomy } from './anatomy.ts'
import { type Bottom, bottom, type Hair, hair, type Piece, shoes, type Top, top } from './garments.ts'
import { browField, EYE_RADIUS, lipsField } from './head.ts'
import { girths } from './shape.ts'
import { EAR, EYE, type RestJoint, restJoints } from './skeleton.ts'
import { type Lens, type Surface, surfaceOf } from './surface.ts'
import { type Binding, bind, boundWeights, skinWeights, type Weights } from './weights.ts'

/** The shape that the template has. */
export const MEAN = girths(1, 0.5)

/** Cell of the skin outside of the lenses: 24 mm of 1.75 m. */
const CELL = 0.0135

export interface Template {
  readonly joints: readonly RestJoint[]
  readonly skin: Surface
  readonly weights: Weights
}

/** Something on the body: its surface around the mean body, the skin it is bound to, its weights. */
export interface Worn {
  readonly surface: Surface
  readonly binding: Binding
  readonly weights: Weights
  /** The field that it is the surface of; null where the skin need not go under it. */
  readonly field: fields.DistanceField | null
}

let made: Template | undefined

/** The naked mean body. */
export function template(): Template {
  if (made) return made
  const { at, body } = anatomy(MEAN)
  const both = (c: Vec3, radius: number, magnification: number): Lens[] =>
    [1, -1].map(s => ({ center: [c[0], s * c[1], c[2]], radius, magnification }))
  const lenses = [
    { center: [0.01, 0, 0.93] as Vec3, radius: 0.075, magnification: 1.8 },
    { center: [0.05, 0, 0.92] as Vec3, radius: 0.045, magnification: 2.4 },
    ...both(EAR, 0.024, 1.9),
    ...both(at.hand, 0.07, 2.8),
    ...both([0.06, at.foot[1], 0.01], 0.06, 1.5),
  ]
  const skin = surfaceOf(body, { min: [-0.13, -0.42, -0.02], max: [0.16, 0.42, 1.02] }, CELL, lenses)
  const joints = restJoints(MEAN.build)
  made = { joints, skin, weights: skinWeights(skin, joints) }
  return made
}

export type WornName = `top:${Top}` | `bottom:${Bottom}` | `hair:${Hair}` | 'shoes' | 'lips' | 'brows'
const worn = new Map<WornName, Worn>()

function pieceOf(name: WornName): Piece {
  const a = anatomy(MEAN)
  const [what, kind] = name.split(':')
  if (what === 'top') return top(kind as Top, a)
  if (what === 'bottom') return bottom(kind as Bottom, a)
  if (what === 'hair') return hair(kind as Hair)
  if (what === 'shoes') return shoes(a)
  if (what === 'lips') return { field: lipsField(MEAN), min: [0.036, -0.02, 0.886], max: [0.066, 0.02, 0.907], cell: 0.0011 }
  return { field: browField(MEAN), min: [0.026, -0.038, 0.94], max: [0.06, 0.038, 0.957], cell: 0.0013 }
}

/** A garment, the hair, the lips or the brows around the mean body. */
export function wornOf(name: WornName): Worn {
  const known = worn.get(name)
  if (known) return known
  const body = template()
  const { field, min, max, cell } = pieceOf(name)
  const surface = surfaceOf(field, { min, max }, cell)
  const binding = bind(surface.positions, body.skin.positions, name.startsWith('bottom:skirt') ? 24 : 6)
  const covers = name !== 'lips' && name !== 'brows'
  const made = { surface, binding, weights: boundWeights(binding, body.weights, body.joints.length), field: covers ? field : null }
  worn.set(name, made)
  return made
}

/** An eyeball as three caps of a sphere that looks along +X: white, iris and pupil. Its joint alone carries it. */
export function eyeball(side: 1 | -1): { readonly white: Surface; readonly iris: Surface; readonly pupil: Surface } {
  const center: Vec3 = [EYE[0], side * EYE[1], EYE[2]]
  const N = 24
  // Cosine of the angle from +X at every ring; the first two bounds are those of pupil (2 mm) and iris (6 mm of 12).
  const band = (rings: readonly number[]): Surface => {
    const s: Surface = { positions: [], normals: [], indices: [] }
    rings.forEach((c, r) => {
      const radius = Math.sqrt(Math.max(0, 1 - c * c))
      for (let i = 0; i < N; i++) {
        const n: Vec3 = [c, radius * CIRCLE[2 * i]!, radius * CIRCLE[2 * i + 1]!]
        s.positions.push(...vec3.add(center, vec3.scale(n, EYE_RADIUS)))
        s.normals.push(...n)
        if (r + 1 === rings.length) continue
        const [a, b] = [r * N + i, r * N + ((i + 1) % N)]
        if (rings[r + 1] !== -1) s.indices.push(a, a + N, b + N)
        if (c !== 1) s.indices.push(a, b + N, b)
        else if (rings[r + 1] === -1) s.indices.push(a, a + N, b)
      }
    })
    return s
  }
  return { pupil: band([1, 0.995, 0.981]), iris: band([0.981, 0.95, 0.9, 0.86]), white: band([0.86, 0.75, 0.6, 0.35, 0, -0.5, -0.87, -1]) }
}

/** Cosine and sine of 24 steps of a turn. */
const CIRCLE = (() => {
  const out: number[] = []
  const [c, s] = [0.9659258262890683, 0.25881904510252074]
  let [x, y] = [1, 0]
  for (let i = 0; i < 24; i++) {
    out.push(x, y)
    ;[x, y] = [x * c - y * s, x * s + y * c]
  }
  return out
})()
