import type { Loss } from '../contracts.ts'

/** The generator plays against the discriminator after `steps` more steps of descent at `rate`, and knows how they depend on it (Metz et al. 2017). */
export const unrolled = (loss: Loss, { steps = 5, rate = 0.1 }: { readonly steps?: number; readonly rate?: number } = {}): Loss => ({
  ...loss,
  name: `unrolled ${loss.name}`,
  lookAhead: { steps, rate },
})
