/** What the kernel exports. Addresses are bytes in its memory; lengths are elements. See kernel/. */
export interface KernelExports {
  setScratch(at: number): void
  fillBits(at: number, n: number, k0: number, k1: number, start: number): void
  fillUniform(at: number, n: number, k0: number, k1: number, start: number): void
  fillNormal(at: number, n: number, k0: number, k1: number, start: number): void
  fillDropout(at: number, n: number, k0: number, k1: number, start: number, threshold: number, kept: number): void
  fillBernoulli(at: number, n: number, k0: number, k1: number, start: number, threshold: number): void
  scale(y: number, n: number, s: number): void
  clamp(y: number, n: number, bound: number): void
  axpy(acc: number, x: number, n: number, s: number): void
  lerp(y: number, x: number, n: number, t: number): void
  sumOfSquaresChunks(x: number, n: number, from: number, to: number, out: number): void
  firstNonFinite(x: number, n: number): number
  sgd(p: number, g: number, n: number, k: number, l2: number, shrink: number, lr: number): void
  // biome-ignore format: one line an argument list
  sgdMomentum(p: number, g: number, b: number, n: number, k: number, l2: number, shrink: number, lr: number, momentum: number, fresh: number, nesterov: number): void
  // biome-ignore format: one line an argument list
  adam(p: number, g: number, m: number, v: number, n: number, k: number, l2: number, shrink: number, oneMinusBeta1: number, beta2: number, oneMinusBeta2: number, step: number, root: number, epsilon: number): void
  // biome-ignore format: one line an argument list
  factoredMoments(g: number, rows: number, columns: number, rowMoment: number, columnMoment: number, sums: number, k: number, beta: number, epsilon: number): void
  factoredScales(rowMoment: number, rows: number, columnMoment: number, columns: number, rowScale: number, columnScale: number): void
  factoredSumOfSquares(g: number, rows: number, columns: number, rowScale: number, columnScale: number, k: number): number
  // biome-ignore format: one line an argument list
  factoredUpdate(p: number, g: number, rows: number, columns: number, rowScale: number, columnScale: number, k: number, shrink: number, a: number): void
  unfactoredMoments(g: number, v: number, n: number, k: number, beta: number, oneMinusBeta: number, epsilon: number): void
  unfactoredSumOfSquares(g: number, v: number, n: number, k: number): number
  unfactoredUpdate(p: number, g: number, v: number, n: number, k: number, shrink: number, a: number): void
  scatterAddRows(out: number, rows: number, index: number, n: number, d: number, from: number, to: number): void
  addSegments(out: number, rows: number, order: number, starts: number, d: number, from: number, to: number): void
  geluBackward(dx: number, dy: number, x: number, n: number): void
  softmaxBackward(dx: number, dy: number, y: number, d: number, from: number, to: number): void
  // biome-ignore format: one line an argument list
  layerNormBackward(dx: number, dy: number, x: number, mean: number, inv: number, gamma: number, dGamma: number, dBeta: number, d: number, from: number, to: number): void
}

/** The calls that a helper thread can be asked for, by number. */
export const SHARED_CALLS = [
  'fillBits',
  'fillUniform',
  'fillNormal',
  'fillDropout',
  'fillBernoulli',
  'scale',
  'axpy',
  'clamp',
  'lerp',
  'sumOfSquaresChunks',
  'sgd',
  'sgdMomentum',
  'adam',
  'unfactoredMoments',
  'unfactoredUpdate',
  'scatterAddRows',
  'addSegments',
  'geluBackward',
  'softmaxBackward',
] as const satisfies readonly (keyof KernelExports)[]
export type SharedCall = (typeof SHARED_CALLS)[number]
