import fc from 'fast-check'
import { apply, type Tensor } from '../../graph/tensor.ts'
import { geluGradOp } from '../activation.ts'
import { reluGradOp } from '../elementwise.ts'
import * as op from '../index.ts'
import { layerNormGradOp, layerNormOp } from '../normalize.ts'
import { softmaxGradOp } from '../softmax.ts'
import { arbAxes, arbAxis, arbShape, type Case, define, flag, idx, num, type Values } from './case.test-kit.ts'

type Reduce = (x: Tensor, axes?: number[], keep?: boolean) => Tensor

const reduction = (name: string, f: Reduce, torch?: (axes: string, keep: string) => string, values: Values = 'normal'): Case =>
  define(
    name,
    arbAxes().map(({ shape, axes, keepDims }) => ({
      args: [num(shape, values)],
      f: x => f(x!, axes, keepDims),
      torch: torch?.(`(${axes.join()},)`, keepDims ? 'True' : 'False'),
    })),
  )

const alongAxis = (
  name: string,
  f: (x: Tensor, axis: number) => Tensor,
  torch: (axis: number) => string,
  values: Values = 'normal',
): Case =>
  define(
    name,
    arbAxis().map(({ shape, axis }) => ({ args: [num(shape, values)], f: x => f(x!, axis), torch: torch(axis) })),
  )

export const reduce: readonly Case[] = [
  reduction('sum', op.sum, (a, k) => `a.sum(${a}, ${k})`),
  reduction('mean', op.mean, (a, k) => `a.mean(${a}, ${k})`),
  reduction('max', op.max, (a, k) => `a.amax(${a}, ${k})`, 'distinct'),
  reduction('min', op.min, (a, k) => `a.amin(${a}, ${k})`, 'distinct'),
  reduction('prod', op.prod),
  reduction('norm', op.norm, (a, k) => `a.square().sum(${a}, ${k}).sqrt()`, 'positive'),
  reduction(
    'variance',
    (x, a, k) => op.variance(x, a, k),
    (a, k) => `a.var(${a}, unbiased=False, keepdim=${k})`,
  ),
  reduction('logSumExp', op.logSumExp, (a, k) => `torch.logsumexp(a, ${a}, ${k})`),
  define(
    'sum of everything',
    arbShape().map(shape => ({ args: [num(shape)], f: x => op.sum(x!), torch: 'a.sum()' })),
  ),
  define(
    'prod with zeros',
    arbShape(1, 1, 7).map(shape => ({
      args: [num(shape), flag(shape)],
      f: (x, keep) => op.prod(op.where(keep!, x!, op.mul(x!, 0))),
      torch: 'torch.where(b, a, a * 0).prod()',
    })),
  ),
  define(
    'moments',
    arbAxes(1).map(({ shape, axes, keepDims }) => ({
      args: [num(shape)],
      f: x => {
        const { mean, variance } = op.moments(x!, axes, keepDims)
        return [mean, variance]
      },
      torch: `[a.mean(${JSON.stringify(axes)}, keepdim=${keepDims ? 'True' : 'False'}), a.var(${JSON.stringify(axes)}, unbiased=False, keepdim=${keepDims ? 'True' : 'False'})]`,
    })),
  ),
  define(
    'sample variance',
    fc
      .integer({ min: 2, max: 5 })
      .map(n => ({ args: [num([3, n])], f: x => op.variance(x!, 1, false, { correction: 1 }), torch: 'a.var(1)' })),
  ),
  define(
    'argMax',
    arbAxis().map(({ shape, axis }) => ({ args: [num(shape, 'distinct')], f: x => op.argMax(x!, axis), torch: `a.argmax(${axis})` })),
    'none',
  ),
  define(
    'argMin',
    arbAxis().map(({ shape, axis }) => ({ args: [num(shape, 'distinct')], f: x => op.argMin(x!, axis), torch: `a.argmin(${axis})` })),
    'none',
  ),
  define(
    'argMax of ties',
    arbAxis(1, 2, 6).map(({ shape, axis }) => ({ args: [idx(shape, 3)], f: x => op.argMax(x!, axis) })),
    'none',
  ),
  define(
    'count, any, all',
    arbAxes().map(({ shape, axes, keepDims }) => ({
      args: [flag(shape)],
      f: x => [op.sum(x!, axes, keepDims), op.any(x!, axes, keepDims), op.all(x!, axes, keepDims)],
    })),
    'none',
  ),
  define(
    'sum and max of integers',
    arbAxes().map(({ shape, axes, keepDims }) => ({
      args: [idx(shape, 9)],
      f: x => [op.sum(x!, axes, keepDims), op.max(x!, axes, keepDims)],
    })),
    'none',
  ),

  alongAxis('softmax', op.softmax, a => `F.softmax(a, ${a})`),
  alongAxis('logSoftmax', op.logSoftmax, a => `F.log_softmax(a, ${a})`),
  define(
    'softmaxGrad',
    arbAxis().map(({ shape, axis }) => ({ args: [num(shape), num(shape)], f: (y, g) => apply(softmaxGradOp, [y!, g!], { axis })[0]! })),
  ),
  define(
    'reluGrad',
    arbShape().map(shape => ({
      args: [num(shape, 'normal', [0]), num(shape)],
      f: (x, g) => apply(reluGradOp, [x!, g!], { slope: 0.3 })[0]!,
    })),
  ),
  define(
    'geluGrad',
    arbShape().map(shape => ({ args: [num(shape), num(shape)], f: (x, g) => apply(geluGradOp, [x!, g!], {})[0]! })),
  ),

  define(
    'layerNorm with its statistics',
    arbShape(0, 2).chain(lead =>
      fc.integer({ min: 2, max: 6 }).map(d => ({
        args: [num([...lead, d]), num([d]), num([d])],
        f: (x: Tensor, g: Tensor, b: Tensor) => apply(layerNormOp, [x, g, b], { epsilon: 1e-5 }),
      })),
    ),
  ),
  define(
    'layerNormGrad',
    arbShape(0, 2).chain(lead =>
      fc.integer({ min: 1, max: 5 }).map(d => ({
        args: [num([...lead, d]), num([...lead, 1]), num([...lead, 1], 'positive'), num([d]), num([...lead, d])],
        f: (...xs: Tensor[]) => apply(layerNormGradOp, xs, {}),
      })),
    ),
  ),
  define(
    'layerNorm',
    arbShape(0, 2).chain(lead =>
      fc.integer({ min: 2, max: 6 }).map(d => ({
        args: [num([...lead, d]), num([d]), num([d])],
        f: (x: Tensor, gain: Tensor, bias: Tensor) => op.layerNorm(x, { gain, bias }),
        torch: `F.layer_norm(a, (${d},), b, c)`,
      })),
    ),
  ),
  define(
    'layerNorm without gain and bias',
    fc
      .integer({ min: 2, max: 6 })
      .map(d => ({ args: [num([3, d])], f: (x: Tensor) => op.layerNorm(x), torch: `F.layer_norm(a, (${d},))` })),
  ),
  define(
    'rmsNorm',
    arbShape(0, 2).chain(lead =>
      fc.integer({ min: 1, max: 6 }).map(d => ({
        args: [num([...lead, d]), num([d])],
        f: (x: Tensor, gain: Tensor) => op.rmsNorm(x, { gain, epsilon: 1e-3 }),
        torch: 'a / (a.square().mean(-1, True) + 1e-3).sqrt() * b',
      })),
    ),
  ),
  define(
    'groupNorm',
    fc
      .record({
        n: fc.integer({ min: 1, max: 3 }),
        groups: fc.integer({ min: 1, max: 2 }),
        per: fc.integer({ min: 1, max: 2 }),
        space: arbShape(1, 2, 3),
      })
      .map(({ n, groups, per, space }) => ({
        args: [num([n, groups * per, 2, ...space]), num([groups * per]), num([groups * per])],
        f: (x: Tensor, gain: Tensor, bias: Tensor) => op.groupNorm(x, groups, { gain, bias }),
        torch: `F.group_norm(a, ${groups}, b, c)`,
      })),
  ),
  define(
    'batchNorm in training',
    fc
      .record({ n: fc.integer({ min: 2, max: 4 }), c: fc.integer({ min: 1, max: 3 }), space: arbShape(0, 2, 3) })
      .map(({ n, c, space }) => ({
        args: [num([n, c, ...space]), num([c]), num([c])],
        f: (x: Tensor, gain: Tensor, bias: Tensor) => op.batchNorm(x, op.batchMoments(x), { gain, bias, epsilon: 1e-2 }),
        torch: 'F.batch_norm(a, None, None, b, c, True, 0.1, 1e-2)',
      })),
  ),
  define(
    'batchNorm in evaluation',
    fc.record({ c: fc.integer({ min: 1, max: 3 }), space: arbShape(0, 2, 3) }).map(({ c, space }) => ({
      args: [num([2, c, ...space]), num([c]), num([c], 'positive')],
      f: (x: Tensor, mean: Tensor, variance: Tensor) => op.batchNorm(x, { mean, variance }),
    })),
  ),
]
