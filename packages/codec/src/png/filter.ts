/**
 * Filters the rows of a picture (PNG specification 9): each row takes the filter whose bytes, read as signed, have the least sum of
 * magnitudes, the specification's own heuristic. Returns one filter byte and one filtered row for each row.
 * `bytes`: rows of `stride` bytes; `step`: bytes a pixel.
 */
export function filterRows(bytes: Uint8Array, height: number, stride: number, step: number): Uint8Array {
  const out = new Uint8Array(height * (stride + 1))
  const zeros = new Uint8Array(stride)
  const tries = [1, 2, 3, 4].map(() => new Uint8Array(stride)) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array]
  for (let y = 0; y < height; y++) {
    const row = bytes.subarray(y * stride, (y + 1) * stride)
    const up = y === 0 ? zeros : bytes.subarray((y - 1) * stride, y * stride)
    const costs = filterRow(row, up, step, tries)
    let best = 0
    for (let f = 1; f < 5; f++) if (costs[f]! < costs[best]!) best = f
    const at = y * (stride + 1)
    out[at] = best
    out.set(best === 0 ? row : tries[best - 1]!, at + 1)
  }
  return out
}

const costs = new Float64Array(5)

/** All filters of one row in one pass; the sums of magnitudes in return. */
function filterRow(
  row: Uint8Array,
  up: Uint8Array,
  step: number,
  tries: readonly [Uint8Array, Uint8Array, Uint8Array, Uint8Array],
): Float64Array {
  const [sub, upper, average, paeth] = tries
  const n = row.length
  let c0 = 0
  let c1 = 0
  let c2 = 0
  let c3 = 0
  let c4 = 0
  for (let i = 0; i < n; i++) {
    const x = row[i]!
    const a = i < step ? 0 : row[i - step]!
    const b = up[i]!
    const c = i < step ? 0 : up[i - step]!
    // Signed difference by << 24 >> 24; its magnitude by the sign mask.
    let d = (x << 24) >> 24
    c0 += d < 0 ? -d : d
    d = ((x - a) << 24) >> 24
    sub[i] = d
    c1 += d < 0 ? -d : d
    d = ((x - b) << 24) >> 24
    upper[i] = d
    c2 += d < 0 ? -d : d
    d = ((x - ((a + b) >> 1)) << 24) >> 24
    average[i] = d
    c3 += d < 0 ? -d : d
    let pa = b - c
    let pb = a - c
    let pc = pa + pb
    if (pa < 0) pa = -pa
    if (pb < 0) pb = -pb
    if (pc < 0) pc = -pc
    d = ((x - (pa <= pb && pa <= pc ? a : pb <= pc ? b : c)) << 24) >> 24
    paeth[i] = d
    c4 += d < 0 ? -d : d
  }
  costs[0] = c0
  costs[1] = c1
  costs[2] = c2
  costs[3] = c3
  costs[4] = c4
  return costs
}

/** Undoes the filters in place; `bytes` are rows of a filter byte and `stride` bytes. Returns false on an unknown filter. */
export function unfilterRows(bytes: Uint8Array, height: number, stride: number, step: number): boolean {
  let up: Uint8Array = new Uint8Array(stride)
  for (let y = 0; y < height; y++) {
    const at = y * (stride + 1)
    const filter = bytes[at]!
    const row = bytes.subarray(at + 1, at + 1 + stride)
    if (filter === 1) for (let i = step; i < stride; i++) row[i] = row[i]! + row[i - step]!
    else if (filter === 2) for (let i = 0; i < stride; i++) row[i] = row[i]! + up[i]!
    else if (filter === 3) for (let i = 0; i < stride; i++) row[i] = row[i]! + (((i < step ? 0 : row[i - step]!) + up[i]!) >> 1)
    else if (filter === 4) {
      for (let i = 0; i < stride; i++) {
        const a = i < step ? 0 : row[i - step]!
        const b = up[i]!
        const c = i < step ? 0 : up[i - step]!
        const pa = Math.abs(b - c)
        const pb = Math.abs(a - c)
        const pc = Math.abs(a + b - 2 * c)
        row[i] = row[i]! + (pa <= pb && pa <= pc ? a : pb <= pc ? b : c)
      }
    } else if (filter !== 0) return false
    up = row
  }
  return true
}
