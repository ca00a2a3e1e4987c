/** Pictures as docs/architecture.md and the schema define them, in f64. */
import type { HdrImage, Image } from '@dioramic/scene'
import type { V } from './vector.ts'

/** IEC 61966-2-1. */
const decode = (c: number) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
const modulo = (i: number, n: number) => ((i % n) + n) % n

/** Bilinear over the four texels about (x, y), x and y in texels, centres at ½. */
function bilinear(x: number, y: number, at: (i: number, j: number) => readonly number[]): number[] {
  const i = Math.floor(x - 0.5)
  const j = Math.floor(y - 0.5)
  const fx = x - 0.5 - i
  const fy = y - 0.5 - j
  const [a, b, c, d] = [at(i, j), at(i + 1, j), at(i, j + 1), at(i + 1, j + 1)]
  return a.map((v, k) => (v * (1 - fx) + b[k]! * fx) * (1 - fy) + (c[k]! * (1 - fx) + d[k]! * fx) * fy)
}

type Wrap = 'repeat' | 'clamp' | 'mirror'
function wrapped(i: number, n: number, wrap: Wrap): number {
  if (wrap === 'clamp') return Math.min(n - 1, Math.max(0, i))
  if (wrap === 'repeat') return modulo(i, n)
  const k = modulo(i, 2 * n)
  return k < n ? k : 2 * n - 1 - k
}

/** RGBA of an 8-bit picture at (u, v), row 0 at v = 1; `colour` decodes sRGB before filtering. */
export function texture(
  image: Image,
  u: number,
  v: number,
  colour: boolean,
  [wrapU, wrapV]: readonly [Wrap, Wrap] = ['repeat', 'repeat'],
): number[] {
  return bilinear(u * image.width, (1 - v) * image.height, (i, j) => {
    const p = (wrapped(j, image.height, wrapV) * image.width + wrapped(i, image.width, wrapU)) * 4
    return [0, 1, 2, 3].map(k => {
      const x = image.data[p + k]! / 255
      return colour && k < 3 ? decode(x) : x
    })
  })
}

/** Radiance of a lat-long picture towards d: row 0 at +Z, u = ½ at +X, growing towards −Y. */
export function environment(image: HdrImage, d: V): V {
  const u = 0.5 - Math.atan2(d[1], d[0]) / (2 * Math.PI)
  const v = Math.acos(Math.min(1, Math.max(-1, d[2]))) / Math.PI
  return bilinear(u * image.width, v * image.height, (i, j) => {
    const p = (Math.min(image.height - 1, Math.max(0, j)) * image.width + modulo(i, image.width)) * 3
    return [image.data[p]!, image.data[p + 1]!, image.data[p + 2]!]
  }) as unknown as V
}
