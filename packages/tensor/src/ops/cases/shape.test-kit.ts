import fc from 'fast-check'
import { sizeOf } from '../../graph/shape.ts'
import type { Tensor } from '../../graph/tensor.ts'
import * as op from '../index.ts'
import { arbAxis, arbBroadcast, arbShape, type Case, define, flag, idx, num } from './case.test-kit.ts'

const small = (max: number, min = 0) => fc.integer({ min, max })

/** For each axis of a shape, `[start, end, step]` inside it. */
const arbRanges = (shape: readonly number[]) =>
  fc.tuple(
    ...shape.map(n =>
      fc
        .record({ a: small(n - 1), b: small(n, 1), step: small(3, 1) })
        .map(({ a, b, step }) => [Math.min(a, b - 1), Math.max(a + 1, b), step] as const),
    ),
  )

const linear = (name: string, f: (x: Tensor, axis: number) => Tensor | Tensor[], torch?: (axis: number, shape: number[]) => string): Case =>
  define(
    name,
    arbAxis().map(({ shape, axis }) => ({ args: [num(shape)], f: x => f(x!, axis), torch: torch?.(axis, shape) })),
  )

export const shape: readonly Case[] = [
  define(
    'reshape',
    arbShape(1).map(s => ({ args: [num(s)], f: x => op.reshape(x!, [s.at(-1)!, -1]), torch: `a.reshape(${s.at(-1)}, -1)` })),
  ),
  define(
    'transpose',
    arbShape().chain(s =>
      fc
        .shuffledSubarray([...s.keys()], { minLength: s.length })
        .map(perm => ({ args: [num(s)], f: x => op.transpose(x!, perm), torch: `a.permute(${JSON.stringify(perm)})` })),
    ),
  ),
  define(
    'broadcastTo',
    arbShape().chain(s =>
      fc.tuple(small(s.length), fc.array(fc.boolean(), { minLength: 3, maxLength: 3 })).map(([drop, one]) => ({
        args: [num(s.slice(drop).map((n, i) => (one[i] ? 1 : n)))],
        f: x => op.broadcastTo(x!, s),
        torch: `a.broadcast_to(${JSON.stringify(s)})`,
      })),
    ),
  ),
  define(
    'slice',
    arbShape(1).chain(s =>
      arbRanges(s).map(ranges => ({ args: [num(s)], f: x => op.slice(x!, ranges), torch: `a[${ranges.map(r => r.join(':')).join()}]` })),
    ),
  ),
  define(
    'pad',
    arbShape(1).chain(s =>
      fc
        .array(fc.tuple(small(2), small(2), small(2)), { minLength: s.length, maxLength: s.length })
        .map(pads => ({ args: [num(s)], f: x => op.pad(x!, pads, 0.5) })),
    ),
  ),
  define(
    'concat',
    arbAxis().chain(({ shape: s, axis }) =>
      fc.array(small(3, 1), { minLength: 1, maxLength: 3 }).map(sizes => ({
        args: sizes.map(n => num(s.map((m, i) => (i === axis ? n : m)))),
        f: (...xs: Tensor[]) => op.concat(xs, axis),
        torch: `torch.cat([${'abc'.slice(0, sizes.length).split('').join()}], ${axis})`,
      })),
    ),
  ),
  define(
    'stack',
    arbShape(0, 2).chain(s =>
      small(s.length).map(axis => ({
        args: [num(s), num(s)],
        f: (a, b) => op.stack([a!, b!], axis),
        torch: `torch.stack([a, b], ${axis})`,
      })),
    ),
  ),
  linear(
    'at',
    (x, axis) => op.at(x, -1, axis),
    axis => `a.select(${axis}, -1)`,
  ),
  linear('split', (x, axis) => op.split(x, [x.shape[axis]! - 1, 1], axis).filter(t => t.size > 0)),
  linear('reverse', op.reverse, axis => `a.flip(${axis})`),
  linear('expandDims', op.expandDims, axis => `a.unsqueeze(${axis})`),
  linear('squeeze', (x, axis) => op.squeeze(op.expandDims(x, axis), axis)),
  linear(
    'repeat',
    (x, axis) => op.repeat(x, 3, axis),
    axis => `a.repeat_interleave(3, ${axis})`,
  ),
  linear(
    'tile',
    x =>
      op.tile(
        x,
        x.shape.map((_, i) => i + 1),
      ),
    (_, s) => `a.tile(${s.map((_d, i) => i + 1).join()},)`,
  ),
  define(
    'tril and triu',
    fc
      .tuple(arbShape(2), fc.integer({ min: -2, max: 2 }))
      .map(([s, d]) => ({ args: [num(s)], f: x => [op.tril(x!, d), op.triu(x!, d)], torch: `[a.tril(${d}), a.triu(${d})]` })),
  ),
  define(
    'sumTo',
    arbBroadcast(2).map(([a, b]) => ({ args: [num(a!), num(b!)], f: (x, y) => op.sumTo(op.add(x!, y!), a!) })),
  ),
  define(
    'shapes of integers and conditions',
    arbAxis(2).map(({ shape: s, axis }) => ({
      args: [idx(s, 9), flag(s)],
      f: (x, c) => [
        op.transpose(x!),
        op.reverse(x!, axis),
        op.concat([c!, c!], axis),
        op.reshape(c!, [sizeOf(s)]),
        op.slice(x!, [[0, 1]]),
        op.pad(
          x!,
          s.map(() => [1, 0]),
          7,
        ),
        op.broadcastTo(op.expandDims(c!, 0), [2, ...s]),
      ],
    })),
    'none',
  ),
  define(
    'masks and ranges',
    fc.tuple(small(4, 1), small(4, 1)).map(([n, m]) => ({
      args: [num([n])],
      f: x => [
        op.causalMask(n, n + m - 1),
        op.trilMask(n, m, m - 2),
        op.eye(n),
        op.iota(m),
        op.constant(2.5),
        op.full([n, m], 2.5),
        op.ones([n], 'i64'),
        op.cast(op.zeros([m]), 'bool'),
        op.abs(x!),
      ],
    })),
    'none',
  ),
]
