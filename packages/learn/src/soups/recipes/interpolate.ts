/** The straight line between two models. */

export interface LinePoint {
  readonly alpha: number
  readonly score: number
}

export interface Line {
  readonly points: readonly LinePoint[]
  /** Where the score is highest; of equals the smallest α. */
  readonly best: LinePoint
  /**
   * The largest fall below the line between the two ends' scores (the error barrier of Frankle et al. 2020, "Linear mode connectivity"): about
   * zero where both ends lie in one basin.
   */
  readonly barrier: number
}

/** Scores (higher is better) at evenly spaced points between model 0 and model 1, the ends among them. */
export async function interpolate(evaluate: (alpha: number) => Promise<number>, count = 11): Promise<Line> {
  const points: LinePoint[] = []
  for (let i = 0; i < count; i++) {
    const alpha = i / (count - 1)
    points.push({ alpha, score: await evaluate(alpha) })
  }
  const [a, b] = [points[0]!.score, points.at(-1)!.score]
  return {
    points,
    best: points.reduce((x, y) => (y.score > x.score ? y : x)),
    barrier: Math.max(...points.map(p => (1 - p.alpha) * a + p.alpha * b - p.score)),
  }
}
