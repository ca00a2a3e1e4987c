import { TensorError } from '../error.ts'

/** Early stopping (Prechelt 1998). */
export interface StopOptions {
  /** The number that is watched: `validation/loss` by default, or a training one where there is no evaluation. */
  readonly watch?: string
  /** Ends after so many looks without a better one. Absent: it never ends, but `onBest` is told. */
  readonly patience?: number
  /** Better means better by more than this. Default 0. */
  readonly least?: number
  /** Default `min`. */
  readonly mode?: 'min' | 'max'
}

export type StopState = { readonly best: number | null; readonly since: number }

export class Stopper {
  private readonly options: StopOptions | undefined
  private state_: { best: number | undefined; since: number } = { best: undefined, since: 0 }

  constructor(options: StopOptions | undefined) {
    if (options?.patience !== undefined && !(Number.isInteger(options.patience) && options.patience >= 1))
      throw new TensorError(`stop: the patience is a whole number of looks from 1, not ${options.patience}`)
    this.options = options
  }

  get best(): number | undefined {
    return this.state_.best
  }
  get stopped(): boolean {
    return this.options?.patience !== undefined && this.state_.since >= this.options.patience
  }

  /** Looks at the numbers; returns the watched one if it is the best so far. A number that is not finite is never better. */
  see(values: Readonly<Record<string, number>>): number | undefined {
    if (!this.options) return undefined
    const { watch = 'validation/loss', least = 0, mode = 'min' } = this.options
    const x = values[watch]
    if (x === undefined) throw new TensorError(`stop watches "${watch}", which is not among ${Object.keys(values).join(', ')}`)
    const { best } = this.state_
    const better = Number.isFinite(x) && (best === undefined || (mode === 'min' ? x < best - least : x > best + least))
    this.state_ = better ? { best: x, since: 0 } : { best, since: this.state_.since + 1 }
    return better ? x : undefined
  }

  state(): StopState {
    return { best: this.state_.best ?? null, since: this.state_.since }
  }
  restore({ best, since }: StopState): void {
    this.state_ = { best: best ?? undefined, since }
  }
}
