/** Tables that do not depend on the scene, or only on an index of refraction, made once a renderer. */
import { portable } from '@dioramic/scene'
import type { Kernel } from './kernel.ts'
import { ALBEDO_TABLE_BYTES, P_FILTER, P_METAL_ALBEDO, P_SRGB } from './layout.ts'

/** Linear value of an 8-bit sRGB code (IEC 61966-2-1). */
export function srgbDecode(code: number): number {
  const c = code / 255
  return c <= 0.04045 ? c / 12.92 : portable.pow((c + 0.055) / 1.055, 2.4)
}

/** `FILTER_SIZE` of kernel/camera.ts. */
export const FILTER_SIZE = 1024
/** Full width of the pixel filter, pixels: about one at half height. Cycles' default of 1.5 is the same filter; it doubles the number. */
export const FILTER_WIDTH = 3

/** Density of the Blackman–Harris window over [−½, ½], not normalised (Harris 1978, four terms). */
export function blackmanHarris(x: number): number {
  if (x <= -0.5 || x >= 0.5) return 0
  const a = 2 * Math.PI * (x + 0.5)
  return 0.35875 - 0.48829 * portable.cos(a) + 0.14128 * portable.cos(2 * a) - 0.01168 * portable.cos(3 * a)
}

/** Cumulative distribution of the same window at x, 0–1, in closed form. */
export function blackmanHarrisCdf(x: number): number {
  const y = Math.min(1, Math.max(0, x + 0.5))
  const a = 2 * Math.PI * y
  const s = (k: number, c: number) => (c * portable.sin(k * a)) / (2 * Math.PI * k)
  return y - (s(1, 0.48829) - s(2, 0.14128) + s(3, 0.01168)) / 0.35875
}

/** Inverse distribution of the pixel filter in pixels, at i / FILTER_SIZE. */
export function filterTable(): Float32Array {
  return Float32Array.from({ length: FILTER_SIZE + 1 }, (_, i) => {
    let low = -0.5
    let high = 0.5
    for (let k = 0; k < 40; k++) {
      const mid = (low + high) / 2
      if (blackmanHarrisCdf(mid) < i / FILTER_SIZE) low = mid
      else high = mid
    }
    return ((low + high) / 2) * FILTER_WIDTH
  })
}

/** Offset from the pixel's centre, pixels, at which the pixel filter has passed share `u` (0–1) of its weight along one axis. */
export function pixelFilterOffset(u: number): number {
  filter ??= filterTable()
  const x = u * FILTER_SIZE
  const i = Math.min(Math.floor(x), FILTER_SIZE - 1)
  return filter[i]! + (filter[i + 1]! - filter[i]!) * (x - i)
}
let filter: Float32Array | null = null

/** Indices of refraction whose tables are kept. */
const KEPT = 32

export interface Tables {
  /** Puts the albedo tables of the indices asked for since into the arena anew; call when a scene is loaded. */
  reset(): void
  /** Address of the directional albedo tables for an index of refraction (coat, glass from outside, glass from inside). */
  albedo(ior: number, glass: boolean): number
}

export function createTables(kernel: Kernel): Tables {
  kernel.setU32(
    P_SRGB,
    kernel.put(
      Float32Array.from({ length: 256 }, (_, i) => srgbDecode(i)),
      'the sRGB table',
    ),
  )
  kernel.setU32(P_FILTER, kernel.put(filterTable(), 'the filter table'))
  const metal = kernel.alloc(ALBEDO_TABLE_BYTES, 'albedo tables')
  kernel.call.fillAlbedo(metal, 0, 1)
  kernel.setU32(P_METAL_ALBEDO, metal)
  // A fixed number of slots, reused round robin, so that memory stays flat.
  const slots = kernel.alloc(KEPT * 3 * ALBEDO_TABLE_BYTES, 'albedo tables')
  const held = new Map<number, { readonly at: number; glass: boolean }>()
  let used = 0
  return {
    reset() {
      if (used > KEPT / 2) {
        held.clear()
        used = 0
      }
    },
    albedo(ior, glass) {
      // Steps of 1/64 are enough: the albedo moves by less than 0.001 a step.
      const key = Math.round(ior * 64) / 64
      let entry = held.get(key)
      if (!entry) {
        if (used === KEPT) {
          // More than 32 indices in one scene: the nearest that is there.
          let best = -1
          for (const k of held.keys()) if (best < 0 || Math.abs(k - key) < Math.abs(best - key)) best = k
          entry = held.get(best)!
        } else {
          entry = { at: slots + used * 3 * ALBEDO_TABLE_BYTES, glass: false }
          kernel.call.fillAlbedo(entry.at, 1, key)
          held.set(key, entry)
          used++
        }
      }
      if (glass && !entry.glass) {
        kernel.call.fillAlbedo(entry.at + ALBEDO_TABLE_BYTES, 2, key)
        kernel.call.fillAlbedo(entry.at + 2 * ALBEDO_TABLE_BYTES, 2, 1 / key)
        entry.glass = true
      }
      return entry.at
    },
  }
}
