/** Matrices and boxes of instances. */
import type { Motion, Pose } from '@dioramic/physics'
import { quat, type ResolvedScene, type Vec3 } from '@dioramic/scene'
import { RenderError } from './errors.ts'

/** Row-major 3×4: world-from-object and its inverse, f64. */
export interface Matrices {
  readonly worldFromObject: Float64Array
  readonly objectFromWorld: Float64Array
}

export function matrices(pose: Pose, scale: Vec3, where: string): Matrices {
  const r = quat.toMatrix3(pose.rotation)
  const p = pose.position
  const forward = new Float64Array(12)
  const inverse = new Float64Array(12)
  for (let i = 0; i < 3; i++) {
    const s = scale[i]!
    if (!(s > 0) || !Number.isFinite(s))
      throw new RenderError(`${where} has the scale ${scale.join(', ')}. Each must be positive and finite.`)
    for (let j = 0; j < 3; j++) {
      forward[i * 4 + j] = r[i * 3 + j]! * scale[j]!
      inverse[i * 4 + j] = r[j * 3 + i]! / s
    }
    forward[i * 4 + 3] = p[i]!
    inverse[i * 4 + 3] = -(r[i]! * p[0] + r[3 + i]! * p[1] + r[6 + i]! * p[2]) / s
  }
  for (const m of [forward, inverse]) {
    if (!m.every(Number.isFinite)) {
      throw new RenderError(
        `${where} has a pose that is not a number: position ${p.join(', ')}, rotation ${pose.rotation.join(', ')}. Check its keyframes and the simulation.`,
      )
    }
  }
  return { worldFromObject: forward, objectFromWorld: inverse }
}

export const poseMatrices = (resolved: ResolvedScene, motion: Motion, index: number, t: number): Matrices => {
  const object = resolved.scene.objects[index]!
  return matrices(motion.pose(object.id, t), object.scale, `object "${object.name}"`)
}

/** Grows the box at `out[at …]` (min x, y, z, max x, y, z, f32, rounded outwards) by a box under a matrix. */
export function growBox(out: Float32Array, at: number, m: Float64Array, min: Vec3, max: Vec3): void {
  for (let i = 0; i < 3; i++) {
    let low = m[i * 4 + 3]!
    let high = low
    // Slack for the f32 arithmetic of traversal: a few ulp of what is added up.
    let magnitude = Math.abs(low)
    for (let j = 0; j < 3; j++) {
      const a = m[i * 4 + j]! * min[j]!
      const b = m[i * 4 + j]! * max[j]!
      low += Math.min(a, b)
      high += Math.max(a, b)
      magnitude += Math.max(Math.abs(a), Math.abs(b))
    }
    const slack = magnitude * 1e-6
    out[at + i] = Math.min(out[at + i]!, low - slack)
    out[at + 3 + i] = Math.max(out[at + 3 + i]!, high + slack)
  }
}

export function emptyBoxes(count: number): Float32Array {
  const boxes = new Float32Array(count * 6)
  for (let i = 0; i < count * 6; i++) boxes[i] = i % 6 < 3 ? Infinity : -Infinity
  return boxes
}
