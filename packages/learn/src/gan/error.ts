/** A refused GAN: says what does not fit, where, and what to do. */
export class GanError extends Error {
  override readonly name: string = 'GanError'
}

/** How a GAN goes wrong. */
export type Divergence = 'not finite' | 'exploded' | 'collapsed' | 'saturated'

/** Training that has left the road. Nothing of the bad stretch was saved. */
export class DivergedError extends GanError {
  override readonly name = 'DivergedError'
  readonly kind: Divergence
  /** Updates of the generator when it was noticed. */
  readonly updates: number

  constructor(kind: Divergence, updates: number, message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
    this.updates = updates
  }
}
