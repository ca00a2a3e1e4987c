/** Watches a GAN's numbers for the ways in which training goes wrong. */
import type { Divergence } from '../error.ts'

export interface WatchOptions {
  /** Updates in a row that must look bad. Default 300. */
  readonly patience?: number
  /** Mean scores beyond ±this have exploded. Default 1e4. */
  readonly scores?: number
  /** Generated samples that vary less than this share of the data have collapsed to a point. Default 0.02. */
  readonly spread?: number
  /** A gradient of the generator whose norm is below this teaches nothing. Default 1e-7. */
  readonly gradient?: number
}

/** What is looked at, of one update. */
export interface Signs {
  readonly real: number
  readonly fake: number
  readonly spread: number
  readonly gradientNorm: number
}

export type WatchState = { readonly kind: Divergence | null; readonly since: number; readonly streak: number }

export class Watch {
  private readonly options: Required<WatchOptions>
  private at: WatchState = { kind: null, since: 0, streak: 0 }

  constructor({ patience = 300, scores = 1e4, spread = 0.02, gradient = 1e-7 }: WatchOptions = {}) {
    this.options = { patience, scores, spread, gradient }
  }

  private kindOf({ real, fake, spread, gradientNorm }: Signs): Divergence | null {
    const { scores, spread: least, gradient } = this.options
    if (Math.max(Math.abs(real), Math.abs(fake)) > scores) return 'exploded'
    if (spread < least) return 'collapsed'
    return gradientNorm < gradient ? 'saturated' : null
  }

  /** Looks at an update; says what is wrong once it has been so for long enough. */
  see(signs: Signs, updates: number): { readonly kind: Divergence; readonly since: number; readonly message: string } | undefined {
    const kind = this.kindOf(signs)
    this.at =
      kind === null
        ? { kind, since: 0, streak: 0 }
        : kind === this.at.kind
          ? { ...this.at, streak: this.at.streak + 1 }
          : { kind, since: updates, streak: 1 }
    if (kind === null || this.at.streak < this.options.patience) return undefined
    return { kind, since: this.at.since, message: says(kind, signs, this.at.since) }
  }

  /** Nothing looked bad at the last update. */
  get healthy(): boolean {
    return this.at.kind === null
  }

  state(): WatchState {
    return this.at
  }
  restore(state: WatchState): void {
    this.at = state
  }
}

function says(kind: Divergence, { real, fake, spread, gradientNorm }: Signs, since: number): string {
  const short = (x: number) => `${Number(x.toPrecision(3))}`
  const from = `from update ${since} on`
  if (kind === 'exploded')
    return `the GAN exploded: ${from} the discriminator's mean scores are ${short(real)} on real and ${short(fake)} on generated samples. Lower the discriminator's rate, add a gradient penalty or spectral norm`
  if (kind === 'collapsed')
    return `the GAN collapsed: ${from} generated samples vary ${short(100 * spread)} % as much as the data. Lower the generator's rate, give the discriminator several samples at once (packed) or use a loss with a gradient penalty`
  return `the GAN is saturated: ${from} the generator's gradient is ${short(gradientNorm)} while the discriminator tells all samples apart (mean scores ${short(real)} and ${short(fake)}). Use the non-saturating or the Wasserstein loss, or a weaker discriminator`
}
