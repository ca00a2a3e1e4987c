/** What checkpoints show before they are mixed: their hashes, NaN, and whether they descend from one initialisation. */
import { createSha256, type Sha256 } from '@dioramic/codec'
import { SoupError } from '../error.ts'
import type { AlignedArray } from './align.ts'
import type { Checkpoint } from './checkpoint.ts'
import { firstNaN, PieceReader, piecesOf } from './pieces.ts'
import { isFloat } from './round.ts'

/** Below this correlation two arrays look as if drawn independently. Fine-tuned copies of one array are near 1, independent draws near 0. */
export const SAME_INITIALISATION = 0.5
/** Smaller arrays say too little. */
const SMALLEST = 64

/** How alike an array of an ingredient is to the first one's. */
export interface Likeness {
  readonly array: string
  readonly size: number
  /** Pearson's correlation with the array of the first ingredient, one an ingredient; the first is 1. */
  readonly correlation: readonly number[]
}

export interface Inspection {
  /** SHA-256 of each checkpoint's names, types, shapes and values: the same in every format. */
  readonly hashes: readonly string[]
  /** Float arrays of rank ≥ 2 that are not constant. */
  readonly likeness: readonly Likeness[]
  /** Integer and boolean arrays that are not the same in all. */
  readonly differing: readonly string[]
  readonly warnings: readonly string[]
}

export interface InspectOptions {
  /** A faster SHA-256, where there is one. */
  readonly hash?: () => Sha256
  readonly progress?: (elements: number) => void
}

/**
 * Reads every checkpoint once, streamed.
 *
 * @throws SoupError that names the file and the array which holds NaN; CheckpointError where a checksum is wrong
 */
export async function inspect(
  checkpoints: readonly Checkpoint[],
  arrays: readonly AlignedArray[],
  { hash = createSha256, progress = () => {} }: InspectOptions = {},
): Promise<Inspection> {
  for (const c of checkpoints) await c.verify()
  const reader = new PieceReader(checkpoints)
  const whole = checkpoints.map(() => hash())
  const likeness: Likeness[] = []
  const differing: string[] = []
  for (const a of [...arrays].sort((x, y) => (x.name < y.name ? -1 : 1))) {
    const digests = checkpoints.map(() => hash())
    const compared = isFloat(a.dtype) && a.shape.length >= 2 && a.size >= SMALLEST && checkpoints.length > 1
    const moments = checkpoints.map(() => new Moments())
    for (const [from, count] of piecesOf(a)) {
      let first: ArrayLike<number> = []
      for (const [i, c] of checkpoints.entries()) {
        const bytes = await reader.stored(a, i, from, count)
        digests[i]!.update(bytes)
        if (!isFloat(a.dtype)) continue
        const values = reader.values(a, i, bytes)
        const bad = firstNaN(values)
        if (bad >= 0)
          throw new SoupError(
            `${c.name}: "${a.sources[i]}" is NaN at element ${from + bad}; that training diverged, leave the checkpoint out`,
          )
        if (!compared) continue
        if (i === 0) first = reader.copy(values)
        moments[i]!.add(first, values)
      }
      progress(count * checkpoints.length)
    }
    const ends = digests.map(d => d.digest())
    for (const [i, h] of whole.entries())
      h.update(new TextEncoder().encode(`${JSON.stringify(a.name)} ${a.dtype} [${a.shape}] ${ends[i]}\n`))
    if (!isFloat(a.dtype) && ends.some(e => e !== ends[0])) differing.push(a.name)
    if (compared) {
      const correlation = moments.map(m => m.correlation)
      if (correlation.every(Number.isFinite)) likeness.push({ array: a.name, size: a.size, correlation })
    }
  }
  return { hashes: whole.map(h => h.digest()), likeness, differing, warnings: warnings(checkpoints, likeness) }
}

/** Sums over pairs of numbers. */
class Moments {
  private n = 0
  private x = 0
  private y = 0
  private xx = 0
  private yy = 0
  private xy = 0

  add(a: ArrayLike<number>, b: ArrayLike<number>): void {
    // Plain variables: pairs would be allocated for every element.
    let x = 0
    let y = 0
    let xx = 0
    let yy = 0
    let xy = 0
    for (let i = 0; i < b.length; i++) {
      const u = a[i]!
      const v = b[i]!
      x += u
      y += v
      xx += u * u
      yy += v * v
      xy += u * v
    }
    this.n += b.length
    this.x += x
    this.y += y
    this.xx += xx
    this.yy += yy
    this.xy += xy
  }

  get correlation(): number {
    const { n, x, y, xx, yy, xy } = this
    const [vx, vy] = [xx - (x * x) / n, yy - (y * y) / n]
    // Of a constant, such as a bias of zeros, only rounding is left.
    if (!(vx > 1e-12 * xx && vy > 1e-12 * yy)) return Number.NaN
    return (xy - (x * y) / n) / Math.sqrt(vx * vy)
  }
}

/**
 * Whether ingredients share an initialisation, from their weights alone: an ingredient whose matrices mostly (by elements) correlate below
 * `SAME_INITIALISATION` with the first one's does not; where only some do, those were drawn anew, as fresh heads are.
 */
function warnings(checkpoints: readonly Checkpoint[], likeness: readonly Likeness[]): string[] {
  const out: string[] = []
  const total = likeness.reduce((n, l) => n + l.size, 0)
  for (const [i, c] of checkpoints.entries()) {
    const foreign = likeness.filter(l => l.correlation[i]! < SAME_INITIALISATION)
    if (foreign.length === 0) continue
    const share = foreign.reduce((n, l) => n + l.size, 0) / total
    const names = foreign.slice(0, 5).map(l => `${l.array} (${l.correlation[i]!.toFixed(2)})`)
    const more = foreign.length > 5 ? ` and ${foreign.length - 5} more` : ''
    out.push(
      share > 0.5
        ? `${c.name} and ${checkpoints[0]!.name} do not seem to share an initialisation: ${(100 * share).toFixed(0)} % of the weights correlate below ${SAME_INITIALISATION}, such as ${names.slice(0, 2).join(', ')}. A soup of models trained from different first weights is no model`
        : `of ${c.name} some arrays look as if drawn anew, not fine-tuned from those of ${checkpoints[0]!.name} (correlation): ${names.join(', ')}${more}. Initialise new layers once, before fine-tuning, and share them`,
    )
  }
  return out
}
