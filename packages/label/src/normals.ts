/** Normals of the frame's surface points: f64 first, rounded to the stored 16 bits only at the end. */
import { cornersAt, quat } from '@dioramic/scene'
import type { FrameContext } from './label.ts'
import { type Matrices, matricesAt } from './matrices.ts'
import { memo } from './memo.ts'
import { frameCamera, frameDirections } from './pixels.ts'
import { rowsOf } from './rows.ts'

/** Calls `see` with every pixel that shows a surface and the matrices of its row's time. */
export function eachSurface(context: FrameContext, see: (p: number, at: Matrices) => void): void {
  const { instance } = context.primary
  const { width } = frameCamera(context)
  for (const { time, from, to } of rowsOf(context)) {
    const at = matricesAt(context, time)
    for (let p = from * width; p < to * width; p++) if (instance[p] >= 0) see(p, at)
  }
}

/** Unit geometric normals, world, facing the camera; x, y, z a pixel, zeros at a miss. Computed once a frame. */
export const geometricNormals = (context: FrameContext): Float64Array =>
  memo(context, 'normals', () => {
    const { instance, primitive } = context.primary
    const { objects } = context.resolved
    const d = frameDirections(context)
    const out = new Float64Array(3 * instance.length)
    const corners = new Float64Array(9)
    eachSurface(context, (p, { world, time }) => {
      const k = instance[p]
      cornersAt(objects[k], primitive[p], time, corners)
      const [x, y, z, bx0, by0, bz0, cx0, cy0, cz0] = corners
      const ux = bx0 - x
      const uy = by0 - y
      const uz = bz0 - z
      const vx = cx0 - x
      const vy = cy0 - y
      const vz = cz0 - z
      // Edges go to the world first: their cross product needs no inverse transpose of the scale.
      const m = 12 * k
      const ax = world[m] * ux + world[m + 1] * uy + world[m + 2] * uz
      const ay = world[m + 4] * ux + world[m + 5] * uy + world[m + 6] * uz
      const az = world[m + 8] * ux + world[m + 9] * uy + world[m + 10] * uz
      const bx = world[m] * vx + world[m + 1] * vy + world[m + 2] * vz
      const by = world[m + 4] * vx + world[m + 5] * vy + world[m + 6] * vz
      const bz = world[m + 8] * vx + world[m + 9] * vy + world[m + 10] * vz
      const nx = ay * bz - az * by
      const ny = az * bx - ax * bz
      const nz = ax * by - ay * bx
      const length = Math.sqrt(nx * nx + ny * ny + nz * nz)
      if (length === 0) return
      const s = (nx * d[3 * p] + ny * d[3 * p + 1] + nz * d[3 * p + 2] > 0 ? -1 : 1) / length
      out[3 * p] = nx * s
      out[3 * p + 1] = ny * s
      out[3 * p + 2] = nz * s
    })
    return out
  })

/** Unit normals interpolated from the vertices, world, on the side of the geometric normal; a flat mesh gives the geometric ones. */
export function shadingNormals(context: FrameContext): Float64Array {
  const geometric = geometricNormals(context)
  const { instance, primitive, u, v } = context.primary
  const { objects, scene } = context.resolved
  const out = geometric.slice()
  const corners = new Float64Array(9)
  const n = new Float64Array(9)
  eachSurface(context, (p, { world, time }) => {
    const k = instance[p]
    if (!objects[k].mesh.normals) return
    cornersAt(objects[k], primitive[p], time, corners, n)
    const wb = u[p]
    const wc = v[p]
    const wa = 1 - wb - wc
    // Inverse transpose of R·S is R·S⁻¹ = (R·S)·S⁻².
    const s = scene.objects[k].scale
    const lx = (wa * n[0] + wb * n[3] + wc * n[6]) / (s[0] * s[0])
    const ly = (wa * n[1] + wb * n[4] + wc * n[7]) / (s[1] * s[1])
    const lz = (wa * n[2] + wb * n[5] + wc * n[8]) / (s[2] * s[2])
    const m = 12 * k
    const nx = world[m] * lx + world[m + 1] * ly + world[m + 2] * lz
    const ny = world[m + 4] * lx + world[m + 5] * ly + world[m + 6] * lz
    const nz = world[m + 8] * lx + world[m + 9] * ly + world[m + 10] * lz
    const length = Math.sqrt(nx * nx + ny * ny + nz * nz)
    // Opposite vertex normals can cancel inside a triangle: the face's own normal stands in.
    if (!(length > 1e-12)) return
    const side = nx * geometric[3 * p] + ny * geometric[3 * p + 1] + nz * geometric[3 * p + 2] < 0 ? -1 : 1
    out[3 * p] = (nx * side) / length
    out[3 * p + 1] = (ny * side) / length
    out[3 * p + 2] = (nz * side) / length
  })
  return out
}

/** Geometric normals in the camera's frame. */
export function cameraNormals(context: FrameContext): Float64Array {
  const n = geometricNormals(context)
  const { width } = frameCamera(context)
  const out = new Float64Array(n.length)
  for (const { time, from, to } of rowsOf(context)) {
    const r = quat.toMatrix3(context.cameraAt(time).rotation)
    for (let p = 3 * from * width; p < 3 * to * width; p += 3) {
      for (let i = 0; i < 3; i++) out[p + i] = r[i] * n[p] + r[3 + i] * n[p + 1] + r[6 + i] * n[p + 2]
    }
  }
  return out
}

/** −1 … 1 as 1 … 65535, 0 as 32768. */
export function quantizeSigned(values: Float64Array): Uint16Array {
  const out = new Uint16Array(values.length)
  for (let i = 0; i < out.length; i++) out[i] = 32768 + Math.round(32767 * values[i])
  return out
}
