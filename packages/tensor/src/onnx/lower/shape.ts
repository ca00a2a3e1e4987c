/** Elements moved, none changed. */
import type { Shape } from '../../graph/dtype.ts'
import { attribute } from '../proto/index.ts'
import type { Emitter } from './emitter.ts'
import type { Lowering } from './lowering.ts'

const sliceLowering: Lowering<{ starts: number[]; ends: number[]; steps: number[] }> = (e, { attrs, inputs }, [x], [y]) => {
  const { starts, ends, steps } = attrs
  const { shape } = inputs[0]!
  const axes = shape.flatMap((n, i) => (starts[i] === 0 && ends[i] === n && steps[i] === 1 ? [] : [i]))
  const of = (list: readonly number[]) => axes.map(a => list[a]!)
  e.slice(x!, of(starts), of(ends), axes, of(steps), y)
}

/** Inner pads: each axis gets a second one behind it, which is padded, and what stands behind the last element is cut away again (a negative pad). */
const padLowering: Lowering<{ pads: [number, number, number][] }> = (e, { attrs: { pads }, inputs }, [x, fill], [y]) => {
  const { shape } = inputs[0]!
  let from = x!
  if (pads.some(p => p[2] > 0)) {
    from = e.reshape(
      from,
      shape.flatMap(n => [n, 1]),
    )
    from = padded(
      e,
      from,
      fill!,
      shape.flatMap(() => [0, 0]),
      pads.flatMap(p => [0, p[2]]),
    )
    from = e.reshape(
      from,
      shape.map((n, i) => n * (pads[i]![2] + 1)),
    )
  }
  padded(
    e,
    from,
    fill!,
    pads.map(p => p[0]),
    pads.map((p, i) => p[1] - (shape[i] === 0 ? 0 : p[2])),
    y,
  )
}

const padded = (e: Emitter, x: string, fill: string, low: readonly number[], high: readonly number[], y?: string): string =>
  e.emit('Pad', [x, e.ints([...low, ...high]), fill], {}, y)

export const shape: Record<string, Lowering> = {
  reshape: ((e, { attrs }, [x], [y]) => void e.reshape(x!, attrs.shape, y)) as Lowering<{ shape: Shape }> as Lowering,
  transpose: ((e, { attrs }, [x], [y]) => void e.transpose(x!, attrs.perm, y)) as Lowering<{ perm: number[] }> as Lowering,
  broadcastTo: ((e, { attrs }, [x], [y]) => void e.emit('Expand', [x!, e.ints(attrs.shape)], {}, y)) as Lowering<{
    shape: Shape
  }> as Lowering,
  slice: sliceLowering as Lowering,
  pad: padLowering as Lowering,
  concat: ((e, { attrs }, x, [y]) => void e.emit('Concat', x, { axis: attribute.int(attrs.axis) }, y)) as Lowering<{
    axis: number
  }> as Lowering,
  reverse: ((e, { attrs: { axis } }, [x], [y]) => void e.slice(x!, [-1], [-(2 ** 31)], [axis], [-1], y)) as Lowering<{
    axis: number
  }> as Lowering,
}
