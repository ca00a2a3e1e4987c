/** COCO's run-length masks: column-major, the first run counts zeros; as a string, five bits a character. */

export interface Rle {
  /** Height, width. */
  readonly size: readonly [number, number]
  readonly counts: string
}

/** Runs of every id of a label map (row-major), in one pass; 0 is left out. */
export function runsById(ids: ArrayLike<number>, width: number, height: number): Map<number, number[]> {
  const runs = new Map<number, number[]>()
  const ends = new Map<number, number>()
  const n = width * height
  const at = (k: number) => ids[(k % height) * width + Math.floor(k / height)]!
  for (let start = 0; start < n; ) {
    const id = at(start)
    let end = start + 1
    while (end < n && at(end) === id) end++
    if (id !== 0) {
      const list = runs.get(id) ?? []
      if (list.length === 0) runs.set(id, list)
      list.push(start - (ends.get(id) ?? 0), end - start)
      ends.set(id, end)
    }
    start = end
  }
  for (const [id, list] of runs) if (ends.get(id)! < n) list.push(n - ends.get(id)!)
  return runs
}

/** Runs as COCO's compressed string: from the third on, the difference to the run two before; low bits first, 0x20 means more, from '0'. */
export function compressRuns(runs: readonly number[]): string {
  let out = ''
  runs.forEach((run, i) => {
    let x = i > 2 ? run - runs[i - 2]! : run
    for (let more = true; more; ) {
      let bits = x & 31
      x >>= 5
      more = bits & 16 ? x !== -1 : x !== 0
      if (more) bits |= 32
      out += String.fromCharCode(bits + 48)
    }
  })
  return out
}

export function expandRuns(counts: string): number[] {
  const runs: number[] = []
  for (let at = 0; at < counts.length; ) {
    let x = 0
    for (let shift = 0, more = true; more; shift += 5) {
      const bits = counts.charCodeAt(at++) - 48
      if (!(bits >= 0 && bits < 64))
        throw new RangeError(`a compressed run-length mask has the character ${JSON.stringify(counts[at - 1])}, or is cut`)
      x |= (bits & 31) << shift
      more = (bits & 32) !== 0
      if (!more && bits & 16) x |= -1 << (shift + 5)
    }
    runs.push(runs.length > 2 ? x + runs[runs.length - 2]! : x)
  }
  return runs
}

/** Row-major mask of zeros and ones. */
export function decodeRle({ size: [height, width], counts }: Rle): Uint8Array {
  const out = new Uint8Array(width * height)
  let k = 0
  expandRuns(counts).forEach((run, i) => {
    for (const end = k + run; k < end; k++) if (i % 2 === 1) out[(k % height) * width + Math.floor(k / height)] = 1
  })
  if (k !== width * height) throw new RangeError(`a run-length mask covers ${k} of ${width * height} pixels`)
  return out
}
