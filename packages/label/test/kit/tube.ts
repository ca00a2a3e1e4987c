/** A bending, swelling tube, and the same body in closed form: its own chain of turns, in f64, without matrices. Shares no code with scene, render or labels. */
import type { SceneInput } from '@dioramic/scene'
import { type MeshInput, tube, turnX } from '../../../render/test/support/tube.ts'
import { outer, plus, turn, turnQuat, unit, type V } from './oracle.ts'

const JOINTS = 4
/** Radians a second of joint j against the one below it. */
const rateOf = (j: number) => [0, 1.9, -1.3, 2.6][j]
/** Metres a second of joint 2 along its parent, on top of its place at rest: the body grows longer. */
const STRETCH = 0.2
/** Radius added a second. */
const SWELL = 0.12
const X: V = [1, 0, 0]

export const bendingTube = (): MeshInput => {
  const g = tube(12, 12, JOINTS)
  return { ...g, morphs: [{ name: 'fat', positions: g.normals!.map((n, i) => (i % 3 === 2 ? 0 : n)) }] }
}

type Pose = NonNullable<NonNullable<SceneInput['objects']>[number]['pose']>
const times = Array.from({ length: 41 }, (_, i) => -1 + i / 20)

/** The pose that the scene gives it: keyframes every 50 ms, so that no turn between two is long. */
export const bendingPose = (): Pose => ({
  joints: Object.fromEntries(
    Array.from({ length: JOINTS }, (_, j) => [
      `j${j}`,
      {
        rotation: { keys: times.map(t => [t, turnX(rateOf(j) * t)]) },
        ...(j === 2 ? { translation: { keys: times.map(t => [t, [0, 0, 1 / JOINTS + STRETCH * (1 + t)]]) } } : {}),
      },
    ]),
  ),
  morphs: { fat: { keys: times.map(t => [t, SWELL * t]) } },
})

export interface Body {
  readonly scale: V
  readonly axis: V
  readonly rate: number
  readonly place: (t: number) => V
}

export const pathOf =
  ({ axis, rate, place }: Body) =>
  (t: number) => ({ position: place(t), rotation: turnQuat(axis, rate * t) })

/** World positions of the tube's vertices at any time. */
export function tubeAt(body: Body) {
  const g = bendingTube()
  const { weights, indices: links } = g.skin!
  const fat = g.morphs![0].positions
  const count = g.positions.length / 3
  /** Heights of joints above the one below them, and the bend up to each. */
  const chain = (t: number) => {
    const at: { origin: V; angle: number }[] = []
    for (let j = 0; j < JOINTS; j++) {
      const below = at[j - 1]
      const up = j === 0 ? 0 : 1 / JOINTS + (j === 2 ? STRETCH * (1 + t) : 0)
      at.push({
        origin: below ? plus(below.origin, turn([0, 0, up], X, below.angle)) : [0, 0, 0],
        angle: (below?.angle ?? 0) + rateOf(j) * t,
      })
    }
    return at
  }
  const vertex = (i: number, t: number, at = chain(t)): V => {
    const rest: V = [0, 1, 2].map(a => g.positions[3 * i + a] + SWELL * t * fat[3 * i + a]) as unknown as V
    let sum: V = [0, 0, 0]
    for (let k = 0; k < 4; k++) {
      const j = links[4 * i + k]
      const from: V = [0, 0, j / JOINTS]
      sum = plus(sum, plus(at[j].origin, turn(plus(rest, from, -1), X, at[j].angle)), weights[4 * i + k])
    }
    const scaled: V = [sum[0] * body.scale[0], sum[1] * body.scale[1], sum[2] * body.scale[2]]
    return plus(turn(scaled, body.axis, body.rate * t), body.place(t))
  }
  return {
    indices: g.indices,
    count,
    vertex,
    /** All of them. */
    shape(t: number): V[] {
      const at = chain(t)
      return Array.from({ length: count }, (_, i) => vertex(i, t, at))
    },
    /** World places of the joints. */
    joints: (t: number): V[] =>
      chain(t).map(({ origin }) => {
        const o: V = [origin[0] * body.scale[0], origin[1] * body.scale[1], origin[2] * body.scale[2]]
        return plus(turn(o, body.axis, body.rate * t), body.place(t))
      }),
    /** A point of triangle f at any time. */
    point(f: number, u: number, v: number, t: number): V {
      const [a, b, c] = [0, 1, 2].map(k => vertex(g.indices[3 * f + k], t))
      return plus(plus(plus([0, 0, 0], a, 1 - u - v), b, u), c, v)
    },
    /** Its place on the mesh at rest. */
    rest(f: number, u: number, v: number): V {
      const at = (k: number): V => [0, 1, 2].map(a => g.positions[3 * g.indices[3 * f + k] + a]) as unknown as V
      return plus(plus(plus([0, 0, 0], at(0), 1 - u - v), at(1), u), at(2), v)
    },
    /** Whether joint j moves a corner of triangle f. */
    moves: (j: number, f: number) =>
      [0, 1, 2].some(c => [0, 1, 2, 3].some(k => links[4 * g.indices[3 * f + c] + k] === j && weights[4 * g.indices[3 * f + c] + k] > 0)),
    normal: (f: number, shape: readonly V[]): V => {
      const [a, b, c] = [0, 1, 2].map(k => shape[g.indices[3 * f + k]])
      return unit(outer(plus(b, a, -1), plus(c, a, -1)))
    },
  }
}

export interface Hit {
  readonly triangle: number
  readonly t: number
  readonly u: number
  readonly v: number
  readonly point: V
}

/** First of the triangles on a ray (Möller and Trumbore 1997), beyond `low`. */
export function trace(shape: readonly V[], indices: ArrayLike<number>, o: V, d: V, low = 0): Hit | null {
  let best: Hit | null = null
  for (let f = 0; f < indices.length; f += 3) {
    const a = shape[indices[f]]
    const [e1, e2] = [plus(shape[indices[f + 1]], a, -1), plus(shape[indices[f + 2]], a, -1)]
    const h = outer(d, e2)
    const det = e1[0] * h[0] + e1[1] * h[1] + e1[2] * h[2]
    const s = plus(o, a, -1)
    const u = (s[0] * h[0] + s[1] * h[1] + s[2] * h[2]) / det
    if (!(u >= 0 && u <= 1)) continue
    const q = outer(s, e1)
    const v = (d[0] * q[0] + d[1] * q[1] + d[2] * q[2]) / det
    if (!(v >= 0 && u + v <= 1)) continue
    const t = (e2[0] * q[0] + e2[1] * q[1] + e2[2] * q[2]) / det
    if (t > low && t < (best?.t ?? Infinity)) best = { triangle: f / 3, t, u, v, point: plus(o, d, t) }
  }
  return best
}
