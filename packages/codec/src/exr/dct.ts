/** Orthonormal 8-point cosine basis: ½ cos(k π / 16), k = 0 … 7, and √⅛ for the mean. */
const C = [
  0.35355339059327379, 0.49039264020161522, 0.46193976625564337, 0.41573480615127262, 0.35355339059327379, 0.27778511650980114,
  0.19134171618254492, 0.097545161008064166,
] as const

/** Inverse of the two-dimensional discrete cosine transform of an 8×8 block, in place. */
export function inverseDct(block: Float64Array): void {
  for (let row = 0; row < 64; row += 8) inverse8(block, row, 1)
  for (let column = 0; column < 8; column++) inverse8(block, column, 8)
}

/** Even and odd frequencies apart, mirrored together. */
function inverse8(v: Float64Array, at: number, step: number): void {
  const [x0, x1, x2, x3, x4, x5, x6, x7] = [
    v[at]!,
    v[at + step]!,
    v[at + 2 * step]!,
    v[at + 3 * step]!,
    v[at + 4 * step]!,
    v[at + 5 * step]!,
    v[at + 6 * step]!,
    v[at + 7 * step]!,
  ]
  const a = C[0] * (x0 + x4)
  const b = C[0] * (x0 - x4)
  const c = C[2] * x2 + C[6] * x6
  const d = C[6] * x2 - C[2] * x6
  const e0 = a + c
  const e1 = b + d
  const e2 = b - d
  const e3 = a - c
  const o0 = C[1] * x1 + C[3] * x3 + C[5] * x5 + C[7] * x7
  const o1 = C[3] * x1 - C[7] * x3 - C[1] * x5 - C[5] * x7
  const o2 = C[5] * x1 - C[1] * x3 + C[7] * x5 + C[3] * x7
  const o3 = C[7] * x1 - C[5] * x3 + C[3] * x5 - C[1] * x7
  v[at] = e0 + o0
  v[at + step] = e1 + o1
  v[at + 2 * step] = e2 + o2
  v[at + 3 * step] = e3 + o3
  v[at + 4 * step] = e3 - o3
  v[at + 5 * step] = e2 - o2
  v[at + 6 * step] = e1 - o1
  v[at + 7 * step] = e0 - o0
}

/** Place in the block, row by row, of the n-th coefficient in zigzag order. */
export const ZIGZAG = zigzag()

function zigzag(): Uint8Array {
  const order = new Uint8Array(64)
  let n = 0
  for (let sum = 0; sum < 15; sum++)
    for (let i = 0; i <= sum; i++) {
      const [row, column] = sum % 2 === 0 ? [sum - i, i] : [i, sum - i]
      if (row < 8 && column < 8) order[n++] = row * 8 + column
    }
  return order
}
