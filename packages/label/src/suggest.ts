/** "Did you mean": the known name nearest to a mistyped one. */

/** Fewest insertions, deletions and replacements that turn `a` into `b` (Levenshtein 1966). */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)))
    }
    row = next
  }
  return row[b.length]
}

/** The nearest of `names`, or undefined when none is near (more than half of it would change). Case and `_` for `-` are forgiven. */
export function suggest(name: string, names: Iterable<string>): string | undefined {
  const plain = name.toLowerCase().replaceAll('_', '-')
  let best: string | undefined
  let least = Infinity
  for (const candidate of names) {
    // A name that was only begun ("seg", "flow-b") is nearer than its length says.
    const d = plain.length > 2 && candidate.startsWith(plain) ? 1 : edits(plain, candidate)
    if (d < least && d <= Math.max(plain.length, candidate.length) / 2) {
      best = candidate
      least = d
    }
  }
  return best
}
