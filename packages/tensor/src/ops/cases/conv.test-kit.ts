import fc from 'fast-check'
import { apply, type Tensor } from '../../graph/tensor.ts'
import { type Conv, convInputGradOp, convWeightGradOp } from '../conv.ts'
import * as op from '../index.ts'
import { places } from '../window.ts'
import { type Case, define, num } from './case.test-kit.ts'

const small = (max: number, min = 1) => fc.integer({ min, max })

/** Sizes, strides, paddings, dilations and groups that fit, over one or two axes. */
const arbConv = fc
  .record({
    n: small(2),
    groups: small(2),
    cg: small(2),
    og: small(2),
    axes: fc.array(
      fc.record({ size: small(5), kernel: small(3), stride: small(3), low: small(2, 0), high: small(2, 0), dilation: small(2) }),
      { minLength: 1, maxLength: 2 },
    ),
  })
  .map(({ n, groups, cg, og, axes }) => {
    const attrs: Conv = {
      strides: axes.map(a => a.stride),
      pads: axes.map(a => [a.low, a.high] as const),
      dilations: axes.map(a => a.dilation),
      groups,
    }
    // An axis too short for its window is made as long as it.
    const size = axes.map(a => Math.max(a.size, a.dilation * (a.kernel - 1) + 1 - a.low - a.high))
    const kernel = axes.map(a => a.kernel)
    return { attrs, x: [n, cg * groups, ...size], w: [og * groups, cg, ...kernel], y: [n, og * groups, ...places(size, kernel, attrs)] }
  })

/** PyTorch's argument list. Uneven padding goes by F.pad, last axis first. */
const torchArgs = (a: Conv) => `stride=${JSON.stringify(a.strides)}, dilation=${JSON.stringify(a.dilations)}, groups=${a.groups}`
const torchConv = (a: Conv, x: string, w: string) =>
  `F.conv${a.strides.length}d(F.pad(${x}, ${JSON.stringify([...a.pads].reverse().flat())}), ${w}, ${torchArgs(a)})`

export const convolution: readonly Case[] = [
  define(
    'conv',
    arbConv.map(({ attrs, x, w }) => ({
      args: [num(x), num(w)],
      f: (a: Tensor, b: Tensor) =>
        op.conv(a, b, { stride: attrs.strides, padding: attrs.pads, dilation: attrs.dilations, groups: attrs.groups }),
      torch: torchConv(attrs, 'a', 'b'),
    })),
  ),
  define(
    'convInputGrad',
    arbConv.map(({ attrs, x, w, y }) => ({
      args: [num(y), num(w)],
      f: (g: Tensor, b: Tensor) => apply(convInputGradOp, [g, b], { ...attrs, shape: x })[0]!,
    })),
  ),
  define(
    'convWeightGrad',
    arbConv.map(({ attrs, x, w, y }) => ({
      args: [num(x), num(y)],
      f: (a: Tensor, g: Tensor) => apply(convWeightGradOp, [a, g], { ...attrs, shape: w })[0]!,
    })),
  ),
  define(
    'conv, same',
    fc.record({ size: small(6), kernel: small(3), stride: small(2) }).map(({ size, kernel, stride }) => ({
      args: [num([2, 2, size]), num([3, 2, kernel])],
      f: (a: Tensor, b: Tensor) => op.conv(a, b, { stride, padding: 'same' }),
    })),
  ),
  define(
    'convTranspose',
    fc
      .record({
        rank: small(2),
        n: small(2),
        groups: small(2),
        cg: small(2),
        og: small(2),
        size: small(4, 2),
        kernel: small(3),
        stride: small(3),
        extra: small(2, 0),
        dilation: small(2),
        padding: small(1, 0),
      })
      .filter(o => o.extra < o.stride && (o.size - 1) * o.stride - 2 * o.padding + o.dilation * (o.kernel - 1) + 1 + o.extra > 0)
      .map(({ rank, n, groups, cg, og, size, kernel, stride, extra, dilation, padding }) => {
        const space = (k: number) => new Array<number>(rank).fill(k)
        return {
          args: [num([n, cg * groups, ...space(size)]), num([cg * groups, og, ...space(kernel)])],
          f: (a: Tensor, b: Tensor) => op.convTranspose(a, b, { stride, padding, dilation, groups, outputPadding: extra }),
          // PyTorch wants the extra smaller than the stride or the dilation; ours is smaller than the stride.
          torch: `F.conv_transpose${rank}d(a, b, stride=${stride}, padding=${padding}, output_padding=${extra}, groups=${groups}, dilation=${dilation})`,
        }
      }),
  ),
]
