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
/** Bins of one power of two: the mantissa's upper seven bits. */
const BINS = 128
const POWERS_OF_TWO = 256
const bits = new Uint32Array(1)
const float = new Float32Array(bits.buffer)

/**
 * Non-negative errors by the upper half of their float32 bits: quantiles within 1 %, exact maximum, bounded memory. The bins of a power of two are made
 * when an error falls there: a clip's checks hold thousands of these, most with a few powers.
 */
export class Errors {
  private readonly powers: (Uint32Array | undefined)[] = new Array(POWERS_OF_TWO).fill(undefined)
  count = 0
  max = 0

  add(error: number): void {
    const e = Number.isNaN(error) ? Infinity : Math.abs(error)
    float[0] = e
    const key = bits[0]! >>> 16
    this.binsOf(key >> 7)[key & (BINS - 1)]!++
    this.count++
    if (e > this.max) this.max = e
  }

  private binsOf(power: number): Uint32Array {
    return (this.powers[power] ??= new Uint32Array(BINS))
  }

  merge(other: Errors): void {
    for (const [power, bins] of other.powers.entries()) {
      if (!bins) continue
      const own = this.binsOf(power)
      for (let i = 0; i < BINS; i++) own[i]! += bins[i]!
    }
    this.count += other.count
    this.max = Math.max(this.max, other.max)
  }

  /** Upper halves of bits in which errors fell, from the least, and how many in each. */
  private *filled(): Generator<readonly [key: number, n: number]> {
    for (const [power, bins] of this.powers.entries())
      if (bins) for (let i = 0; i < BINS; i++) if (bins[i]! > 0) yield [power * BINS + i, bins[i]!]
  }

  quantile(q: number): number {
    if (this.count === 0) return 0
    const rank = q * (this.count - 1)
    let seen = 0
    for (const [key, n] of this.filled()) {
      seen += n
      if (seen > rank) {
        bits[0] = (key << 16) | 0x8000
        return key === 0 ? 0 : Math.min(float[0]!, this.max)
      }
    }
    return this.max
  }

  private histogram() {
    const counts = new Map<number, number>()
    let [zeros, infinite] = [0, 0]
    for (const [key, n] of this.filled()) {
      bits[0] = (key << 16) | 0x8000
      if (key === 0) zeros = n
      else if (key >= INFINITE) infinite = n
      else {
        let decade = -46
        while (decade < 39 && POWERS[decade + 1 + 46]! <= float[0]!) decade++
        counts.set(decade, (counts.get(decade) ?? 0) + n)
      }
    }
    const first = Math.min(...counts.keys(), 0)
    const last = Math.max(...counts.keys(), first - 1)
    return { zeros, infinite, first, decades: Array.from({ length: last - first + 1 }, (_, k) => counts.get(first + k) ?? 0) }
  }

  statistics(): ErrorStatistics {
    return { count: this.count, median: this.quantile(0.5), p95: this.quantile(0.95), max: this.max, ...this.histogram() }
  }
}
