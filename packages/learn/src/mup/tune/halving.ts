/** Successive halving (Jamieson & Talwalkar 2016): all trials run for a while, then the better half goes on, and so on. Which go on depends on scores alone. */

/** Updates at which trials are judged, the last the whole. */
export const rungs = (updates: number, halvings: number): number[] =>
  Array.from({ length: halvings + 1 }, (_, i) => Math.max(1, Math.round(updates / 2 ** (halvings - i))))

/** The better half (the greater where they are odd in number) of trials by their scores, lower being better; null is a trial that diverged, which never goes on. Equal scores: the earlier trial. */
export function survivors(trials: readonly number[], scoreOf: (trial: number) => number | null): number[] {
  const alive = trials.filter(t => scoreOf(t) !== null)
  const ranked = [...alive].sort((a, b) => scoreOf(a)! - scoreOf(b)! || a - b)
  return ranked.slice(0, Math.ceil(trials.length / 2)).sort((a, b) => a - b)
}
