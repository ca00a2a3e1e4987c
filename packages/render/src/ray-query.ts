/** Exact ray casts against the scene frozen at one time: f64 in the kernel, the same test in TypeScript is not needed. */
import type { Kernel } from './kernel.ts'
import type { Hits, RayQuery, Rays } from './types.ts'

/** Rays cast a call. */
const BATCH = 4096

/** The kernel's room for queries. */
export interface QueryRoom {
  readonly input: number
  readonly output: number
}
export const allocateQueryRoom = (kernel: Kernel): QueryRoom => ({
  input: kernel.alloc(BATCH * 64, 'ray queries'),
  output: kernel.alloc(BATCH * 32, 'ray queries'),
})

/** A query at `time`; `activate` puts its instances and top-level BVH into the kernel. */
export function createRayQuery(kernel: Kernel, room: QueryRoom, time: number, activate: () => void): RayQuery {
  const run = (rays: Rays, any: boolean, take: (from: number, count: number) => void) => {
    activate()
    const { count, origins, directions, tMin, tMax } = rays
    for (let from = 0; from < count; from += BATCH) {
      const n = Math.min(BATCH, count - from)
      const f64 = kernel.f64
      for (let i = 0, at = room.input / 8, j = from * 3; i < n; i++, at += 8, j += 3) {
        f64[at] = origins[j]!
        f64[at + 1] = origins[j + 1]!
        f64[at + 2] = origins[j + 2]!
        f64[at + 3] = directions[j]!
        f64[at + 4] = directions[j + 1]!
        f64[at + 5] = directions[j + 2]!
        f64[at + 6] = typeof tMin === 'number' ? tMin : tMin[from + i]!
        f64[at + 7] = typeof tMax === 'number' ? tMax : tMax[from + i]!
      }
      kernel.call.castRays(room.input, n, room.output, any ? 1 : 0)
      take(from, n)
    }
  }
  return {
    time,
    closest(rays): Hits {
      const { count } = rays
      const hits = {
        instance: new Int32Array(count),
        primitive: new Uint32Array(count),
        t: new Float64Array(count),
        u: new Float64Array(count),
        v: new Float64Array(count),
      }
      run(rays, false, (from, n) => {
        const { instance, primitive, t, u, v } = hits
        const { f64, i32, u32 } = kernel
        for (let i = from, at = room.output >>> 3; i < from + n; i++, at += 4) {
          t[i] = f64[at]!
          u[i] = f64[at + 1]!
          v[i] = f64[at + 2]!
          instance[i] = i32[2 * at + 6]!
          primitive[i] = u32[2 * at + 7]!
        }
      })
      return hits
    },
    occluded(rays): Uint8Array {
      const out = new Uint8Array(rays.count)
      run(rays, true, (from, n) => {
        const { i32 } = kernel
        for (let i = 0; i < n; i++) out[from + i] = i32[(room.output >>> 2) + 8 * i + 6]! >= 0 ? 1 : 0
      })
      return out
    },
  }
}
