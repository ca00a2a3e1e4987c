import fc from 'fast-check'
import { sizeOf } from '../../graph/shape.ts'
import type { Tensor } from '../../graph/tensor.ts'
import * as op from '../index.ts'
import { arbAxis, arbShape, type Case, define, idx, num } from './case.test-kit.ts'

const small = (max: number, min = 1) => fc.integer({ min, max })

export const index: readonly Case[] = [
  define(
    'gather',
    fc.tuple(arbAxis(), arbShape(0, 2)).map(([{ shape, axis }, at]) => ({
      args: [num(shape), idx(at, shape[axis]!)],
      f: (x: Tensor, i: Tensor) => op.gather(x, i, axis),
      torch: `a.index_select(${axis}, b.flatten()).reshape(${JSON.stringify([...shape.slice(0, axis), ...at, ...shape.slice(axis + 1)])})`,
    })),
  ),
  define(
    'scatterAdd',
    fc.tuple(arbAxis(), small(6)).map(([{ shape, axis }, n]) => ({
      args: [num(shape), num(shape.map((m, i) => (i === axis ? n : m))), idx([n], shape[axis]!)],
      f: (x: Tensor, rows: Tensor, i: Tensor) => op.scatterAdd(x, i, rows, axis),
      torch: `a.index_add(${axis}, c, b)`,
    })),
  ),
  define(
    'segmentSum by a table of indices',
    fc
      .tuple(arbShape(1, 2), arbShape(0, 2), small(4))
      .map(([at, after, n]) => ({ args: [num([...at, ...after]), idx(at, n)], f: (rows: Tensor, i: Tensor) => op.segmentSum(rows, i, n) })),
  ),
  define(
    'takeAlongAxis',
    fc.tuple(arbAxis(), small(5)).map(([{ shape, axis }, n]) => ({
      args: [
        num(shape),
        idx(
          shape.map((m, i) => (i === axis ? n : m)),
          shape[axis]!,
        ),
      ],
      f: (x: Tensor, i: Tensor) => op.takeAlongAxis(x, i, axis),
      torch: `a.gather(${axis}, b)`,
    })),
  ),
  define(
    'scatterAlongAxis',
    fc.tuple(arbAxis(), small(5)).map(([{ shape, axis }, n]) => ({
      args: [num(shape), idx(shape, n)],
      f: (v: Tensor, i: Tensor) => op.scatterAlongAxis(i, v, n, axis),
      torch: `torch.zeros(${JSON.stringify(shape.map((m, i) => (i === axis ? n : m)))}, dtype=a.dtype).scatter_add(${axis}, b, a)`,
    })),
  ),
  define(
    'gather of integers',
    arbAxis().map(({ shape, axis }) => ({
      args: [idx(shape, 50), idx([3], shape[axis]!)],
      f: (x: Tensor, i: Tensor) => [op.gather(x, i, axis), op.cast(op.gather(op.equal(x, 3), i, axis), 'i64')],
    })),
    'none',
  ),
  define(
    'oneHot',
    arbShape(0, 2).map(shape => ({ args: [idx(shape, 4)], f: (i: Tensor) => op.oneHot(i, 4), torch: 'F.one_hot(a, 4).float()' })),
    'none',
  ),
  define(
    'topK',
    fc.tuple(arbAxis(1, 3, 5), small(5), fc.boolean()).map(([{ shape, axis }, k, largest]) => {
      const n = Math.min(k, shape[axis]!)
      return {
        args: [num(shape, 'distinct')],
        f: (x: Tensor) => Object.values(op.topK(x, n, { axis, largest })),
        torch: `a.topk(${n}, ${axis}, ${largest ? 'True' : 'False'})`,
      }
    }),
  ),
  define(
    'topK of ties',
    fc
      .tuple(small(9, 2), fc.boolean())
      .map(([n, largest]) => ({ args: [idx([2, n], 3)], f: (x: Tensor) => Object.values(op.topK(op.cast(x, 'f32'), n - 1, { largest })) })),
    'none',
  ),
  define(
    'topK of integers',
    fc
      .tuple(small(9, 2), fc.boolean())
      .map(([n, largest]) => ({ args: [idx([n, 2], 3)], f: (x: Tensor) => Object.values(op.topK(x, n - 1, { axis: 0, largest })) })),
    'none',
  ),
  define(
    'sort',
    fc.tuple(arbAxis(), fc.boolean()).map(([{ shape, axis }, descending]) => ({
      args: [num(shape, 'distinct')],
      f: (x: Tensor) => [op.sort(x, { axis, descending }), op.argsort(x, { axis, descending })],
      torch: `a.sort(${axis}, ${descending ? 'True' : 'False'})`,
    })),
  ),
  define(
    'cumsum',
    fc.tuple(arbAxis(), fc.boolean(), fc.boolean()).map(([{ shape, axis }, reverse, exclusive]) => ({
      args: [num(shape)],
      f: (x: Tensor) => op.cumsum(x, axis, { reverse, exclusive }),
      torch: `${reverse ? `a.flip(${axis}).cumsum(${axis}).flip(${axis})` : `a.cumsum(${axis})`}${exclusive ? ' - a' : ''}`,
    })),
  ),
  define(
    'cumsum of integers',
    arbAxis().map(({ shape, axis }) => ({ args: [idx(shape, 9)], f: (x: Tensor) => op.cumsum(x, axis), torch: `a.cumsum(${axis})` })),
    'none',
  ),
  define(
    'max pool',
    fc
      .record({
        space: fc.array(small(6, 3), { minLength: 1, maxLength: 2 }),
        kernel: small(3),
        stride: small(3),
        pad: fc.boolean(),
        dilation: small(2),
        lead: fc.tuple(small(2), small(2)),
      })
      .map(({ space, kernel, stride, pad, dilation: d, lead }) => {
        const padding = pad ? Math.floor(kernel / 2) : 0
        const dilation = space.every(n => n + 2 * padding >= d * (kernel - 1) + 1) ? d : 1
        return {
          args: [num([...lead, ...space], 'distinct')],
          f: (x: Tensor) => op.maxPool(x, kernel, { stride, padding, dilation }),
          torch: `F.max_pool${space.length}d(a, ${kernel}, ${stride}, ${padding}, ${dilation})`,
        }
      }),
  ),
  define(
    'average pool',
    fc
      .record({
        space: fc.array(small(6, 3), { minLength: 1, maxLength: 2 }),
        kernel: small(3),
        stride: small(3),
        pad: fc.boolean(),
        lead: fc.tuple(small(2), small(2)),
      })
      .map(({ space, kernel, stride, pad, lead }) => {
        const padding = pad ? Math.floor(kernel / 2) : 0
        return {
          args: [num([...lead, ...space])],
          f: (x: Tensor) => op.avgPool(x, kernel, { stride, padding }),
          torch: `F.avg_pool${space.length}d(a, ${kernel}, ${stride}, ${padding})`,
        }
      }),
  ),
  define(
    'average pool without overlap',
    fc
      .tuple(small(3), small(3), small(2))
      .map(([h, w, k]) => ({ args: [num([2, 1, h * k, w * k])], f: (x: Tensor) => op.avgPool(x, k), torch: `F.avg_pool2d(a, ${k})` })),
  ),
  define(
    'everything at one index',
    small(40).map(n => ({
      args: [num([n, 2]), idx([n], 1)],
      f: (rows: Tensor, i: Tensor) => op.segmentSum(rows, i, sizeOf([2])),
      torch: 'torch.stack([a.sum(0), a.sum(0) * 0])',
    })),
  ),
]
