import type { Clip } from './clip.ts'
import type { Outlines } from './outline.ts'

/** Outline pixels of a clip that it takes to judge, and those of a frame and axis that are looked at (evenly spread). */
const ENOUGH = 100
const MOST = 1000
/** Places tried along an axis to either side, and how far they reach, as a share of the picture. */
const TRIED = 21
const REACH = 1 / 3
/** A moved place must keep this share of the outlines within the picture. */
const OVERLAP = 0.4
/** Mean ranks at the outlines in place and at the best other place. */
export interface Ranking {
  /** Outline pixels. */
  readonly n: number
  readonly own: number
  readonly best: number
  /** best − own. */
  readonly lead: number
  /** Of the best other place, pixels right and down. */
  readonly shift: readonly [number, number]
  /** Mean and standard deviation over places, and standard error of one place's rank. */
  readonly mean: number
  readonly spread: number
  readonly error: number
}

/** Mean rank of the picture's steps at the outlines in place (entry 0) and at many moved places. Halves of the data tell the noise. */
export class Ranks {
  private readonly dx: Int32Array
  private readonly dy: Int32Array
  private readonly halves: readonly [Half, Half]
  private readonly width: number
  private readonly height: number

  constructor({ width, height }: Pick<Clip, 'width' | 'height'>) {
    this.width = width
    this.height = height
    const near = Math.max(6, Math.max(width, height) / 24)
    const shifts: [number, number][] = [[0, 0]]
    for (let j = -TRIED; j <= TRIED; j++)
      for (let i = -TRIED; i <= TRIED; i++) {
        const x = Math.round((i * REACH * width) / TRIED)
        const y = Math.round((j * REACH * height) / TRIED)
        if (x * x + y * y > near * near) shifts.push([x, y])
      }
    this.dx = Int32Array.from(shifts, s => s[0])
    this.dy = Int32Array.from(shifts, s => s[1])
    this.halves = [new Half(shifts.length), new Half(shifts.length)]
  }

  /** One frame and axis; halves are blocks of eight pixels, in turns. */
  add(outlines: Outlines, steps: Float32Array): void {
    const { width, height } = this
    const stride = Math.max(1, Math.ceil(outlines.length / MOST))
    for (let k = 0; k < outlines.length; k += stride) {
      const x = outlines[k]! % width
      const y = Math.floor(outlines[k]! / width)
      const { sum, n } = this.halves[((x >> 3) + (y >> 3)) & 1]!
      for (let s = 0; s < this.dx.length; s++) {
        const i = x + this.dx[s]!
        const j = y + this.dy[s]!
        if (i < 0 || j < 0 || i >= width || j >= height) continue
        const rank = steps[j * width + i]!
        if (rank < 0) continue
        sum[s]! += rank
        n[s]!++
      }
    }
  }

  /** Adds another's data to one half, or half by half. */
  merge(other: Ranks, half?: number): void {
    for (const [h, from] of other.halves.entries()) {
      const { sum, n } = this.halves[half ?? h]!
      for (let s = 0; s < n.length; s++) {
        sum[s]! += from.sum[s]!
        n[s]! += from.n[s]!
      }
    }
  }

  /** Undefined where there is too little to judge. */
  judge(): Ranking | undefined {
    const [a, b] = this.halves
    const n = a.n[0]! + b.n[0]!
    if (n < ENOUGH) return undefined
    const own = (a.sum[0]! + b.sum[0]!) / n
    let best = 0
    let at = -1
    let [count, sum, squares, differences] = [0, 0, 0, 0]
    for (let s = 1; s < this.dx.length; s++) {
      const there = a.n[s]! + b.n[s]!
      if (there < OVERLAP * n || a.n[s] === 0 || b.n[s] === 0) continue
      const mean = (a.sum[s]! + b.sum[s]!) / there
      const half = (a.sum[s]! / a.n[s]! - b.sum[s]! / b.n[s]!) / 2
      count++
      sum += mean
      squares += mean * mean
      differences += half * half
      if (mean > best) {
        best = mean
        at = s
      }
    }
    if (count < 100) return undefined
    const spread = Math.sqrt(Math.max(0, squares / count - (sum / count) * (sum / count)))
    return {
      n,
      own,
      best,
      lead: best - own,
      shift: [this.dx[at]!, this.dy[at]!],
      mean: sum / count,
      spread,
      error: Math.sqrt(differences / count),
    }
  }
}

class Half {
  readonly sum: Float64Array
  readonly n: Uint32Array

  constructor(size: number) {
    this.sum = new Float64Array(size)
    this.n = new Uint32Array(size)
  }
}
