/** What nets of pictures [n, c, h, w] are made of. */
import { add, avgPool, broadcastTo, concat, div, leakyRelu, mean, mul, reshape, type Shape, sqrt, sub, type Tensor } from '@dioramic/tensor'
import { GanError } from '../error.ts'

/** Each pixel as 2 × 2 equal ones. */
export function up(x: Tensor): Tensor {
  const [n, c, h, w] = x.shape as [number, number, number, number]
  return reshape(broadcastTo(reshape(x, [n, c, h, 1, w, 1]), [n, c, h, 2, w, 2]), [n, c, 2 * h, 2 * w])
}

/** The mean of each 2 × 2 pixels. */
export const down = (x: Tensor): Tensor => avgPool(x, 2)

/** `f` so many times over. */
export function times(count: number, f: (x: Tensor) => Tensor, x: Tensor): Tensor {
  let y = x
  for (let k = 0; k < count; k++) y = f(y)
  return y
}

export const leaky = (x: Tensor): Tensor => leakyRelu(x, 0.2)

export interface Pyramid {
  readonly channels: number
  /** Pixels of an edge at first. */
  readonly base: number
  /** How often it doubles. */
  readonly levels: number
}

/** The sizes through which a picture grows: down by halves while more than 4 pixels are left, at least once. @throws GanError where that does not come out */
export function pyramidOf(name: string, shape: Shape): Pyramid {
  const [channels, height, width] = shape
  if (shape.length !== 3 || height !== width)
    throw new GanError(`"${name}" makes square pictures [channels, size, size], not [${shape.join(', ')}]`)
  let [base, levels] = [height!, 0]
  while (base % 2 === 0 && (base > 4 || levels === 0)) [base, levels] = [base / 2, levels + 1]
  if (levels === 0 || base > 8 || base < 2)
    throw new GanError(`"${name}" doubles a picture's size from 2 … 8 pixels on: ${height} does not come out, take 8, 12, 16, 24, 28, 32 …`)
  return { channels: channels!, base, levels }
}

/** (x − mean)/deviation of each channel of each picture, times `scale` plus `bias`, both [n, c] (AdaIN, Huang & Belongie 2017; Karras et al. 2019). */
export function adaptiveInstanceNorm(x: Tensor, scale: Tensor, bias: Tensor): Tensor {
  const off = sub(x, mean(x, [2, 3], true))
  return modulated(div(off, sqrt(add(mean(mul(off, off), [2, 3], true), 1e-8))), scale, bias)
}

/** x·scale + bias with one of each a picture and channel, [n, c]. */
export function modulated(x: Tensor, scale: Tensor, bias: Tensor): Tensor {
  const wide = (t: Tensor) => reshape(t, [t.shape[0]!, t.shape[1]!, 1, 1])
  return add(mul(x, wide(scale)), wide(bias))
}

/** x/√(mean x² + 1e-8) over axis 1: of a pixel's channels, or of a row (Karras et al. 2018). */
export const pixelNorm = (x: Tensor): Tensor => div(x, sqrt(add(mean(mul(x, x), 1, true), 1e-8)))

/** A channel more: the mean deviation of all features over the batch, by which samples that are all alike give themselves away (Karras et al. 2018). */
export function withDeviation(x: Tensor): Tensor {
  const off = sub(x, mean(x, 0, true))
  const deviation = mean(sqrt(add(mean(mul(off, off), 0), 1e-8)))
  const shape = [x.shape[0]!, 1, ...x.shape.slice(2)]
  return concat([x, broadcastTo(deviation, shape)], 1)
}
