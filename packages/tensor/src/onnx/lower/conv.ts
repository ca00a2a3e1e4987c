/** Convolutions and their derivatives, which are convolutions. */
import type { Shape } from '../../graph/dtype.ts'
import { attribute } from '../proto/index.ts'
import type { Lowering } from './lowering.ts'

interface Conv {
  strides: number[]
  pads: [number, number][]
  dilations: number[]
  groups: number
}

const windowed = ({ strides, pads, dilations, groups }: Conv) => ({
  strides: attribute.ints(strides),
  dilations: attribute.ints(dilations),
  pads: attribute.ints([...pads.map(p => p[0]), ...pads.map(p => p[1])]),
  group: attribute.int(groups),
})

/** The transposed convolution; what the strides left over at the end comes back as output padding. */
const inputGradLowering: Lowering<Conv & { shape: Shape }> = (e, { attrs, inputs }, x, [y]) => {
  const [g, w] = inputs.map(t => t.shape.slice(2)) as [number[], number[]]
  const over = attrs.shape.slice(2).map((n, i) => {
    const covered = (g[i]! - 1) * attrs.strides[i]! + attrs.dilations[i]! * (w[i]! - 1) + 1
    return n - (covered - attrs.pads[i]![0] - attrs.pads[i]![1])
  })
  e.emit('ConvTranspose', x, { ...windowed(attrs), output_padding: attribute.ints(over) }, y)
}

/** The convolution of x with g over the batch: examples are the channels, and strides and dilations change places. */
const weightGradLowering: Lowering<Conv & { shape: Shape }> = (e, { attrs, inputs }, [x, g], [y]) => {
  const [xs, gs] = inputs.map(t => t.shape) as [number[], number[]]
  const { groups, strides, dilations, pads, shape } = attrs
  const [n, c] = xs as [number, number]
  const space = xs.slice(2)
  const rest = space.map((_, i) => i + 2)
  const swap = [1, 0, ...rest]
  const each = c / groups
  // [N, G·C, …] → [C, G·N, …]
  let from = x!
  if (groups === 1) from = e.transpose(from, swap)
  else {
    from = e.transpose(e.reshape(from, [n, groups, each, ...space]), [2, 1, 0, ...rest.map(r => r + 1)])
    from = e.reshape(from, [each, groups * n, ...space])
  }
  // So many zeros behind that the result has the kernel's size; if fewer than none, the input's last places were never seen.
  const behind = space.map((m, i) => dilations[i]! * (shape[i + 2]! - 1) + (gs[i + 2]! - 1) * strides[i]! + 1 - m - pads[i]![0])
  if (behind.some(b => b < 0)) {
    const axes = rest.filter((_, i) => behind[i]! < 0)
    from = e.slice(
      from,
      axes.map(() => 0),
      axes.map(a => space[a - 2]! + behind[a - 2]!),
      axes,
      axes.map(() => 1),
    )
  }
  const over = e.emit('Conv', [from, e.transpose(g!, swap)], {
    ...windowed({ strides: dilations, dilations: strides, groups, pads: pads.map((p, i) => [p[0], Math.max(0, behind[i]!)]) }),
  })
  e.transpose(over, swap, y)
}

export const conv: Record<string, Lowering> = {
  conv: ((e, { attrs }, x, [y]) => void e.emit('Conv', x, windowed(attrs), y)) as Lowering<Conv> as Lowering,
  convInputGrad: inputGradLowering as Lowering,
  convWeightGrad: weightGradLowering as Lowering,
}
