/** Einstein's summation, made of transposes, reshapes and matrix products. */
import { ShapeError } from '../error.ts'
import type { Tensor } from '../graph/tensor.ts'
import { mul } from './elementwise.ts'
import { matmul } from './matmul.ts'
import { sum } from './reduce.ts'
import { reshape, slice, transpose } from './shape.ts'

/** A tensor whose axes have names. */
interface Named {
  readonly t: Tensor
  readonly axes: readonly string[]
}

/**
 * `einsum('bhqd,bhkd->bhqk', q, k)`: axes with one letter go together; letters that the result lacks are summed over. A letter twice in one operand takes its diagonal;
 * `...` stands for the axes that have no letter, counted from the last. Without `->` the result has the letters that occur once, in alphabetical order.
 * Several operands are multiplied from left to right.
 */
export function einsum(equation: string, ...operands: readonly Tensor[]): Tensor {
  const [left, right] = equation.replaceAll(' ', '').split('->') as [string, string | undefined]
  const terms = left.split(',')
  const fail = (why: string): never => {
    throw new ShapeError(`einsum '${equation}' of ${operands.map(t => `[${t.shape.join(',')}]`).join(', ')}: ${why}`)
  }
  if (!/^[A-Za-z,.]*(->[A-Za-z.]*)?$/.test(equation.replaceAll(' ', ''))) fail('axes are named by letters')
  if (terms.length !== operands.length) fail(`${terms.length} terms for ${operands.length} operands`)

  const rest = terms.map((term, i) => (term.includes('...') ? operands[i]!.rank - term.replace('...', '').length : 0))
  const wild = Array.from({ length: Math.max(...rest) }, (_, i) => `${i - Math.max(...rest)}`)
  const names = (term: string, count: number) =>
    term.split('...').flatMap((part, i) => (i === 0 ? [...part] : [...wild.slice(wild.length - count), ...part]))
  const labels = terms.map((term, i) => names(term, rest[i]!))
  const sizes = new Map<string, number>()
  labels.forEach((axes, i) => {
    if (axes.length !== operands[i]!.rank) fail(`'${terms[i]}' names ${axes.length} axes of ${operands[i]!.rank}`)
    axes.forEach((a, d) => {
      const n = operands[i]!.shape[d]!
      if ((sizes.get(a) ?? n) !== n) fail(`axis '${a}' is ${sizes.get(a)} and ${n}`)
      sizes.set(a, n)
    })
  })
  const flat = labels.flat()
  const letters = [...new Set(flat)].filter(a => a.length === 1 && flat.filter(b => b === a).length === 1).sort()
  const out = right === undefined ? [...wild, ...letters] : names(right, wild.length)
  for (const a of out) if (!sizes.has(a)) fail(`the result's axis '${a}' is in no operand`)
  if (new Set(out).size !== out.length) fail('the result names one axis twice')

  let acc = diagonals({ t: operands[0]!, axes: labels[0]! })
  for (let i = 1; i <= operands.length; i++) {
    const later = new Set([...out, ...labels.slice(i).flat()])
    acc = onlyOf(acc, a => later.has(a))
    if (i === operands.length) break
    const next = diagonals({ t: operands[i]!, axes: labels[i]! })
    const needed = new Set([...out, ...labels.slice(i + 1).flat(), ...acc.axes])
    acc = product(
      acc,
      onlyOf(next, a => needed.has(a)),
      new Set([...out, ...labels.slice(i + 1).flat()]),
    )
  }
  return inOrder(acc, out)
}

/** Sums over the axes that are not kept. */
function onlyOf({ t, axes }: Named, keep: (a: string) => boolean): Named {
  const gone = axes.flatMap((a, i) => (keep(a) ? [] : [i]))
  return gone.length === 0 ? { t, axes } : { t: sum(t, gone), axes: axes.filter(keep) }
}

/** Axes of one name become one: their diagonal. */
function diagonals(x: Named): Named {
  const twice = x.axes.find((a, i) => x.axes.indexOf(a) !== i)
  if (twice === undefined) return x
  const i = x.axes.indexOf(twice)
  const j = x.axes.indexOf(twice, i + 1)
  const others = x.axes.flatMap((_, d) => (d === i || d === j ? [] : [d]))
  const n = x.t.shape[i]!
  const lead = others.map(d => x.t.shape[d]!)
  const square = reshape(transpose(x.t, [...others, i, j]), [...lead, n * n])
  const t = slice(square, [...lead.map(() => null), [0, n * n, n + 1]])
  return diagonals({ t, axes: [...others.map(d => x.axes[d]!), twice] })
}

const inOrder = ({ t, axes }: Named, order: readonly string[]): Tensor =>
  transpose(
    t,
    order.map(a => axes.indexOf(a)),
  )

/** Product of two, summed over their common axes that nothing needs any more. */
function product(a: Named, b: Named, needed: ReadonlySet<string>): Named {
  const common = a.axes.filter(x => b.axes.includes(x))
  const batch = common.filter(x => needed.has(x))
  const inner = common.filter(x => !needed.has(x))
  const rows = a.axes.filter(x => !common.includes(x))
  const columns = b.axes.filter(x => !common.includes(x))
  const size = (of: Named, list: readonly string[]) => list.map(x => of.t.shape[of.axes.indexOf(x)]!)
  const count = (list: readonly number[]) => list.reduce((n, k) => n * k, 1)
  const lead = size(a, batch)
  const m = size(a, rows)
  const k = count(size(a, inner))
  const n = size(b, columns)
  const axes = [...batch, ...rows, ...columns]
  // No sum and nothing to multiply out: a product of elements.
  if (inner.length === 0) {
    const x = reshape(inOrder(a, [...batch, ...rows]), [...lead, ...m, ...n.map(() => 1)])
    const y = reshape(inOrder(b, [...batch, ...columns]), [...lead, ...m.map(() => 1), ...n])
    return { t: mul(x, y), axes }
  }
  // The product takes either operand transposed for nothing: keep the order that the operand has.
  const rowsFirst = last(a.axes, inner)
  const innerFirst = last(b.axes, columns)
  const x = reshape(inOrder(a, rowsFirst ? [...batch, ...rows, ...inner] : [...batch, ...inner, ...rows]), [
    ...lead,
    ...(rowsFirst ? [count(m), k] : [k, count(m)]),
  ])
  const y = reshape(inOrder(b, innerFirst ? [...batch, ...inner, ...columns] : [...batch, ...columns, ...inner]), [
    ...lead,
    ...(innerFirst ? [k, count(n)] : [count(n), k]),
  ])
  return { t: reshape(matmul(x, y, { transA: !rowsFirst, transB: !innerFirst }), [...lead, ...m, ...n]), axes }
}

/** Whether the last axis is one of the list. */
const last = (axes: readonly string[], list: readonly string[]): boolean => list.includes(axes.at(-1)!)
