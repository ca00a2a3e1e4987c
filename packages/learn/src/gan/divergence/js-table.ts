/** Jensen–Shannon divergence, in nats, of two Gaussians of deviation σ whose means are μ apart, by μ/σ: worked out independently, to eight digits. */
export const JS_TABLE: readonly (readonly [ratio: number, nats: number])[] = [
  [0, 0],
  [0.5, 0.0303113],
  [1, 0.11142148],
  [1.5, 0.22117083],
  [2, 0.33683082],
  [3, 0.52677731],
  [4, 0.63272019],
  [5, 0.67594258],
  [6, 0.68929793],
  [8, 0.69305365],
  [10, 0.69314632],
  [20, Math.LN2],
]
