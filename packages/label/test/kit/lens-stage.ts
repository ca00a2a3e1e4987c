/** Boxes that move and turn before a camera that does, behind any lens: their surfaces, their ways and their images in closed form. */
import { flow, flowMask, INVALID } from '../../src/flow.ts'
import { boxHit, cameraInput, type LensCase, looker, type Rig } from './lenses.ts'
import { cube, norm, plus, stage, turn, turnQuat, unit, type V } from './oracle.ts'

export const WIDTH = 40
export const HEIGHT = 30
export const axis = unit([0.3, -0.5, 0.8])
const scale: V = [0.9, 0.6, 0.5]
export const place = (t: number): V => [0.1 + 0.5 * t, -0.1 - 0.3 * t, -1.6 + 0.4 * t]
export const RATE = 2.5
export const box = { mesh: cube(), scale, path: (t: number) => ({ position: place(t), rotation: turnQuat(axis, RATE * t) }) }
/** A second box above and behind the camera, which only wide lenses see. */
export const far: V = [0.4, 1.2, 0.9]
const wall: V = [0, 0, -3.2]
const wide: V = [8, 8, 0.4]
const third = { mesh: cube(), scale: wide, path: () => ({ position: wall, rotation: [0, 0, 0, 1] as const }) }
export const second = { mesh: cube(), scale: [0.7, 0.7, 0.7] as V, path: () => ({ position: far, rotation: [0, 0, 0, 1] as const }) }

export function lensStage(lens: LensCase, readout: number) {
  const rig: Rig = {
    from: [0.05, 0.02, 0],
    velocity: [0.3, -0.2, 0.1],
    axis: unit([0.1, 1, 0.3]),
    rate: 0.4,
    width: WIDTH,
    height: HEIGHT,
    readout,
  }
  const look = looker(lens, rig)
  const s = stage({ cameras: [cameraInput(lens, rig)], objects: [box, second, third] })
  const context = s.context(1)
  const time = 0.1
  /** First surface on a ray: object and point. */
  const hit = (o: V, d: V, t: number): { k: number; point: V } | null => {
    const found = [
      boxHit(o, d, scale, place(t), axis, RATE * t),
      boxHit(o, d, second.scale, far, axis, 0),
      boxHit(o, d, wide, wall, axis, 0),
    ]
      .map((point, k) => ({ k, point }))
      .filter((x): x is { k: number; point: V } => x.point !== null)
      .sort((a, b) => norm(plus(a.point, o, -1)) - norm(plus(b.point, o, -1)))
    return found[0] ?? null
  }
  const carry = (k: number, p: V, from: number, to: number): V =>
    k > 0 ? p : plus(turn(plus(p, place(from), -1), axis, RATE * (to - from)), place(to))
  return { rig, look, s, context, time, hit, carry }
}

/** Lengths of the differences between the flow to the next or last frame and the closed form, pixels, of all pixels that have both. */
export function flowErrors(lens: LensCase, readout: number, step: 1 | -1): number[] {
  const { look, context, time, hit, carry } = lensStage(lens, readout)
  const told = flow(context, step)
  const mask = flowMask(context, step)
  const errors: number[] = []
  for (let p = 0; p < WIDTH * HEIGHT; p++) {
    const [u, v] = [(p % WIDTH) + 0.5, Math.floor(p / WIDTH) + 0.5]
    const t = look.rowTime(time, v)
    const { origin, direction } = look.ray(u, v, t)
    const first = hit(origin, direction, t)
    // A pixel centre may graze an edge.
    if ((first ? first.k : -1) !== context.primary.instance[p] || mask[p] & INVALID) continue
    const to = look.exposed(τ => (first ? look.see(carry(first.k, first.point, t, τ), τ) : look.sky(direction, τ)), time + 0.1 * step)
    if (!to) continue
    const dv = to[1] - v
    let du = to[0] - u
    if (lens.name === 'equirectangular') du -= WIDTH * Math.round(du / WIDTH)
    errors.push(Math.hypot(told[2 * p] - du, told[2 * p + 1] - dv))
  }
  return errors
}
