/** Median, smallest and largest. */
export function spread(x: readonly number[]): [number, [number, number]] {
  const sorted = [...x].sort((a, b) => a - b)
  return [sorted[sorted.length >> 1]!, [sorted[0]!, sorted.at(-1)!]]
}
