/** `scan`, the one loop of a graph: layers of a deep net with stacked parameters, steps of a recurrent one, blocks of a long text, unrolled optimisers. */
import { alias, cotangentsOf, zerosLike } from '../autodiff/vjp.ts'
import { ShapeError, TensorError } from '../error.ts'
import { type Type, typeName } from '../graph/dtype.ts'
import { sameShape } from '../graph/shape.ts'
import { apply, nextId, type Op, type Tensor } from '../graph/tensor.ts'
import { type Graph, instantiate, substitute } from '../graph/trace.ts'
import { flatten, type Tree } from '../graph/tree.ts'
import { reachable } from '../graph/visit.ts'
import { input } from '../ops/constant.ts'
import { add } from '../ops/elementwise.ts'

/**
 * Inputs: `carries` start values, `consts` values that every step sees, then the stacked xs. Body: the same, with one slice of each x, to the next carries and the ys.
 * Outputs: final carries, stacked ys, then the stacked carries that entered each step, for the carries in `stacks` (what the derivative starts from).
 */
export interface ScanAttrs {
  readonly body: Graph
  readonly carries: number
  readonly consts: number
  readonly length: number
  /** Last step first; ys stand where their xs stood. */
  readonly reverse: boolean
  readonly stacks: readonly number[]
}

export const scanOp: Op<ScanAttrs> = {
  name: 'scan',
  infer: (types, { body, carries, consts, length, stacks }) => {
    const stacked = (t: Type): Type => ({ dtype: t.dtype, shape: [length, ...t.shape] })
    types.forEach((t, i) => {
      const want = body.inputs[i]!.type
      const whole = i < carries + consts ? want : stacked(want)
      if (whole.dtype !== t.dtype || !sameShape(whole.shape, t.shape))
        throw new ShapeError(`input ${i} is ${typeName(t)}, the body was traced for ${typeName(whole)}`)
    })
    const out = body.outputs.map(t => t.type)
    return [...out.slice(0, carries), ...out.slice(carries).map(stacked), ...stacks.map(i => stacked(body.inputs[i]!.type))]
  },
  vjp: ({ inputs, outputs, attrs, cotangents, needs }) => {
    const { body, carries, consts, length, reverse, stacks } = attrs
    if (stacks.length !== carries) throw new TensorError('scan: differentiate before simplifying')
    const ys = body.outputs.length - carries
    const float = (t: Tensor) => t.dtype === 'f32'
    const numbers = (n: number, from: number) => Array.from({ length: n }, (_, i) => from + i)
    const carried = numbers(carries, 0).filter(i => float(inputs[i]!))
    const shared = numbers(consts, carries).filter(i => needs[i])
    const sliced = numbers(inputs.length - carries - consts, carries + consts).filter(i => needs[i])
    const given = numbers(ys, carries).filter(i => cotangents[i] !== undefined)
    const givenStacks = carried.filter(i => cotangents[carries + ys + i] !== undefined)

    const start = [...carried.map(i => cotangents[i] ?? zerosLike(outputs[i]!)), ...shared.map(i => zerosLike(inputs[i]!))]
    const xs = [
      ...outputs.slice(carries + ys),
      ...inputs.slice(carries + consts),
      ...given.map(i => cotangents[i]!),
      ...givenStacks.map(i => cotangents[carries + ys + i]!),
    ]
    const [done, dxs] = scan(
      (acc: readonly Tensor[], x: readonly Tensor[]) => {
        const nx = inputs.length - carries - consts
        const fresh = [...x.slice(0, carries), ...inputs.slice(carries, carries + consts), ...x.slice(carries, carries + nx)].map(alias)
        const out = instantiate(body, fresh)
        const dys = x.slice(carries + nx, carries + nx + given.length)
        const dstacks = x.slice(carries + nx + given.length)
        const from = [...carried.map(i => out[i]!), ...given.map(i => out[i]!)]
        const to = [...carried, ...shared, ...sliced]
        const g = cotangentsOf(
          from,
          [...acc.slice(0, carried.length), ...dys],
          to.map(i => fresh[i]!),
        ).map((t, k) => t ?? zerosLike(fresh[to[k]!]!))
        const dcarry = carried.map((i, k) => {
          const s = givenStacks.indexOf(i)
          return s < 0 ? g[k]! : add(g[k]!, dstacks[s]!)
        })
        const dshared = shared.map((_, k) => add(acc[carried.length + k]!, g[carried.length + k]!))
        return [[...dcarry, ...dshared], g.slice(carried.length + shared.length)]
      },
      start,
      xs,
      { length, reverse: !reverse },
    )
    const into = new Array<Tensor | undefined>(inputs.length).fill(undefined)
    for (const [k, i] of carried.entries()) into[i] = done[k]
    for (const [k, i] of shared.entries()) into[i] = done[carried.length + k]
    for (const [k, i] of sliced.entries()) into[i] = dxs[k]
    return into
  },
}

/**
 * Runs `body` once for each slice of `xs` along their first axis, handing the carry on: carry₀, x₀ → carry₁, y₀ and so on. Returns the last carry and the ys, stacked.
 * The body is traced once, whatever the length; tensors that it closes over are shared by all steps and their gradients are summed. The derivative keeps the carries only and
 * recomputes each step from its own (Chen et al., "Training deep nets with sublinear memory cost", 2016) unless the loop is unrolled.
 *
 * @param carry tree of tensors; the body must return the same tree, shapes and types.
 * @param xs tree of tensors with one first axis, or `null` (then give `length`).
 */
export function scan<C extends Tree<Tensor>, X extends Tree<Tensor> | null, Y extends Tree<Tensor>>(
  body: (carry: C, x: X) => readonly [C, Y],
  carry: C,
  xs: X,
  { length, reverse = false }: { readonly length?: number; readonly reverse?: boolean } = {},
): [C, Y] {
  const c = flatten<Tensor>(carry)
  const x = flatten<Tensor>(xs as Tree<Tensor>)
  x.list.forEach((t, i) => {
    if (t.rank === 0) throw new ShapeError(`scan: x "${x.paths[i]}" is a scalar; it needs a first axis to go along`)
  })
  const n = length ?? x.list[0]?.shape[0]
  if (n === undefined) throw new ShapeError('scan: without xs it needs a length')
  x.list.forEach((t, i) => {
    if (t.shape[0] !== n) throw new ShapeError(`scan: x "${x.paths[i]}" has ${t.shape[0]} slices, not ${n}`)
  })
  if (n < 1) throw new ShapeError(`scan: ${n} steps; it needs at least one`)

  const cs = c.list.map((t, i) => input(t.type, `carry/${c.paths[i]}`))
  const slices = x.list.map((t, i) => input({ dtype: t.dtype, shape: t.shape.slice(1) }, `x/${x.paths[i]}`))
  const before = nextId()
  const [next, y] = body(c.rebuild(cs) as C, (xs === null ? null : x.rebuild(slices)) as X)
  const nextList = flatten<Tensor>(next)
  const ys = flatten<Tensor>(y)
  if (nextList.list.length !== cs.length)
    throw new ShapeError(`scan: the body takes ${cs.length} carries and returns ${nextList.list.length}`)
  nextList.list.forEach((t, i) => {
    const want = cs[i]!.type
    if (t.dtype !== want.dtype || !sameShape(t.shape, want.shape)) {
      throw new ShapeError(`scan: the carry "${c.paths[i]}" enters a step as ${typeName(want)} and leaves it as ${typeName(t.type)}`)
    }
  })

  // What the body uses from outside becomes an input of its own; constants stay inside.
  const own = new Set([...cs, ...slices].map(t => t.node))
  const outside = (id: number) => id < before
  const outs = [...nextList.list, ...ys.list]
  const outer = new Set<Tensor>()
  for (const t of outs) if (outside(t.node.id) && !own.has(t.node) && t.node.op.name !== 'constant') outer.add(t)
  for (const node of reachable(outs, k => outside(k.id))) {
    if (outside(node.id)) continue
    for (const t of node.inputs) if (outside(t.node.id) && !own.has(t.node) && t.node.op.name !== 'constant') outer.add(t)
  }
  const consts = [...outer]
  const symbols = consts.map((t, i) => input(t.type, `const/${i}`))
  const outputs = substitute(outs, new Map(consts.map((t, i) => [t, symbols[i]!])))
  const result = apply(scanOp, [...c.list, ...consts, ...x.list], {
    body: { inputs: [...cs, ...symbols, ...slices], outputs },
    carries: cs.length,
    consts: consts.length,
    length: n,
    reverse,
    stacks: cs.map((_, i) => i),
  })
  return [c.rebuild(result.slice(0, cs.length)) as C, ys.rebuild(result.slice(cs.length, cs.length + ys.list.length)) as Y]
}
