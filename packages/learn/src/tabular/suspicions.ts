/** Columns that know too much. */
import { treeThresholds } from '../embeddings/tree.ts'
import type { Column } from './columns.ts'
import type { Split } from './split.ts'
import type { Target } from './target.ts'

/** Share of the target's variance, or of the errors of always saying the commonest class, that a column may explain by itself. */
const TOO_MUCH = 0.98

/**
 * Warns of columns that alone predict the target nearly perfectly on rows they were not fitted to: means (or commonest classes) of the bins of a small tree, or of the categories. Such a
 * column mostly holds the answer in another form.
 */
export function leaks(columns: readonly Column[], target: Target, { train, validation, test }: Split): string[] {
  const held = Uint32Array.from([...validation, ...test])
  return columns.flatMap(c => {
    const group = grouping(c, target, train)
    const explained = explainedBy(group, target, train, held)
    return explained > TOO_MUCH
      ? [
          `"${c.name}" alone predicts "${target.name}" almost perfectly (it explains ${(100 * explained).toFixed(1)} %): does it hold the answer? If it would not be known when predicting, leave it out: --ignore ${c.name}`,
        ]
      : []
  })
}

function grouping(c: Column, target: Target, train: Uint32Array): (row: number) => string | number {
  if (c.kind === 'category') return i => c.values[i]!
  const known = train.filter(i => !Number.isNaN(c.values[i]!))
  const y = Float64Array.from(known, i => target.y[i]!)
  const cuts = treeThresholds(
    Float64Array.from(known, i => c.values[i]!),
    target.kind === 'regression' ? { kind: 'regression', y } : { kind: 'classes', y, classes: target.classes.length },
    { leaves: 32, minLeaf: 5 },
  )
  return i => {
    const v = c.values[i]!
    return Number.isNaN(v) ? -1 : cuts.reduce((n, t) => n + Number(v > t), 0)
  }
}

function explainedBy(group: (row: number) => string | number, target: Target, train: Uint32Array, held: Uint32Array): number {
  const classes = target.kind === 'classes' ? target.classes.length : 0
  const sums = new Map<string | number, Float64Array>()
  const total = new Float64Array(Math.max(2, classes))
  for (const i of train) {
    const g = group(i)
    const s = sums.get(g) ?? new Float64Array(total.length)
    sums.set(g, s)
    for (const into of [s, total])
      if (classes > 0) into[target.y[i]!]!++
      else {
        into[0]! += target.y[i]!
        into[1]!++
      }
  }
  const answer = (s: Float64Array) => (classes > 0 ? s.indexOf(Math.max(...s)) : s[0]! / s[1]!)
  const off = (guess: number, y: number) => (classes > 0 ? Number(guess !== y) : (guess - y) ** 2)
  let [own, plain] = [0, 0]
  for (const i of held) {
    own += off(answer(sums.get(group(i)) ?? total), target.y[i]!)
    plain += off(answer(total), target.y[i]!)
  }
  return plain > 0 ? 1 - own / plain : 0
}
