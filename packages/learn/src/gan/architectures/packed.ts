import { reshape } from '@dioramic/tensor'
import { GanError } from '../error.ts'
import type { Build, BuildOptions } from './options.ts'

/**
 * A discriminator that judges `count` samples at once (PacGAN, Lin et al. 2018): their channels are stacked, so that samples that are all alike give themselves away. Batches must be
 * multiples of `count`.
 */
export const packed =
  <O extends BuildOptions>(build: Build<O>, count: number): Build<O> =>
  options => {
    if (options.classes !== undefined) throw new GanError('packed: samples of one pack have no one class; build it without classes')
    const [channels, ...rest] = options.shape as [number, ...number[]]
    const single = build(options)
    const wide = build({ ...options, shape: [count * channels, ...rest] })
    return {
      ...single,
      name: `packed ${single.name}`,
      discriminator: {
        ...wide.discriminator,
        apply: (params, state, samples, pass) => {
          const n = samples.x.shape[0]!
          if (n % count !== 0) throw new GanError(`packed: a batch of ${n} does not divide into packs of ${count}`)
          return wide.discriminator.apply(params, state, { x: reshape(samples.x, [n / count, count * channels, ...rest]) }, pass)
        },
      },
    }
  }
