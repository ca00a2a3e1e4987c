/** Networks that are written down, not trained: sawteeth, squares, products, interpolation. Their errors are theorems. */
import { TheoryError } from '../algebra/matrix.ts'
import { type ReluNet, reluNet } from './relu-net.ts'

const checkDepth = (m: number): void => {
  if (!(Number.isInteger(m) && m >= 1)) throw new TheoryError(`a depth is a whole number from 1, not ${m}`)
}

/**
 * The k-fold composition of the tent map g(x) = 2ρ(x) − 4ρ(x − ½) on [0, 1]: 2^k linear pieces with 2 units a layer, where one hidden layer needs 2^k − 1
 * units (Telgarsky 2015).
 */
export function sawtoothNet(k: number): ReluNet {
  checkDepth(k)
  const first = [
    [[1], [1]],
    [0, -0.5],
  ] as const
  const between = Array.from({ length: k - 1 }, () => [[[2, -4], [2, -4]], [0, -0.5]] as const) // biome-ignore format: matrices
  return reluNet(first, ...between, [[[2, -4]], [0]])
}

/**
 * x² on [0, 1] as x − Σ_{s ≤ m} g_s(x)/4^s, the interpolant on 2^m + 1 knots: depth m, width 3, sup error exactly 2^(−2m−2) (Yarotsky 2017, proposition 2).
 * The third unit carries the partial sum, which is never negative.
 */
export function squareNet(m: number): ReluNet {
  checkDepth(m)
  const first = [
    [[1], [1], [1]],
    [0, -0.5, 0],
  ] as const
  const between = Array.from({ length: m - 1 }, (_, i) => {
    const k = 4 ** -(i + 1)
    return [[[2, -4, 0], [2, -4, 0], [-2 * k, 4 * k, 1]], [0, -0.5, 0]] as const // biome-ignore format: matrices
  })
  const k = 4 ** -m
  return reluNet(first, ...between, [[[-2 * k, 4 * k, 1]], [0]])
}

/**
 * x·y on [0, 1]² as 2(((x + y)/2)² − (x/2)² − (y/2)²) with three of the above side by side (Yarotsky 2017, proposition 3): error between −2^(−2m) and 2^(−2m−1), and 0
 * where x or y is 0.
 */
export function productNet(m: number): ReluNet {
  const square = squareNet(m)
  const inputs = [
    [0.5, 0.5],
    [0.5, 0],
    [0, 0.5],
  ]
  const out = [2, -2, -2]
  return square.map(({ w, b }, i) => {
    const first = i === 0
    const last = i === square.length - 1
    const rows = last ? 1 : 3 * w.rows
    const cols = first ? 2 : 3 * w.cols
    const data = new Float64Array(rows * cols)
    for (let copy = 0; copy < 3; copy++)
      for (let r = 0; r < w.rows; r++)
        for (let c = 0; c < w.cols; c++) {
          const v = w.data[r * w.cols + c]!
          const row = last ? 0 : copy * w.rows + r
          if (first) for (let k = 0; k < 2; k++) data[row * cols + k]! += v * inputs[copy]![k]!
          else data[row * cols + copy * w.cols + c]! += v * (last ? out[copy]! : 1)
        }
    const bias = last ? Float64Array.of(-2 * b[0]!) : Float64Array.from({ length: rows }, (_, k) => b[k % b.length]!)
    return { w: { rows, cols, data }, b: bias }
  })
}

/**
 * The function that is linear between the points (x_i, y_i), x ascending, and constant outside: one hidden layer, a unit a knot. Of a C² function on knots at
 * distance h its error is at most h²/8·max|f″|.
 */
export function interpolationNet(x: readonly number[], y: readonly number[]): ReluNet {
  if (x.length !== y.length || x.length < 2 || x.some((v, i) => i > 0 && !(v > x[i - 1]!)))
    throw new TheoryError('interpolation needs at least 2 knots in ascending order, with a value each')
  const slopes = [0, ...x.slice(1).map((v, i) => (y[i + 1]! - y[i]!) / (v - x[i]!)), 0]
  return reluNet([x.map(() => [1]), x.map(v => -v)], [[x.map((_, i) => slopes[i + 1]! - slopes[i]!)], [y[0]!]])
}
