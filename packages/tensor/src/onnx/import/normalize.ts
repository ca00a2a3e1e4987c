/** Normalisation. */
import { sizeOf } from '../../graph/shape.ts'
import type { Tensor } from '../../graph/tensor.ts'
import * as op from '../../ops/index.ts'
import type { Import } from './call.ts'

/** In training by the batch, whose running statistics come out as well; else by the given ones. */
const batchNorm: Import = c => {
  const [x, gain, bias, mean, variance] = [0, 1, 2, 3, 4].map(i => c.x(i)) as [Tensor, Tensor, Tensor, Tensor, Tensor]
  const epsilon = c.float('epsilon', 1e-5)
  const training = c.opset >= 14 ? c.int('training_mode', 0) === 1 : c.wants(1)
  if (!training) return op.batchNorm(x, { mean, variance }, { gain, bias, epsilon })
  const own = op.batchMoments(x)
  const momentum = c.float('momentum', 0.9)
  const move = (from: Tensor, to: Tensor) => op.add(op.mul(from, momentum), op.mul(to, 1 - momentum))
  return [op.batchNorm(x, own, { gain, bias, epsilon }), move(mean, own.mean), move(variance, own.variance)]
}

/** Over all axes from `axis` on; also their mean and 1/√(variance + ε). */
const layerNorm: Import = c => {
  const [x, gain, bias] = [c.x(0), c.x(1), c.maybe(2)]
  const axis = c.axis(c.int('axis', -1), x.rank)
  const epsilon = c.float('epsilon', 1e-5)
  const d = sizeOf(x.shape.slice(axis))
  if (!c.wants(1) && !c.wants(2) && gain.size === d && (bias?.size ?? d) === d) {
    const flat = (t: Tensor) => op.reshape(t, [d])
    const rows = op.reshape(x, [...x.shape.slice(0, axis), d])
    return op.reshape(op.layerNorm(rows, { gain: flat(gain), ...(bias && { bias: flat(bias) }), epsilon }), x.shape)
  }
  const axes = x.shape.flatMap((_, i) => (i < axis ? [] : [i]))
  const { mean, variance } = op.moments(x, axes, true)
  const inverse = op.div(1, op.sqrt(op.add(variance, epsilon)))
  const y = op.mul(op.mul(op.sub(x, mean), inverse), gain)
  return [bias ? op.add(y, bias) : y, mean, inverse]
}

const rmsNorm: Import = c => {
  const x = c.x(0)
  const axis = c.axis(c.int('axis', -1), x.rank)
  const axes = x.shape.flatMap((_, i) => (i < axis ? [] : [i]))
  return op.mul(op.div(x, op.sqrt(op.add(op.mean(op.mul(x, x), axes, true), c.float('epsilon', 1e-5)))), c.x(1))
}

/** Gains and biases were one a group before opset 21 and are one a channel since. */
const groupNorm: Import = c => {
  const x = c.x(0)
  const groups = c.int('num_groups', 1)
  const channels = x.shape[1]!
  const each = (t: Tensor) => (t.size === channels ? t : op.repeat(t, channels / groups))
  return op.groupNorm(x, groups, { gain: each(c.x(1)), bias: each(c.x(2)), epsilon: c.float('epsilon', 1e-5) })
}

export const normalize: Readonly<Record<string, Import>> = {
  BatchNormalization: batchNorm,
  InstanceNormalization: c => op.groupNorm(c.x(0), c.x(0).shape[1]!, { gain: c.x(1), bias: c.x(2), epsilon: c.float('epsilon', 1e-5) }),
  LayerNormalization: layerNorm,
  RMSNormalization: rmsNorm,
  GroupNormalization: groupNorm,
}
