/** Where cameras go: a path is a function of time in seconds, for `movingCamera`. */
import { type Key, portable, quat, type Vec3, vec3 } from '@dioramic/scene'

/** Where a camera stands and what it looks at. */
export interface View {
  /** Metres, world. */
  readonly position: Vec3
  /** The point in the middle of the picture, metres, world. */
  readonly lookAt: Vec3
  /** Turn about the optical axis, radians, counter-clockwise seen from behind the camera; 0. */
  readonly roll?: number
}

/** View at a time in seconds. */
export type CameraPath = (t: number) => View

/** Start and end of a movement, seconds. Before and after it, the path is held where it begins and ends. */
export type Span = readonly [number, number]

const share = (t: number, [start, end]: Span): number => {
  if (!(end > start)) throw new RangeError(`camera path: it ends at ${end} s, which is not after its start at ${start} s`)
  return Math.min(1, Math.max(0, (t - start) / (end - start)))
}

/** A camera that stays. */
export const fixedPath =
  (view: View): CameraPath =>
  () =>
    view

/** From one view to another on straight lines, the camera and the point that it looks at each at constant speed (MOVi-E; panning MOVi-E where both move). */
export const linearPath =
  (from: View, to: View, span: Span): CameraPath =>
  t => {
    const u = share(t, span)
    return {
      position: vec3.lerp(from.position, to.position, u),
      lookAt: vec3.lerp(from.lookAt, to.lookAt, u),
      roll: (from.roll ?? 0) + u * ((to.roll ?? 0) - (from.roll ?? 0)),
    }
  }

/** On a tripod: turns about +Z by `angle` radians (counter-clockwise seen from above) at constant speed. */
export const panningPath =
  (from: View, angle: number, span: Span): CameraPath =>
  t => {
    const turn = quat.fromAxisAngle([0, 0, 1], angle * share(t, span))
    return { ...from, lookAt: vec3.add(from.position, quat.rotate(turn, vec3.sub(from.lookAt, from.position))) }
  }

/** On a horizontal circle about the point that it looks at, from where the view stands, by `turns` turns (counter-clockwise seen from above) at constant speed. */
export const orbitPath =
  (from: View, turns: number, span: Span): CameraPath =>
  t => {
    const turn = quat.fromAxisAngle([0, 0, 1], 2 * Math.PI * turns * share(t, span))
    return { ...from, position: vec3.add(from.lookAt, quat.rotate(turn, vec3.sub(from.position, from.lookAt))) }
  }

/**
 * Through all views at the times given, velocities continuous: Hermite's cubics whose slopes are those of the parabola through a view and its
 * two neighbours (Catmull–Rom for uneven times). Held before the first and after the last.
 *
 * @param times seconds, increasing, one a view
 */
export function splinePath(views: readonly View[], times: readonly number[]): CameraPath {
  if (views.length < 2 || views.length !== times.length)
    throw new RangeError(`spline: ${views.length} views and ${times.length} times; give two or more, as many of one as of the other`)
  const bad = times.findIndex((t, i) => i > 0 && !(t > times[i - 1]!))
  if (bad > 0) throw new RangeError(`spline: time ${bad} is ${times[bad]} s, not after ${times[bad - 1]} s; times must increase`)
  const rows = views.map(v => [...v.position, ...v.lookAt, v.roll ?? 0])
  const last = times.length - 1
  const secant = (i: number, c: number) => (rows[i + 1]![c]! - rows[i]![c]!) / (times[i + 1]! - times[i]!)
  const slope = (i: number, c: number): number => {
    if (last === 1) return secant(0, c)
    const mid = Math.min(Math.max(i, 1), last - 1)
    const [a, b] = [secant(mid - 1, c), secant(mid, c)]
    const [before, after] = [times[mid]! - times[mid - 1]!, times[mid + 1]! - times[mid]!]
    // Slope of the parabola through the three views around `mid`, at view i.
    const bend = (b - a) / (before + after)
    return (a * after + b * before) / (before + after) + 2 * bend * (times[i]! - times[mid]!)
  }
  const slopes = rows.map((row, i) => row.map((_, c) => slope(i, c)))
  return t => {
    const clamped = Math.min(times[last]!, Math.max(times[0]!, t))
    let i = 0
    while (i < last - 1 && times[i + 1]! <= clamped) i++
    const h = times[i + 1]! - times[i]!
    const u = (clamped - times[i]!) / h
    const [u2, u3] = [u * u, u * u * u]
    const at = (c: number) =>
      (2 * u3 - 3 * u2 + 1) * rows[i]![c]! +
      (u3 - 2 * u2 + u) * h * slopes[i]![c]! +
      (3 * u2 - 2 * u3) * rows[i + 1]![c]! +
      (u3 - u2) * h * slopes[i + 1]![c]!
    return { position: [at(0), at(1), at(2)], lookAt: [at(3), at(4), at(5)], roll: at(6) }
  }
}

/** Stays at `offset` metres from a moving point and looks at it; `lag` seconds behind (mean of the last `lag` seconds), which smooths bumps. */
export function followPath(target: (t: number) => Vec3, offset: Vec3, lag = 0): CameraPath {
  const steps = lag > 0 ? 16 : 1
  return t => {
    let sum: Vec3 = [0, 0, 0]
    for (let i = 0; i < steps; i++) sum = vec3.add(sum, target(t - (lag * i) / steps))
    const lookAt = vec3.scale(sum, 1 / steps)
    return { position: vec3.add(lookAt, offset), lookAt }
  }
}

export interface HandheldOptions {
  /** Root mean square of the movement along each axis, metres; 0.01. */
  readonly sway?: number
  /** Root mean square of the turn about each axis, radians; 0.006. */
  readonly shake?: number
  /** Lowest and highest frequency, hertz; 0.2 to 4. Amplitudes fall as one over the frequency. */
  readonly band?: readonly [number, number]
}

/** A path held by hand: band-limited noise on place, aim and roll, smooth in time, drawn from the key. */
export function handheldPath(path: CameraPath, key: Key, options: HandheldOptions = {}): CameraPath {
  const { sway = 0.01, shake = 0.006, band = [0.2, 4] } = options
  const noise = (name: string) => wobble(key.fork(name), band)
  const place = ['x', 'y', 'z'].map(noise)
  const [pitch, yaw, roll] = ['pitch', 'yaw', 'roll'].map(noise) as [Wobble, Wobble, Wobble]
  return t => {
    const view = path(t)
    const off = place.map(f => sway * f(t)) as unknown as Vec3
    const gaze = vec3.sub(view.lookAt, view.position)
    const right = vec3.cross(gaze, [0, 0, 1])
    const tilt = vec3.length(right) > 0 ? quat.fromAxisAngle(vec3.normalize(right), shake * pitch(t)) : quat.IDENTITY
    const turn = quat.multiply(quat.fromAxisAngle([0, 0, 1], shake * yaw(t)), tilt)
    const position = vec3.add(view.position, off)
    return { position, lookAt: vec3.add(position, quat.rotate(turn, gaze)), roll: (view.roll ?? 0) + shake * roll(t) }
  }
}

type Wobble = (t: number) => number

/** Smooth noise of mean square 1 over long times: waves at frequencies evenly spaced in the logarithm, amplitudes as 1/f, phases drawn. */
function wobble(key: Key, [low, high]: readonly [number, number]): Wobble {
  if (!(low > 0 && high > low)) throw new RangeError(`handheld: the band ${low} to ${high} Hz is empty; give 0 < low < high`)
  const n = 12
  const step = portable.log(high / low) / n
  const waves = key.times(n).map((k, i) => {
    const frequency = low * portable.exp(step * (i + k.fork('frequency').uniform()))
    return { frequency, amplitude: 1 / frequency, phase: k.fork('phase').uniform(0, 2 * Math.PI) }
  })
  const power = waves.reduce((s, w) => s + (w.amplitude * w.amplitude) / 2, 0)
  const gain = 1 / Math.sqrt(power)
  return t => gain * waves.reduce((s, w) => s + w.amplitude * portable.sin(2 * Math.PI * w.frequency * t + w.phase), 0)
}
