/** Random tokens. */
import { fillUniform, type Key, type NDArray } from '@dioramic/tensor'

/** i64 of a shape, each of 0 … count − 1 equally likely. */
export function drawnTokens(key: Key, shape: readonly number[], count: number): NDArray {
  const u = new Float32Array(shape.reduce((a, b) => a * b, 1))
  fillUniform(u, key.words)
  return { dtype: 'i64', shape, data: BigInt64Array.from(u, v => BigInt(Math.floor(v * count))) }
}
