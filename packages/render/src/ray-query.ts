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
  const run = (rays: Rays, any: boolean, take: (ray: number, result: number) => void) => {
    activate()
    const { count, origins, directions, tMin, tMax } = rays
    for (let from = 0; from < count; from += BATCH) {
      const n = Math.min(BATCH, count - from)
      const f64 = kernel.f64
      for (let i = 0; i < n; i++) {
        const at = room.input / 8 + i * 8
        const j = (from + i) * 3
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
      for (let i = 0; i < n; i++) take(from + i, room.output + i * 32)
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
      run(rays, false, (i, at) => {
        hits.t[i] = kernel.f64[at >>> 3]!
        hits.u[i] = kernel.f64[(at >>> 3) + 1]!
        hits.v[i] = kernel.f64[(at >>> 3) + 2]!
        hits.instance[i] = kernel.i32[(at >>> 2) + 6]!
        hits.primitive[i] = kernel.u32[(at >>> 2) + 7]!
      })
      return hits
    },
    occluded(rays): Uint8Array {
      const out = new Uint8Array(rays.count)
      run(rays, true, (i, at) => {
        out[i] = kernel.i32[(at >>> 2) + 6]! >= 0 ? 1 : 0
      })
      return out
    },
  }
}
