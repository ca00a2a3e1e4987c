/** OpenCV's camera models once more, for tests: forward formulas as its documentation gives them, inverses by bisection or numeric Newton. */
import type { SceneInput } from '@dioramic/scene'
import { norm, plus, turn, turnQuat, unit, type V } from './oracle.ts'

type CameraInput = SceneInput['cameras'][number]
/** Camera frame, x right, y down, z forward, to the image plane; null where there is no image. */
type Forward = (x: number, y: number, z: number) => readonly [number, number] | null

export interface LensCase {
  readonly name: string
  /** Fields of the camera besides place, size and focal length. */
  readonly input: Partial<CameraInput>
  readonly forward: Forward
  /** Millimetres at 0 s, and growth in a second. */
  readonly focal?: readonly [number, number]
  /** Pixels a unit of the image plane, where no focal length says it. */
  readonly scale?: (width: number, height: number) => readonly [number, number]
  readonly parallel?: boolean
  /** Angle from the axis that the test looks at, at most. */
  readonly reach: number
}

const distorted =
  (k: readonly number[], p: readonly number[], s: readonly number[]): Forward =>
  (X, Y, Z) => {
    if (Z < 1e-3) return null
    const [x, y] = [X / Z, Y / Z]
    const r2 = x * x + y * y
    const radial = (1 + k[0] * r2 + k[1] * r2 ** 2 + k[2] * r2 ** 3) / (1 + k[3] * r2 + k[4] * r2 ** 2 + k[5] * r2 ** 3)
    return [
      x * radial + 2 * p[0] * x * y + p[1] * (r2 + 2 * x * x) + s[0] * r2 + s[1] * r2 ** 2,
      y * radial + p[0] * (r2 + 2 * y * y) + 2 * p[1] * x * y + s[2] * r2 + s[3] * r2 ** 2,
    ]
  }
const kannalaBrandt =
  (k: readonly number[]): Forward =>
  (X, Y, Z) => {
    const r = Math.hypot(X, Y)
    const t = Math.atan2(r, Z)
    const d = t * (1 + k[0] * t ** 2 + k[1] * t ** 4 + k[2] * t ** 6 + k[3] * t ** 8)
    return r === 0 ? [0, 0] : [(d * X) / r, (d * Y) / r]
  }

const zero = [0, 0, 0, 0, 0, 0]
const rational = {
  k: [0.6, 0.05, 0.001, 0.95, 0.2, 0.01],
  p: [1e-3, -2e-3] as [number, number],
  s: [1e-3, -1e-3, 2e-3, 5e-4] as [number, number, number, number],
}
const brandt: [number, number, number, number] = [0.01, -0.005, 0.001, -1e-4]

export const LENSES: readonly LensCase[] = [
  {
    name: 'pinhole with zoom',
    input: { principalOffset: [0.03, -0.02], pixelAspect: 1.2 },
    forward: distorted(zero, zero, zero),
    focal: [30, 20],
    reach: 1,
  },
  {
    name: 'brown-conrady',
    input: { distortion: rational },
    forward: distorted(rational.k, rational.p, rational.s),
    focal: [32, -4],
    reach: 1,
  },
  { name: 'fisheye', input: { type: 'fisheye' } as never, forward: kannalaBrandt(zero), focal: [9, 1], reach: 3.1 },
  {
    name: 'kannala-brandt',
    input: { type: 'fisheye', distortion: brandt } as never,
    forward: kannalaBrandt(brandt),
    focal: [14, 2],
    reach: 2.3,
  },
  {
    name: 'orthographic',
    input: { type: 'orthographic', extent: 2.4 } as never,
    forward: (x, y, z) => (z > 1e-3 ? [x, y] : null),
    scale: width => [width / 2.4, width / 2.4],
    parallel: true,
    reach: 0,
  },
  {
    name: 'equirectangular',
    input: { type: 'equirectangular' } as never,
    forward: (x, y, z) => [Math.atan2(x, z), Math.atan2(y, Math.hypot(x, z))],
    scale: (width, height) => [width / (2 * Math.PI), height / Math.PI],
    reach: Math.PI,
  },
]

/** A camera on a straight line that turns evenly about a fixed axis. */
export interface Rig {
  readonly from: V
  readonly velocity: V
  readonly axis: V
  readonly rate: number
  readonly width: number
  readonly height: number
  readonly readout: number
}

/** The rig behind a lens, as the scene format says it; keys from −1 to 1 s. */
export function cameraInput(lens: LensCase, rig: Rig): CameraInput {
  const times = Array.from({ length: 41 }, (_, i) => -1 + i / 20)
  const key = <T>(value: (t: number) => T) => ({ keys: times.map(t => [t, value(t)] as [number, T]), interpolation: 'linear' as const })
  return {
    ...lens.input,
    resolution: [rig.width, rig.height],
    readout: rig.readout,
    ...(lens.focal ? { focalLength: key(t => lens.focal![0] + lens.focal![1] * t), sensorWidth: 32 } : {}),
    position: key(t => [...plus(rig.from, rig.velocity, t)] as [number, number, number]),
    rotation: key(t => [...turnQuat(rig.axis, rig.rate * t)] as [number, number, number, number]),
  } as CameraInput
}

/** Where the rig sees world points at a time, and along which rays. */
export function looker(lens: LensCase, rig: Rig) {
  const scaleAt = (t: number) => {
    if (!lens.focal) return lens.scale!(rig.width, rig.height)
    const f = ((lens.focal[0] + lens.focal[1] * t) / 32) * rig.width
    return [f, f / ((lens.input as { pixelAspect?: number }).pixelAspect ?? 1)]
  }
  const offset = (lens.input as { principalOffset?: readonly number[] }).principalOffset ?? [0, 0]
  const centre = [rig.width * (0.5 + offset[0]), rig.height * (0.5 + offset[1])]
  const eyeAt = (t: number): V => plus(rig.from, rig.velocity, t)
  const toCamera = (d: V, t: number): V => turn(d, rig.axis, -rig.rate * t)
  const raster = (d: V, t: number): readonly [number, number] | null => {
    const [x, up, back] = toCamera(d, t)
    const plane = lens.forward(x, -up, -back)
    const s = scaleAt(t)
    return plane && [centre[0] + s[0] * plane[0], centre[1] + s[1] * plane[1]]
  }
  const see = (p: V, t: number) => raster(plus(p, eyeAt(t), -1), t)
  const rowTime = (t: number, v: number) => t + (v / rig.height - 0.5) * rig.readout
  return {
    eyeAt,
    rowTime,
    see,
    /** Raster direction of the sky. */
    sky: raster,
    /** Ray through raster (u, v) at `t`: origin and unit direction. */
    ray(u: number, v: number, t: number): { readonly origin: V; readonly direction: V } {
      const s = scaleAt(t)
      const [a, b] = [(u - centre[0]) / s[0], (v - centre[1]) / s[1]]
      const world = (q: V): V => turn(q, rig.axis, rig.rate * t)
      if (lens.parallel) return { origin: plus(eyeAt(t), world([a, -b, 0])), direction: world([0, 0, -1]) }
      // Newton over two angles from the axis, by finite differences; angle first by bisection along the way out.
      const away = Math.atan2(b, a)
      const at = (angle: number, turned: number): V => [
        Math.sin(angle) * Math.cos(turned),
        -Math.sin(angle) * Math.sin(turned),
        -Math.cos(angle),
      ]
      const place = (q: V) => lens.forward(q[0], -q[1], -q[2])!
      if (lens.name === 'equirectangular') {
        return { origin: eyeAt(t), direction: world([Math.cos(b) * Math.sin(a), -Math.sin(b), -Math.cos(b) * Math.cos(a)]) }
      }
      let [low, high] = [0, Math.min(lens.reach, 3.1)]
      for (let i = 0; i < 60; i++) {
        const mid = (low + high) / 2
        if (Math.hypot(...place(at(mid, away))) < Math.hypot(a, b)) low = mid
        else high = mid
      }
      let q = at(low, away)
      for (let i = 0; i < 30; i++) {
        const h = 1e-6
        const side = unit(Math.abs(q[0]) < 0.9 ? [0, q[2], -q[1]] : [-q[2], 0, q[0]])
        const other: V = [q[1] * side[2] - q[2] * side[1], q[2] * side[0] - q[0] * side[2], q[0] * side[1] - q[1] * side[0]]
        const p0 = place(q)
        const d = [side, other].map(e => {
          const [plus1, minus1] = [place(unit(plus(q, e, h))), place(unit(plus(q, e, -h)))]
          return [(plus1[0] - minus1[0]) / (2 * h), (plus1[1] - minus1[1]) / (2 * h)]
        })
        const [ex, ey] = [a - p0[0], b - p0[1]]
        const det = d[0][0] * d[1][1] - d[1][0] * d[0][1]
        q = unit(plus(plus(q, side, (ex * d[1][1] - ey * d[1][0]) / det), other, (ey * d[0][0] - ex * d[0][1]) / det))
      }
      return { origin: eyeAt(t), direction: world(q) }
    },
    /** Where something on a path is exposed in the picture of time `t`: by bisection of v(τ) = row(τ). Null where it is not seen on the way. */
    exposed(seen: (time: number) => readonly [number, number] | null, t: number): readonly [number, number] | null {
      if (rig.readout === 0) return seen(t)
      let [low, high] = [rowTime(t, -4 * rig.height), rowTime(t, 5 * rig.height)]
      const late = (time: number) => {
        const place = seen(time)
        return place && place[1] - ((time - t) / rig.readout + 0.5) * rig.height
      }
      for (let i = 0; i < 90; i++) {
        const mid = (low + high) / 2
        const e = late(mid)
        if (e === null) return null
        if (e > 0) low = mid
        else high = mid
      }
      return seen(low)
    },
  }
}

/** Nearest hit of a ray with the box [−½, ½]³·scale under a pose, as a world point; null for a miss. */
export function boxHit(o: V, d: V, scale: V, place: V, axis: V, angle: number): V | null {
  const p = turn(plus(o, place, -1), axis, -angle)
  const q = turn(d, axis, -angle)
  let [near, far] = [0, Infinity]
  for (let a = 0; a < 3; a++) {
    const [x, y] = [(-scale[a] / 2 - p[a]) / q[a], (scale[a] / 2 - p[a]) / q[a]]
    near = Math.max(near, Math.min(x, y))
    far = Math.min(far, Math.max(x, y))
  }
  return near > 0 && near < far - 1e-9 ? plus(o, d, near) : null
}

/** Angle between the camera's axis and a direction. */
export const awayFrom = (d: V, forward: V): number =>
  Math.acos(Math.min(1, Math.max(-1, (d[0] * forward[0] + d[1] * forward[1] + d[2] * forward[2]) / norm(d))))
