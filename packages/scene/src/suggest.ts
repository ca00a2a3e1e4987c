/** Edit distance with adjacent transpositions (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let d = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) d = Math.min(d, before[j - 2]! + 1)
      row.push(d)
    }
    before = last
    last = row
  }
  return last[b.length]!
}

/** The known word nearest to what was typed, or null when none is near (more than a third of it wrong). Case does not count. */
export function nearest(word: string, known: Iterable<string>): string | null {
  let best: string | null = null
  let bestDistance = Number.POSITIVE_INFINITY
  for (const k of known) {
    const a = word.toLowerCase()
    const b = k.toLowerCase()
    const d = b.startsWith(a) && a.length > 2 ? 0.5 : editDistance(a, b)
    if (d < bestDistance) [best, bestDistance] = [k, d]
  }
  return best !== null && bestDistance <= Math.max(1, Math.ceil(Math.max(word.length, best.length) / 3)) ? best : null
}

/** The end of an "unknown …" message: a guess where there is one, and what is known. */
export function suggest(word: string, known: Iterable<string>): string {
  const all = [...known]
  const guess = nearest(word, all)
  const list =
    all.length === 0 ? 'there are none' : `known: ${all.slice(0, 60).join(', ')}${all.length > 60 ? `, and ${all.length - 60} more` : ''}`
  return guess === null ? `${list}` : `did you mean "${guess}"? (${list})`
}
