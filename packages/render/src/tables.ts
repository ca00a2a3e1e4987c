/** Tables that do not depend on the scene, made once a renderer. */
import { portable } from '@dioramic/scene'
import type { Kernel } from './kernel.ts'
import { P_SRGB } from './layout.ts'

/** Linear value of an 8-bit sRGB code (IEC 61966-2-1). */
export function srgbDecode(code: number): number {
  const c = code / 255
  return c <= 0.04045 ? c / 12.92 : portable.pow((c + 0.055) / 1.055, 2.4)
}

export interface Tables {
  /** Address of the directional albedo tables for an index of refraction. */
  readonly albedo: (ior: number) => number
}

export function createTables(kernel: Kernel): Tables {
  kernel.setU32(
    P_SRGB,
    kernel.put(
      Float32Array.from({ length: 256 }, (_, i) => srgbDecode(i)),
      'the sRGB table',
    ),
  )
  return { albedo: () => 0 }
}
