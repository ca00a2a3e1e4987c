/** Numbers drawn on the host, in double arrays. */
import { drawPermutation, fillNormal, fillUniform, type Key } from '@dioramic/tensor'

/** n standard normals. */
export function normals(key: Key, n: number): Float64Array {
  const out = new Float32Array(n)
  fillNormal(out, key.words)
  return Float64Array.from(out)
}

/** n numbers uniform in [0, 1). */
export function uniforms(key: Key, n: number): Float64Array {
  const out = new Float32Array(n)
  fillUniform(out, key.words)
  return Float64Array.from(out)
}

/** n signs, +1 or −1. */
export const signs = (key: Key, n: number): Float64Array => uniforms(key, n).map(u => (u < 0.5 ? -1 : 1))

/** 0 … n − 1 in any order. */
export const order = (key: Key, n: number): Int32Array => Int32Array.from(drawPermutation(key.words, n))
