/** Tables that do not depend on the scene, or only on an index of refraction, made once a renderer. */
import { portable } from '@dioramic/scene'
import type { Kernel } from './kernel.ts'
import {
  ALBEDO_2_TABLE_BYTES,
  ALBEDO_TABLE_BYTES,
  P_CLEARCOAT_ALBEDO,
  P_FILTER,
  P_METAL_ALBEDO,
  P_METAL_ALBEDO_2,
  P_SHEEN_ALBEDO,
  P_SRGB,
  SRGB_BYTES,
  SRGB_GUESS,
  SRGB_MIDDLES,
} from './layout.ts'

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

/** Indices of refraction whose tables are kept, and those with two roughnesses. */
const KEPT = 32
const KEPT_2 = 4
/** Of the clearcoat, as KHR_materials_clearcoat has it. */
const CLEARCOAT_IOR = 1.5

export interface Tables {
  /** Forgets indices when many were asked for; call when a scene is loaded. */
  reset(): void
  /** Address of the directional albedo tables for an index of refraction (coat, glass from outside, glass from inside). */
  albedo(ior: number, glass: boolean): number
  /** The same for two roughnesses, and the metal's at its own address where `metal`; only the tables asked for are made. */
  albedo2(ior: number, metal: boolean, coat: boolean, glass: boolean): number
  /** Makes the tables of clearcoat and sheen. */
  layers(clearcoat: boolean, sheen: boolean): void
}

/** Three tables for each of at most `kept` indices of refraction, made when asked for, in slots that stay. */
function indexedTables(
  kernel: Kernel,
  kept: number,
  bytes: number,
  fill: (at: number, kind: number, eta: number) => void,
): { reset(): void; at(ior: number, coat: boolean, glass: boolean): number } {
  const slots = kernel.alloc(kept * 3 * bytes, 'albedo tables')
  const held = new Map<number, { readonly at: number; coat: boolean; glass: boolean }>()
  return {
    reset() {
      if (held.size > kept / 2) held.clear()
    },
    at(ior, coat, glass) {
      // Steps of 1/64 are enough: the albedo moves by less than 0.001 a step.
      let key = Math.round(ior * 64) / 64
      if (!held.has(key)) {
        if (held.size < kept) held.set(key, { at: slots + held.size * 3 * bytes, coat: false, glass: false })
        // More indices in one scene than slots: the nearest that is there.
        else key = [...held.keys()].reduce((a, b) => (Math.abs(b - key) < Math.abs(a - key) ? b : a))
      }
      const entry = held.get(key)!
      if (coat && !entry.coat) {
        fill(entry.at, 1, key)
        entry.coat = true
      }
      if (glass && !entry.glass) {
        fill(entry.at + bytes, 2, key)
        fill(entry.at + 2 * bytes, 2, 1 / key)
        entry.glass = true
      }
      return entry.at
    },
  }
}

/** Linear values of codes; the middles between neighbours; the code of each 4096th of linear light, or one below it. */
function srgbTable(kernel: Kernel): number {
  const at = kernel.alloc(SRGB_BYTES, 'the sRGB table')
  const linear = Float32Array.from({ length: 257 }, (_, i) => srgbDecode(i))
  let code = 0
  for (let i = 0; i < 256; i++) {
    kernel.setF32(at + 4 * i, linear[i]!)
    kernel.setF32(at + SRGB_MIDDLES + 4 * i, (linear[i]! + linear[i + 1]!) / 2)
  }
  for (let i = 0; i < 4096; i++) {
    while (code < 255 && (linear[code]! + linear[code + 1]!) / 2 <= i / 4096) code++
    kernel.u8[at + SRGB_GUESS + i] = code
  }
  return at
}

export function createTables(kernel: Kernel): Tables {
  kernel.setU32(P_SRGB, srgbTable(kernel))
  kernel.setU32(P_FILTER, kernel.put(filterTable(), 'the filter table'))
  const metal = kernel.alloc(ALBEDO_TABLE_BYTES, 'albedo tables')
  kernel.call.fillAlbedo(metal, 0, 1)
  kernel.setU32(P_METAL_ALBEDO, metal)
  const one = indexedTables(kernel, KEPT, ALBEDO_TABLE_BYTES, kernel.call.fillAlbedo)
  const two = indexedTables(kernel, KEPT_2, ALBEDO_2_TABLE_BYTES, kernel.call.fillAlbedo2)
  /** A table made once, when first asked for, whose address then stands at `pointer`. */
  const lazy = (pointer: number, bytes: number, fill: (at: number) => void) => {
    const at = kernel.alloc(bytes, 'albedo tables')
    kernel.setU32(pointer, 0)
    return () => {
      if (kernel.u32[pointer >>> 2] !== 0) return
      fill(at)
      kernel.setU32(pointer, at)
    }
  }
  const metal2 = lazy(P_METAL_ALBEDO_2, ALBEDO_2_TABLE_BYTES, at => kernel.call.fillAlbedo2(at, 0, 1))
  const clearcoat = lazy(P_CLEARCOAT_ALBEDO, ALBEDO_TABLE_BYTES, at => kernel.call.fillAlbedo(at, 1, CLEARCOAT_IOR))
  const sheen = lazy(P_SHEEN_ALBEDO, ALBEDO_TABLE_BYTES, at => kernel.call.fillSheenAlbedo(at))
  return {
    reset() {
      one.reset()
      two.reset()
    },
    albedo: (ior, glass) => one.at(ior, true, glass),
    albedo2(ior, metal, coat, glass) {
      if (metal) metal2()
      return two.at(ior, coat, glass)
    },
    layers(withClearcoat, withSheen) {
      if (withClearcoat) clearcoat()
      if (withSheen) sheen()
    },
  }
}
