/** Differentiable augmentation (Zhao et al. 2020): the discriminator sees every picture, real or generated, changed at random, so that it cannot learn few real ones by heart. */
import {
  add,
  broadcastTo,
  cast,
  equal,
  floor,
  fork,
  greaterEqual,
  iota,
  less,
  matmul,
  mean,
  mul,
  randomUniform,
  reshape,
  sub,
  type Tensor,
} from '@dioramic/tensor'
import type { Build, BuildOptions } from '../architectures/options.ts'
import { GanError } from '../error.ts'

export interface AugmentOptions {
  /** Brightness by up to ±half of this and contrast by a factor of 1 ± half of this; −1 … 1 is the range. Default 1. */
  readonly tone?: number
  /** Moves by up to this share of an edge, zeros coming in. Default 1/8. */
  readonly shift?: number
  /** Edge of the square that is blanked, as a share of the picture's. Default 1/2. */
  readonly cut?: number
}

/** An architecture of pictures [c, h, w] whose discriminator is trained on augmented ones. What is generated is not augmented. */
export const augmented =
  <O extends BuildOptions>(build: Build<O>, options: AugmentOptions = {}): Build<O> =>
  o => {
    const base = build(o)
    if (base.shape.length !== 3) throw new GanError(`augmented: samples are pictures [c, h, w], not [${base.shape.join(', ')}]`)
    return {
      ...base,
      name: `augmented ${base.name}`,
      discriminator: {
        ...base.discriminator,
        apply: (params, state, samples, pass) => {
          if (samples.scales)
            throw new GanError(`augmented: "${base.name}" judges several sizes at once, which would have to be changed alike`)
          const x = pass.train && pass.key ? augment(samples.x, fork(pass.key, 'augment'), options) : samples.x
          return base.discriminator.apply(params, state, { ...samples, x }, pass)
        },
      },
    }
  }

/** Pictures [n, c, h, w], each with its own tone, place and hole. */
export function augment(x: Tensor, key: Tensor, { tone = 1, shift = 1 / 8, cut = 1 / 2 }: AugmentOptions = {}): Tensor {
  const [n, , h, w] = x.shape as [number, number, number, number]
  const draw = (name: string): Tensor => randomUniform(fork(key, name), [n, 1, 1, 1])
  let y = x
  if (tone > 0) {
    const middle = mean(y, [1, 2, 3], true)
    const contrast = add(1, mul(sub(draw('contrast'), 0.5), tone))
    y = add(add(mul(sub(y, middle), contrast), middle), mul(sub(draw('brightness'), 0.5), tone))
  }
  if (shift > 0) y = matmul(matmul(moved(draw('down'), h, shift), y), moved(draw('right'), w, shift, true))
  if (cut > 0) y = mul(y, sub(1, mul(hole(draw('top'), h, cut, 2), hole(draw('left'), w, cut, 3))))
  return y
}

/** A whole number in −most … most for each picture, [n, 1, 1, 1], from a uniform one. */
const steps = (u: Tensor, most: number): Tensor => sub(floor(mul(u, 2 * most + 1)), most)

/** Matrices [n, 1, size, size] that move along an axis by whole pixels. */
function moved(u: Tensor, size: number, share: number, columns = false): Tensor {
  const by = steps(u, Math.max(1, Math.round(share * size)))
  const [row, column] = [places(size, 2), places(size, 3)]
  const apart = columns ? sub(column, row) : sub(row, column)
  return cast(equal(broadcastTo(apart, [u.shape[0]!, 1, size, size]), by), 'f32')
}

const places = (size: number, axis: 2 | 3): Tensor => reshape(cast(iota(size), 'f32'), axis === 2 ? [1, 1, size, 1] : [1, 1, 1, size])

/** 1 in a stretch of each picture's axis, which may hang over its end. */
function hole(u: Tensor, size: number, share: number, axis: 2 | 3): Tensor {
  const long = Math.round(share * size)
  const first = sub(floor(mul(u, size + 1)), Math.floor(long / 2))
  const after = sub(places(size, axis), first)
  return mul(cast(greaterEqual(after, 0), 'f32'), cast(less(after, long), 'f32'))
}
