/** What validation says: findings that name file and check, and how large every error was. */

/** Errors of one check over the whole set. */
export interface ErrorStatistics {
  readonly count: number
  readonly median: number
  readonly p95: number
  readonly max: number
  /** Errors of exactly 0 and infinite ones, then how many lie in each decade from 10^`first` on (`decades[k]`: up to 10^(first + k + 1)). */
  readonly zeros: number
  readonly infinite: number
  readonly first: number
  readonly decades: readonly number[]
}

export interface Finding {
  readonly check: string
  /** Path of the file most likely at fault, from the set's folder. */
  readonly file: string
  /** All files that the check compared. */
  readonly compared: readonly string[]
  readonly sample: number | null
  readonly frame: number | null
  readonly message: string
}

/** Something that could not be judged: silence would look like a pass. */
export interface Note {
  readonly check: string
  readonly sample: number
  readonly message: string
}

export interface CheckSummary {
  readonly name: string
  readonly definition: string
  readonly unit: string
  /** Places (sample, frame, direction) where it had enough to judge. */
  readonly judged: number
  readonly failed: number
  readonly errors: ErrorStatistics
  /** Largest shares of their limits that places took, over all places: at 1 a check fails. Null where a check has no one limit. */
  readonly margins: ErrorStatistics | null
}

export interface Report {
  readonly ok: boolean
  readonly samples: number
  readonly frames: number
  readonly files: number
  readonly bytes: number
  readonly checks: readonly CheckSummary[]
  readonly findings: readonly Finding[]
  /** What could not be judged, and why. */
  readonly notes: readonly Note[]
  /** More findings than are listed. */
  readonly omitted: number
}

/** 10^−46 … 10^40 */
const POWERS = Array.from({ length: 87 }, (_, k) => Number(`1e${k - 46}`))
/** The upper half of infinity's bits. */
const INFINITE = 0x7f80
const bits = new Uint32Array(1)
const float = new Float32Array(bits.buffer)

/** Non-negative errors by the upper half of their float32 bits: quantiles within 1 %, exact maximum, fixed memory. */
export class Errors {
  private readonly bins = new Uint32Array(32768)
  count = 0
  max = 0

  add(error: number): void {
    const e = Number.isNaN(error) ? Infinity : Math.abs(error)
    float[0] = e
    this.bins[bits[0]! >>> 16]!++
    this.count++
    if (e > this.max) this.max = e
  }

  merge(other: Errors): void {
    for (let i = 0; i < this.bins.length; i++) this.bins[i]! += other.bins[i]!
    this.count += other.count
    this.max = Math.max(this.max, other.max)
  }

  quantile(q: number): number {
    if (this.count === 0) return 0
    const rank = q * (this.count - 1)
    let seen = 0
    for (let i = 0; i < this.bins.length; i++) {
      seen += this.bins[i]!
      if (seen > rank) {
        bits[0] = (i << 16) | 0x8000
        return i === 0 ? 0 : Math.min(float[0]!, this.max)
      }
    }
    return this.max
  }

  private histogram() {
    const counts = new Map<number, number>()
    for (let i = 1; i < INFINITE; i++) {
      if (this.bins[i] === 0) continue
      bits[0] = (i << 16) | 0x8000
      let decade = -46
      while (decade < 39 && POWERS[decade + 1 + 46]! <= float[0]!) decade++
      counts.set(decade, (counts.get(decade) ?? 0) + this.bins[i]!)
    }
    const first = Math.min(...counts.keys(), 0)
    const last = Math.max(...counts.keys(), first - 1)
    return {
      zeros: this.bins[0]!,
      infinite: this.bins[INFINITE]!,
      first,
      decades: Array.from({ length: last - first + 1 }, (_, k) => counts.get(first + k) ?? 0),
    }
  }

  statistics(): ErrorStatistics {
    return { count: this.count, median: this.quantile(0.5), p95: this.quantile(0.95), max: this.max, ...this.histogram() }
  }
}
