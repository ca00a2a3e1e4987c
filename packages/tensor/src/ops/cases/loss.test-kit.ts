import fc from 'fast-check'
import type { Tensor } from '../../graph/tensor.ts'
import * as op from '../index.ts'
import { arbShape, type Case, define, flag, idx, num } from './case.test-kit.ts'

const small = (max: number, min = 1) => fc.integer({ min, max })
const reductions = fc.constantFrom('mean', 'sum', 'none')

export const loss: readonly Case[] = [
  define(
    'crossEntropy',
    fc
      .record({ lead: arbShape(0, 2), classes: small(5), smoothing: fc.constantFrom(0, 0.125), reduction: reductions })
      .map(({ lead, classes, smoothing, reduction }) => ({
        args: [num([...lead, classes]), idx(lead, classes)],
        f: (x: Tensor, labels: Tensor) => op.crossEntropy(x, labels, { labelSmoothing: smoothing, reduction }),
        torch: `F.cross_entropy(a.reshape(-1, ${classes}), b.flatten(), label_smoothing=${smoothing}, reduction='${reduction}')${reduction === 'none' ? `.reshape(${JSON.stringify(lead)})` : ''}`,
      })),
  ),
  define(
    'crossEntropy along axis 1 without ignored labels',
    fc.record({ n: small(4), classes: small(4, 2), space: small(3) }).map(({ n, classes, space }) => ({
      args: [num([n, classes, space]), idx([n, space], classes)],
      f: (x: Tensor, labels: Tensor) => op.crossEntropy(x, labels, { axis: 1, ignoreIndex: 0 }),
      torch: 'F.cross_entropy(a, b, ignore_index=0).nan_to_num(0)',
    })),
  ),
  define(
    'crossEntropy with weights',
    fc.record({ n: small(5), classes: small(4, 2) }).map(({ n, classes }) => ({
      args: [num([n, classes]), num([n], 'positive'), idx([n], classes)],
      f: (x: Tensor, weights: Tensor, labels: Tensor) => op.crossEntropy(x, labels, { weights }),
      torch: "(F.cross_entropy(a, c, reduction='none') * b).sum() / b.sum()",
    })),
  ),
  define(
    'crossEntropy with a mask',
    fc.record({ n: small(5), classes: small(4, 2) }).map(({ n, classes }) => ({
      args: [num([n, classes]), idx([n], classes), flag([n])],
      f: (x: Tensor, labels: Tensor, weights: Tensor) => op.crossEntropy(x, labels, { weights, ignoreIndex: 1 }),
      torch: "(F.cross_entropy(a, b, reduction='none') * (c & (b != 1))).sum() / (c & (b != 1)).sum().clamp(min=1)",
    })),
  ),
  define(
    'softCrossEntropy',
    fc.record({ n: small(4), classes: small(4) }).map(({ n, classes }) => ({
      args: [num([n, classes]), num([n, classes], 'simplex')],
      f: (x: Tensor, t: Tensor) => op.softCrossEntropy(x, t),
      torch: 'F.cross_entropy(a, b)',
    })),
  ),
  define(
    'binaryCrossEntropy',
    fc.tuple(arbShape(), reductions).map(([s, reduction]) => ({
      args: [num(s), num(s, 'unit')],
      f: (x: Tensor, t: Tensor) => op.binaryCrossEntropy(x, t, { reduction }),
      torch: `F.binary_cross_entropy_with_logits(a, b, reduction='${reduction}')`,
    })),
  ),
  define(
    'mse',
    arbShape().map(s => ({ args: [num(s), num(s)], f: (a: Tensor, b: Tensor) => op.mse(a, b), torch: 'F.mse_loss(a, b)' })),
  ),
  define(
    'mse of what is not masked',
    arbShape().map(s => ({
      args: [num(s), num(s), flag(s)],
      f: (a: Tensor, b: Tensor, weights: Tensor) => op.mse(a, b, { weights }),
      torch: '((a - b).square() * c).sum() / c.sum().clamp(min=1)',
    })),
  ),
  define(
    'mae',
    arbShape().map(s => ({ args: [num(s, 'even'), num(s, 'odd')], f: (a: Tensor, b: Tensor) => op.mae(a, b), torch: 'F.l1_loss(a, b)' })),
  ),
  define(
    'huber',
    arbShape().map(s => ({
      args: [num(s, 'even'), num(s, 'odd')],
      f: (a: Tensor, b: Tensor) => op.huber(a, b, { delta: 0.6 }),
      torch: 'F.huber_loss(a, b, delta=0.6)',
    })),
  ),
  define(
    'hinge',
    arbShape().map(s => ({
      args: [num(s, 'even'), flag(s)],
      f: (x: Tensor, t: Tensor) => op.hinge(x, op.sub(op.mul(op.cast(t, 'f32'), 2), 1), { margin: 0.9 }),
    })),
  ),
  define(
    'klDivergence',
    fc.record({ n: small(4), classes: small(4) }).map(({ n, classes }) => ({
      args: [num([n, classes]), num([n, classes])],
      f: (p: Tensor, q: Tensor) => op.klDivergence(op.logSoftmax(p), op.logSoftmax(q)),
      torch: "F.kl_div(F.log_softmax(b, -1), F.log_softmax(a, -1), reduction='batchmean', log_target=True)",
    })),
  ),
  define(
    'klNormal',
    fc.record({ n: small(4), d: small(4) }).map(({ n, d }) => ({
      args: [num([n, d]), num([n, d])],
      f: (mean: Tensor, logVariance: Tensor) => op.klNormal(mean, logVariance),
      torch: '0.5 * (b.exp() + a ** 2 - 1 - b).sum(-1).mean()',
    })),
  ),
]
