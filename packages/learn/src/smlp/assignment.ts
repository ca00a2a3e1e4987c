/** Rows to experts, equally many each, with the largest total score. */
import { type NDArray, numbersOf } from '@dioramic/tensor'
import { needWhole, SmlpError } from './error.ts'

/**
 * For each row of `scores` [rows, experts] its expert, i64 [rows]: every expert gets exactly rows / experts, and no other such assignment has a larger total (up to rounding). Of equals it
 * takes one, always the same.
 *
 * Experts get prices, and every row its best expert at them: that is the best assignment for the sizes that come of it, whatever the prices. They are chosen so that the sizes are nearly equal.
 * Then rows are moved, one at a time, from a full expert to one that has room, along the chain of exchanges that costs least: each step stays the best assignment for its sizes (successive
 * shortest paths; Ahuja, Magnanti & Orlin, "Network flows", 1993, chapter 9).
 * A chain runs over experts, and heaps know each expert's best row to give, so a move takes O(experts³ + chain · experts · log rows).
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
  const expert = cheapest(score, pricesOf(score, rows, experts), rows)
  const size = new Array<number>(experts).fill(0)
  for (const e of expert) size[e]!++
  const room = rows / experts
  if (size.some(n => n > room)) {
    const exchanges = new Exchanges(score, experts, expert)
    for (let full = fullest(size); size[full]! > room; full = fullest(size)) {
      const chain = cheapestChain(exchanges, full, e => size[e]! < room)
      // Rows are looked up before any is moved: the heaps speak of the assignment as it was.
      const moved = chain.slice(1).map((to, i) => exchanges.row(chain[i]!, to))
      for (const [i, row] of moved.entries()) exchanges.move(row, chain[i + 1]!)
      size[full]!--
      size[chain.at(-1)!]!++
    }
  }
  return [{ dtype: 'i64', shape: [rows], data: BigInt64Array.from(expert, BigInt) }]
}

/** Rounds over the experts; each leaves fewer rows to move. */
const ROUNDS = 3

/** Prices at which about as many rows want each expert: in turn, each one's price is set so that it is the best of exactly its share, as the others stand. */
function pricesOf(score: Float64Array, rows: number, experts: number): Float64Array {
  const prices = new Float64Array(experts)
  const lead = new Float64Array(rows)
  for (let round = 0; round < ROUNDS && experts > 1; round++)
    for (let e = 0; e < experts; e++) {
      for (let r = 0; r < rows; r++) {
        let other = Number.NEGATIVE_INFINITY
        for (let f = 0; f < experts; f++) if (f !== e) other = Math.max(other, score[r * experts + f]! - prices[f]!)
        lead[r] = score[r * experts + e]! - other
      }
      lead.sort()
      const first = rows - rows / experts
      prices[e] = (lead[first - 1]! + lead[first]!) / 2
    }
  return prices
}

/** The best expert of each row at prices. */
function cheapest(score: Float64Array, prices: Float64Array, rows: number): Int32Array {
  const experts = prices.length
  const expert = new Int32Array(rows)
  for (let r = 0; r < rows; r++) {
    let most = Number.NEGATIVE_INFINITY
    for (let e = 0; e < experts; e++) {
      const net = score[r * experts + e]! - prices[e]!
      if (net > most) {
        most = net
        expert[r] = e
      }
    }
  }
  return expert
}

const fullest = (size: readonly number[]): number => size.reduce((a, n, e) => (n > size[a]! ? e : a), 0)

/** For every two experts, the row of the first that loses least (or gains most) by going to the second. */
class Exchanges {
  readonly experts: number
  private readonly score: Float64Array
  /** The expert of each row; moves are written into it. */
  private readonly expert: Int32Array
  /** Rows by what they gain, the best first, for each pair. Rows that have left stay until they come up. */
  private readonly heaps: number[][]

  constructor(score: Float64Array, experts: number, expert: Int32Array) {
    this.score = score
    this.experts = experts
    this.expert = expert
    this.heaps = Array.from({ length: experts * experts }, () => [])
    for (const [row, e] of expert.entries()) this.enter(row, e)
  }

  /** The row, or −1 where the first expert has none. */
  row(from: number, to: number): number {
    const heap = this.heaps[from * this.experts + to]!
    while (heap.length > 0 && this.expert[heap[0]!] !== from) this.pop(heap, from, to)
    return heap[0] ?? -1
  }

  /** What the total gains by that row's going; −∞ where there is none. */
  gain(from: number, to: number): number {
    const row = this.row(from, to)
    return row < 0 ? Number.NEGATIVE_INFINITY : this.gainOf(row, from, to)
  }

  move(row: number, to: number): void {
    this.expert[row] = to
    this.enter(row, to)
  }

  private gainOf(row: number, from: number, to: number): number {
    return this.score[row * this.experts + to]! - this.score[row * this.experts + from]!
  }

  /** Of equal gains the lower row comes first, so that the result does not depend on the order of moves. */
  private before(a: number, b: number, from: number, to: number): boolean {
    const x = this.gainOf(a, from, to)
    const y = this.gainOf(b, from, to)
    return x > y || (x === y && a < b)
  }

  private enter(row: number, from: number): void {
    for (let to = 0; to < this.experts; to++) {
      if (to === from) continue
      const heap = this.heaps[from * this.experts + to]!
      let i = heap.push(row) - 1
      while (i > 0) {
        const parent = (i - 1) >> 1
        if (!this.before(row, heap[parent]!, from, to)) break
        heap[i] = heap[parent]!
        i = parent
      }
      heap[i] = row
    }
  }

  private pop(heap: number[], from: number, to: number): void {
    const last = heap.pop()!
    if (heap.length === 0) return
    let i = 0
    for (let child = 1; child < heap.length; child = 2 * i + 1) {
      if (child + 1 < heap.length && this.before(heap[child + 1]!, heap[child]!, from, to)) child++
      if (!this.before(heap[child]!, last, from, to)) break
      heap[i] = heap[child]!
      i = child
    }
    heap[i] = last
  }
}

/** The chain of experts from `from` to one with room, along which moving one row each gains most (Bellman–Ford: no circle of exchanges gains anything). */
function cheapestChain(exchanges: Exchanges, from: number, hasRoom: (e: number) => boolean): number[] {
  const { experts } = exchanges
  const steps = Array.from({ length: experts * experts }, (_, i) => exchanges.gain(Math.floor(i / experts), i % experts))
  const gain = new Array<number>(experts).fill(Number.NEGATIVE_INFINITY)
  const before = new Array<number>(experts).fill(-1)
  gain[from] = 0
  for (let round = 1, changed = true; changed && round < experts; round++) {
    changed = false
    for (let a = 0; a < experts; a++) {
      if (gain[a] === Number.NEGATIVE_INFINITY) continue
      for (let b = 0; b < experts; b++) {
        const through = gain[a]! + steps[a * experts + b]!
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
