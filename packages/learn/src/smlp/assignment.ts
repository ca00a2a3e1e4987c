/** Rows to experts, equally many each, with the largest total score. */
import { type NDArray, numbersOf } from '@dioramic/tensor'
import { needWhole, SmlpError } from './error.ts'

/**
 * For each row of `scores` [rows, experts] its expert, i64 [rows]: every expert gets exactly rows / experts, and no other such assignment has a larger total (up to rounding). Of equals it
 * takes one, always the same.
 *
 * Every row starts with its best expert, which is the best assignment for the sizes that come of it. Then rows are moved, one at a time, from a full expert to one that has room, along the
 * chain of exchanges that costs least: each step stays the best assignment for its sizes (successive shortest paths; Ahuja, Magnanti & Orlin, "Network flows", 1993, chapter 9).
 * A chain runs over experts, not rows, so a step takes O(experts³ + chain · rows).
 * @throws SmlpError where the rows do not divide, or a score is not finite
 */
export function balancedAssignment(scores: NDArray): readonly [NDArray] {
  const [rows, experts] = scores.shape as [number, number]
  needWhole('the number of experts', experts)
  if (rows % experts !== 0) throw new SmlpError(`${rows} rows do not divide into ${experts} experts`)
  const score = numbersOf(scores)
  const bad = score.findIndex(v => !Number.isFinite(v))
  if (bad >= 0)
    throw new SmlpError(`the score of row ${Math.floor(bad / experts)} for expert ${bad % experts} is ${score[bad]}: scores must be finite`)
  const expert = best(score, rows, experts)
  const members = Array.from({ length: experts }, () => new Set<number>())
  for (const [row, e] of expert.entries()) members[e]!.add(row)
  const exchange = new Exchanges(score, experts, members)
  const room = rows / experts
  for (let full = longest(members); members[full]!.size > room; full = longest(members)) {
    const chain = cheapestChain(exchange, full, e => members[e]!.size < room)
    // Rows are looked up before any is moved: the table speaks of the assignment as it was.
    const moved = chain.slice(1).map((to, i) => exchange.row(chain[i]!, to))
    moved.forEach((row, i) => {
      members[chain[i]!]!.delete(row)
      members[chain[i + 1]!]!.add(row)
      expert[row] = chain[i + 1]!
    })
    moved.forEach((row, i) => {
      exchange.left(chain[i]!, row)
      exchange.joined(chain[i + 1]!, row)
    })
  }
  return [{ dtype: 'i64', shape: [rows], data: BigInt64Array.from(expert, BigInt) }]
}

function best(score: Float64Array, rows: number, experts: number): Int32Array {
  const expert = new Int32Array(rows)
  for (let r = 0; r < rows; r++)
    for (let e = 1; e < experts; e++) if (score[r * experts + e]! > score[r * experts + expert[r]!]!) expert[r] = e
  return expert
}

const longest = (members: readonly Set<number>[]): number => members.reduce((a, m, e) => (m.size > members[a]!.size ? e : a), 0)

/** For every two experts, the row of the first that loses least (or gains most) by going to the second. */
class Exchanges {
  readonly experts: number
  private readonly score: Float64Array
  private readonly members: readonly Set<number>[]
  private readonly rows: Int32Array
  private readonly gains: Float64Array

  constructor(score: Float64Array, experts: number, members: readonly Set<number>[]) {
    this.score = score
    this.experts = experts
    this.members = members
    this.rows = new Int32Array(experts * experts).fill(-1)
    this.gains = new Float64Array(experts * experts).fill(Number.NEGATIVE_INFINITY)
    members.forEach((set, e) => {
      for (const row of set) this.joined(e, row)
    })
  }

  row(from: number, to: number): number {
    return this.rows[from * this.experts + to]!
  }

  /** What the total gains by that row's going; −∞ where the first has none. */
  gain(from: number, to: number): number {
    return this.gains[from * this.experts + to]!
  }

  joined(e: number, row: number): void {
    for (let to = 0; to < this.experts; to++) if (to !== e) this.offer(e, to, row)
  }

  /** The pairs that named the row look for another. */
  left(e: number, row: number): void {
    for (let to = 0; to < this.experts; to++) {
      const at = e * this.experts + to
      if (this.rows[at] !== row) continue
      this.rows[at] = -1
      this.gains[at] = Number.NEGATIVE_INFINITY
      for (const other of this.members[e]!) this.offer(e, to, other)
    }
  }

  private offer(e: number, to: number, row: number): void {
    const at = e * this.experts + to
    const gain = this.score[row * this.experts + to]! - this.score[row * this.experts + e]!
    if (gain > this.gains[at]! || (gain === this.gains[at]! && row < this.rows[at]!)) {
      this.gains[at] = gain
      this.rows[at] = row
    }
  }
}

/** The chain of experts from `from` to one with room, along which moving one row each gains most (Bellman–Ford: no circle of exchanges gains anything). */
function cheapestChain(exchange: Exchanges, from: number, hasRoom: (e: number) => boolean): number[] {
  const { experts } = exchange
  const gain = new Array<number>(experts).fill(Number.NEGATIVE_INFINITY)
  const before = new Array<number>(experts).fill(-1)
  gain[from] = 0
  for (let round = 1, changed = true; changed && round < experts; round++) {
    changed = false
    for (let a = 0; a < experts; a++) {
      if (gain[a] === Number.NEGATIVE_INFINITY) continue
      for (let b = 0; b < experts; b++) {
        const through = gain[a]! + exchange.gain(a, b)
        // Rounding must not make a circle: a gain has to be one.
        if (b === from || !(through > gain[b]! + 1e-12 * Math.abs(through))) continue
        gain[b] = through
        before[b] = a
        changed = true
      }
    }
  }
  let to = -1
  for (let e = 0; e < experts; e++) if (hasRoom(e) && (to < 0 || gain[e]! > gain[to]!)) to = e
  const chain = [to]
  while (chain[0] !== from) {
    if (chain.length > experts) throw new SmlpError('the exchanges run in a circle: please report these scores')
    chain.unshift(before[chain[0]!]!)
  }
  return chain
}
