/** Base shapes: which sizes of a model grow, and what they are in the base model; found by comparing models whose sizes are plain numbers. */
import { flatten, nn, spec, type Tensor, type Tree, type Type, trace } from '@dioramic/tensor'
import { MupError } from './error.ts'
import { requireSameNames } from './names.ts'

/** A size in the base model, and whether it grows. */
export interface BaseSize {
  readonly base: number
  readonly grows: boolean
}

interface BaseParameter {
  readonly dims: readonly BaseSize[]
  readonly fanIn: readonly BaseSize[]
  readonly fanOut: readonly BaseSize[]
}

interface BaseUse {
  readonly kind: nn.Use['kind']
  readonly dims: readonly BaseSize[]
}

/** Plain data. */
export interface BaseShapes {
  readonly parameters: Readonly<Record<string, BaseParameter>>
  /** Uses in the order in which the model is traced; `each` with the copies of a `repeat` one by one. */
  readonly uses: readonly BaseUse[]
  readonly each: readonly BaseUse[]
}

/**
 * Sizes that differ between a base model and a `delta` (the same architecture with every width changed, whatever to) grow; the others are finite. Both take the same `input`.
 * @throws MupError where the two are not of one architecture
 */
export function baseShapes(base: nn.Layer, delta: nn.Layer, input: Type): BaseShapes {
  const [a, b] = [byPath(base), byPath(delta)]
  requireSameNames([...a.keys()], [...b.keys()], 'the delta model')
  const parameters = [...a].map(([path, p]): [string, BaseParameter] => {
    const q = b.get(path)!
    const sizes = (of: (p: nn.Parameter) => readonly nn.Size[]) => compared(of(p), of(q), path)
    return [path, { dims: sizes(p => p.dims), fanIn: sizes(p => p.fanIn), fanOut: sizes(p => p.fanOut) }]
  })
  const uses = (observed: boolean): BaseUse[] => {
    const [u, v] = [usesOf(base, input, observed), usesOf(delta, input, observed)]
    if (u.length !== v.length || u.some((use, i) => use.kind !== v[i]!.kind || use.tied !== v[i]!.tied))
      throw new MupError('the base and the delta model use their parameters in different orders: they must be one architecture')
    return u.map((use, i) => ({ kind: use.kind, dims: compared(use.dims, v[i]!.dims, `use ${i} (${use.kind})`) }))
  }
  return { parameters: Object.fromEntries(parameters), uses: uses(false), each: uses(true) }
}

/**
 * A model of plain sizes, its sizes turned into dims over the base shapes: `nn.parametrise` and `mup` then treat it as one that was written with `nn.dim`.
 * @throws MupError where names or sizes do not fit the base shapes
 */
export function withBase(target: nn.Layer, shapes: BaseShapes): nn.Layer {
  const declared = flatten<nn.Parameter>(target.parameters)
  requireSameNames(Object.keys(shapes.parameters), declared.paths, 'the target model')
  const list = declared.list.map((p, i) => {
    const path = declared.paths[i]!
    const { dims, fanIn, fanOut } = shapes.parameters[path]!
    return p.with({
      dims: sized(p.dims, dims, path),
      fanIn: sized(p.fanIn, fanIn, `${path}, fan-in`),
      fanOut: sized(p.fanOut, fanOut, `${path}, fan-out`),
    })
  })
  return dressed(target, declared.rebuild(list), shapes)
}

function dressed(of: nn.Layer, parameters: Tree<nn.Parameter>, shapes: BaseShapes): nn.Layer {
  return nn.layer<object, object>({
    parameters: parameters as never,
    state: of.state as never,
    apply: (p, s, x, context) => {
      const outer = context.multiplier
      if (!outer) return of.apply(p as Tree<Tensor>, s as Tree<Tensor>, x, context) as never
      const uses = context.observed ? shapes.each : shapes.uses
      let i = 0
      const multiplier: nn.Multiplier = use => {
        const known = uses[i++]
        if (!known)
          throw new MupError(
            `the model uses its parameters more than the ${uses.length} times that the base model does: it must be of one architecture, with as many layers where they are seen one by one`,
          )
        const dims = sized(use.dims, known.dims, `use ${i - 1} (${use.kind})`)
        return outer({ ...use, dims, kind: use.kind === 'attention' || use.tied ? use.kind : nn.useOf(dims[0]!, dims[1]!).kind })
      }
      return of.apply(p as Tree<Tensor>, s as Tree<Tensor>, x, context.withMultiplier(multiplier)) as never
    },
    decoder: size => dressed(of.decoder(size), parameters, shapes),
  })
}

/** What a checkpoint keeps of a model, and what must be the same when a run goes on (`checkpointFile(path, { facts: baseFacts(model) })`): each parameter's sizes in the base model; 0 for a finite one. */
export const baseFacts = (model: nn.Layer): { readonly base: Readonly<Record<string, readonly number[]>> } => ({
  base: Object.fromEntries([...byPath(model)].map(([path, p]) => [path, p.dims.map(d => (typeof d === 'number' ? 0 : d.base))])),
})

function byPath(of: nn.Layer): Map<string, nn.Parameter> {
  const { list, paths } = flatten<nn.Parameter>(of.parameters)
  return new Map(paths.map((path, i) => [path, list[i]!]))
}

function compared(a: readonly nn.Size[], b: readonly nn.Size[], what: string): BaseSize[] {
  if (a.length !== b.length) throw new MupError(`"${what}" has ${a.length} axes in the base model and ${b.length} in the delta model`)
  return a.map((d, i) => ({ base: nn.sizeOf(d), grows: nn.sizeOf(d) !== nn.sizeOf(b[i]!) }))
}

/** Sizes as dims, each with a name of its own. */
function sized(sizes: readonly nn.Size[], base: readonly BaseSize[], what: string): nn.Size[] {
  if (sizes.length !== base.length) throw new MupError(`"${what}" has ${sizes.length} axes, and ${base.length} in the base model`)
  return sizes.map((d, i) => {
    const { base: before, grows } = base[i]!
    const size = nn.sizeOf(d)
    if (!grows && size !== before)
      throw new MupError(
        `axis ${i} of "${what}" is ${size}, and ${before} in both the base and the delta model, which makes it finite: give the delta another ${before}, or this model the same`,
      )
    return grows ? nn.dim(`axis ${i} of ${what}`, size, { base: before }) : d
  })
}

/** Every use that a model makes of its parameters, in order. */
function usesOf(model: nn.Layer, input: Type, observed: boolean): nn.Use[] {
  const uses: nn.Use[] = []
  const types = (tree: Tree<nn.Parameter>): Type[] => flatten<nn.Parameter>(tree).list.map(p => spec('f32', p.shape))
  const [params, state] = [flatten<nn.Parameter>(model.parameters), flatten<nn.Parameter>(model.state)]
  const multiplier: nn.Multiplier = use => {
    uses.push(use)
    return 1
  }
  trace(
    (p: Tensor[], s: Tensor[], x: Tensor, key: Tensor) => {
      const context = new nn.Context({ key, train: true, ...(observed ? { observe: () => {} } : {}) }, multiplier)
      return model.apply(params.rebuild(p), state.rebuild(s), x, context)[0]
    },
    [types(model.parameters), types(model.state), input, spec('i64', [2])],
  )
  return uses
}
