/** Wilson's 95 % interval of a share of trials (Wilson 1927). */
export function wilson(successes: number, trials: number): readonly [low: number, high: number] {
  const z = 1.959964
  const p = successes / trials
  const centre = (p + (z * z) / (2 * trials)) / (1 + (z * z) / trials)
  const half = (z / (1 + (z * z) / trials)) * Math.sqrt((p * (1 - p)) / trials + (z * z) / (4 * trials * trials))
  // At the ends the formula is 0 or 1 but for rounding.
  return [successes === 0 ? 0 : centre - half, successes === trials ? 1 : centre + half]
}
