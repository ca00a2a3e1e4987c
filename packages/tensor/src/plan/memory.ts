/** Where values between steps lie: offsets in one workspace, shared by values that are not alive together. */

export interface Interval {
  readonly bytes: number
  /** First and last step at which the value exists. */
  readonly from: number
  readonly to: number
}

const align = (n: number): number => Math.ceil(n / 64) * 64

/** Offsets for the intervals, largest placed first at the lowest gap that is free while they live; and the size of the whole. */
export function place(intervals: readonly Interval[]): { readonly offsets: readonly number[]; readonly bytes: number } {
  const offsets = new Array<number>(intervals.length).fill(0)
  const order = intervals.map((_, i) => i).sort((a, b) => intervals[b]!.bytes - intervals[a]!.bytes || a - b)
  const placed: number[] = []
  let total = 0
  for (const i of order) {
    const { bytes, from, to } = intervals[i]!
    const near = placed.filter(j => intervals[j]!.from <= to && intervals[j]!.to >= from).sort((a, b) => offsets[a]! - offsets[b]!)
    let at = 0
    for (const j of near) {
      if (at + bytes <= offsets[j]!) break
      at = Math.max(at, align(offsets[j]! + intervals[j]!.bytes))
    }
    offsets[i] = at
    placed.push(i)
    total = Math.max(total, align(at + bytes))
  }
  return { offsets, bytes: total }
}
