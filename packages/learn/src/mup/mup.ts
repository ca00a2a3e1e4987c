/** The parametrisation: what a table says, put on the declarations and uses of any model of our layers. */
import { flatten, nn } from '@dioramic/tensor'
import { MupError } from './error.ts'
import { classify } from './kind.ts'
import { type Optimizer, scalingOf, type TableName } from './tables.ts'

export interface MupOptions {
  readonly optimizer: Optimizer
  /** Default 8. */
  readonly table?: TableName
  /** Weights of readouts begin at 0, so that the first outputs do not depend on the width (appendix D.2). A tied table stays as it is. Default false. */
  readonly zeroReadout?: boolean
  /** Queries begin at 0, so that the first attention is even whatever the width. Default false. */
  readonly zeroQuery?: boolean
  /** Constant factors to be tuned: on logits, on attention logits, on the deviation of all weights and tables. They transfer over width, as the learning rate does. Default 1. */
  readonly output?: number
  readonly attention?: number
  readonly initScale?: number
}

/**
 * The maximal update parametrisation of a model whose growing sizes are `nn.dim`s, for `nn.parametrise(model, mup({ optimizer: 'adam' }))`: first values and multipliers are changed where they
 * are declared and used, rates and decays are what `nn.factorsOf` of the outcome says (`optim.scaleUpdates`). At the base width the model is what it was, to the bit. Attention logits are
 * q·k·√(base head size) / head size.
 *
 * Adam's epsilon should be tiny (1e-12): gradients shrink as the model grows. Decay must be decoupled (`weightDecay`): an L2 penalty in the gradient does not scale so.
 * @throws MupError (on `parametrise`) for dims of one name with unequal ratios, for parameters with more than two axes that scale, for matrices that begin at a constant
 */
export function mup({
  optimizer,
  table = 8,
  zeroReadout = false,
  zeroQuery = false,
  output = 1,
  attention = 1,
  initScale = 1,
}: MupOptions): nn.Parametrisation {
  return {
    check: requireOneRatio,
    parameter: (p, path) => {
      const found = classify(p, path)
      const { init, lr, decay } = scalingOf(found, table, optimizer)
      const drawn = p.role === 'weight' || p.role === 'embedding'
      return p.with({ lr: p.lr * lr, decay: p.decay * decay }).withInit((own, part) => {
        if (own.distribution === 'constant' && own.scale !== 0 && found.kind === 'hidden')
          throw new MupError(
            `"${path}" begins at the constant ${own.scale}; a matrix of two axes that scale has mean 0, such as nn.fanIn()`,
          )
        if ((zeroReadout && found.kind === 'readout') || (zeroQuery && part === 'q')) return nn.zeros
        return times(own, (init / natural(p, own)) * (drawn && own.distribution !== 'constant' ? initScale : 1))
      })
    },
    multiplier: use => {
      const [from, to] = use.dims as [nn.Size, nn.Size]
      if (use.kind === 'attention') return attention / Math.sqrt(nn.baseOf(from)) / nn.widthOf(from)
      const found = { kind: use.kind, into: nn.widthOf(from), out: nn.widthOf(to ?? 1) }
      if (use.kind !== 'readout') return scalingOf(found, table, optimizer).multiplier
      if (!use.tied) return output * scalingOf(found, table, optimizer).multiplier
      // A tied table has an input's init and rate in every table; what a readout lacks then is put on its use.
      return output / found.into / scalingOf({ kind: 'input', into: 1, out: found.into }, table, optimizer).init
    },
  }
}

/** How the deviation of a drawn entry goes with width by itself, relative to the base. */
function natural(p: nn.Parameter, init: nn.Init): number {
  const base = (d: nn.Size) => nn.baseOf(d)
  if (init.distribution === 'orthogonal') {
    // Orthonormal vectors along the longer side, whose entries have a mean square of 1 / its length.
    const longer = (of: (d: nn.Size) => number) => {
      const last = of(p.dims.at(-1)!) / p.parts.length
      return Math.max(
        p.dims.slice(0, -1).reduce<number>((n, d) => n * of(d), 1),
        last,
      )
    }
    return Math.sqrt(longer(base) / longer(nn.sizeOf))
  }
  const then = p.with({ dims: p.dims.map(base), fanIn: p.fanIn.map(base), fanOut: p.fanOut.map(base) })
  const [now, before] = [nn.deviationOf(p, { ...init, scale: 1 }), nn.deviationOf(then, { ...init, scale: 1 })]
  return now / before
}

/** Scaled, and left alone where rounding is all that a factor differs from 1 by. */
const times = (init: nn.Init, factor: number): nn.Init => (Math.abs(factor - 1) < 1e-12 ? init : nn.scaled(init, factor))

/** @throws MupError where dims of one name have grown by unequal ratios */
function requireOneRatio(of: nn.Layer): void {
  const { list, paths } = flatten<nn.Parameter>(of.parameters)
  const seen = new Map<string, { readonly d: nn.Dim; readonly path: string }>()
  list.forEach((p, i) => {
    for (const d of p.dims) {
      if (typeof d === 'number') continue
      const first = seen.get(d.name)
      if (!first) seen.set(d.name, { d, path: paths[i]! })
      else if (first.d.size * d.base !== d.size * first.d.base)
        throw new MupError(
          `the dim "${d.name}" is ${first.d.size} of base ${first.d.base} in "${first.path}" and ${d.size} of base ${d.base} in "${paths[i]}": one name grows by one ratio; give the other another name`,
        )
    }
  })
}
