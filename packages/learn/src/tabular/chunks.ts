import { f32, type NDArray, numbersOf } from '@dioramic/tensor'

const CHUNK = 1024

/** What `run` gives for rows of `width` numbers, `wide` numbers a row: a compiled program has one shape, so rows go in pieces of it, the last one filled up with zeros. */
export async function inChunks(
  x: Float32Array,
  { width, wide }: { readonly width: number; readonly wide: number },
  run: (rows: NDArray) => Promise<NDArray>,
): Promise<Float64Array> {
  const n = x.length / width
  const out = new Float64Array(n * wide)
  for (let i = 0; i < n; i += CHUNK) {
    const rows = Math.min(CHUNK, n - i)
    const part = new Float32Array(CHUNK * width)
    part.set(x.subarray(i * width, (i + rows) * width))
    out.set(numbersOf(await run(f32(part, [CHUNK, width]))).subarray(0, rows * wide), i * wide)
  }
  return out
}
