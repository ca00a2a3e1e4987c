/** Which vertices lie at the same place: UV seams and creases split vertices that topology must see as one. */

export interface Weld {
  /** Per vertex, the number of its place, 0 … count − 1, in order of first appearance. */
  readonly place: Uint32Array
  readonly count: number
}

/**
 * Joins vertices with equal positions (bit-equal, except that −0 equals 0).
 * `tolerance` > 0 first snaps positions to a grid of that step, so points closer than it usually, not always, meet.
 */
export function weld(positions: ArrayLike<number>, tolerance = 0): Weld {
  const n = Math.floor(positions.length / 3)
  const place = new Uint32Array(n)
  let bits = 4
  while (1 << bits < n * 2) bits++
  const mask = (1 << bits) - 1
  const table = new Int32Array(1 << bits).fill(-1)
  const snapped = new Float64Array(n * 3)
  const words = new Uint32Array(snapped.buffer)
  for (let i = 0; i < n * 3; i++) snapped[i] = (tolerance > 0 ? Math.round(positions[i]! / tolerance) : positions[i]!) + 0
  let count = 0
  for (let i = 0; i < n; i++) {
    let h = 0
    for (let k = 6 * i; k < 6 * i + 6; k++) h = Math.imul(h ^ words[k]!, 0x9e3779b1) ^ (h >>> 15)
    h ^= h >>> 13
    let slot = h & mask
    for (;;) {
      const j = table[slot]!
      if (j < 0) {
        table[slot] = i
        place[i] = count++
        break
      }
      if (snapped[3 * j] === snapped[3 * i] && snapped[3 * j + 1] === snapped[3 * i + 1] && snapped[3 * j + 2] === snapped[3 * i + 2]) {
        place[i] = place[j]!
        break
      }
      slot = (slot + 1) & mask
    }
  }
  return { place, count }
}
