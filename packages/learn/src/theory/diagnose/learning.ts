import { compile, f32, grad, item, mul, type NDArray, plot, sum, type Tensor, type Tree } from '@dioramic/tensor'
import { dot, type Matrix, matrix, norm } from '../algebra/matrix.ts'
import { symmetricEigen } from '../algebra/symmetric.ts'
import type { LabelledRows } from '../data/digits.ts'
import { collapseOf } from '../learning/collapse.ts'
import { hessianSpectrum } from '../learning/hessian.ts'
import { density } from '../learning/lanczos.ts'
import { filterDirection, moved } from '../learning/landscape.ts'
import { batchOf, type Differentiable, lossOf, stacked } from '../models/classifier.ts'
import { parameterCount, toVector } from '../models/vector.ts'
import { type Chapter, type Fact, type Subject, some } from './chapter.ts'
import { readout } from './inside.ts'

const LANCZOS = 30
const KERNEL = 24
const COLLAPSE = 1000

/** What the loss looks like around the parameters, and what learns together. */
export async function learningChapter(s: Subject, tick: (what: string) => void): Promise<Chapter> {
  const { model, data } = s
  const facts: Fact[] = []
  const pictures: { caption: string; svg: string }[] = []
  const missing: string[] = []
  if (model.graph) {
    const set = s.train ?? data
    tick('neural collapse')
    await collapse(s, model.graph, set, facts, missing)
    const rows = some(Array.from(set.y.keys()), 256)
    const batch = batchOf(
      rows.map(i => set.x[i]!),
      rows.map(i => set.y[i]!),
      model.shape,
    )
    const where = `${rows.length} ${s.train ? 'training' : 'given'} samples`
    tick('Hessian spectrum')
    await curvature(s, model.graph, batch, where, facts, pictures)
    tick('loss landscape')
    await landscape(s, model.graph, batch, where, pictures)
    tick('tangent kernel')
    await kernel(s, model.graph, facts, pictures)
    if (!s.initial) missing.push('How far the tangent kernel moved in training needs the network before training: --initial FILE.')
    missing.push(
      'Whether training ran at the edge of stability is seen in its course, not at its end: see diorama lab run theory edge-of-stability.',
    )
  } else missing.push('Neural collapse, the Hessian, the loss landscape and the tangent kernel need the inside of the model.')
  return { name: 'learning', title: 'Learning: where training has arrived', facts, tables: [], pictures, missing }
}

/** Neural collapse (Papyan, Han & Donoho 2020), of the features under the last layer. */
async function collapse(s: Subject, graph: Differentiable, set: LabelledRows, facts: Fact[], missing: string[]): Promise<void> {
  const { classes, shape } = s.model
  const rows = some(Array.from(set.y.keys()), COLLAPSE)
  const labels = rows.map(i => set.y[i]!)
  if (new Set(labels).size < classes) {
    missing.push(`Neural collapse is a matter of class means: of ${classes} classes only ${new Set(labels).size} have samples.`)
    return
  }
  const inputs = rows.map(i => set.x[i]!)
  const found = await readout(graph, shape, inputs, s.runtime)
  if (!found) {
    missing.push('Neural collapse is a matter of the features under the last linear layer; the graph of this model does not end in one.')
    return
  }
  const outputs = await s.model.logits(inputs)
  const c = collapseOf(found.features, labels, found.weights, matrix(rows.length, classes, Float64Array.from(outputs.flatMap(r => [...r]))))
  const where = `${rows.length} ${s.train ? 'training' : 'given'} samples`
  facts.push(
    {
      name: 'collapse NC1: variation within classes',
      value: c.nc1,
      meaning: `Of the ${found.features.cols} features under the last layer on ${where}, against that between classes; goes to 0 when training goes on long after the error is zero.`,
    },
    {
      name: `collapse NC2: mean cosine of class means (simplex: ${(-1 / (classes - 1)).toFixed(3)})`,
      value: c.cosine,
      meaning: `At collapse all are the same; here their deviation is ${c.cosineSpread.toFixed(3)}, and that of the lengths ${(100 * c.equinorm).toFixed(0)} % of their mean.`,
    },
    {
      name: 'collapse NC3: weights against class means',
      value: c.nc3,
      meaning:
        'Distance of the two, each scaled to norm 1: 0 where each row of the last layer is its class mean, 1.41 where they have nothing in common.',
    },
    {
      name: 'collapse NC4: not the nearest class mean',
      value: c.nc4,
      meaning: 'Share of samples for which the model says another class than that of the nearest mean of features.',
    },
  )
}

async function curvature(
  s: Subject,
  graph: Differentiable,
  batch: Tree<NDArray>,
  where: string,
  facts: Fact[],
  pictures: { caption: string; svg: string }[],
): Promise<void> {
  const spectrum = await hessianSpectrum(lossOf(graph), graph.params, batch, {
    runtime: s.runtime,
    steps: Math.min(LANCZOS, parameterCount(graph.params)),
    key: s.key.fork('lanczos'),
  })
  const [low, top] = [spectrum.values[0]!, spectrum.values.at(-1)!]
  const trace = parameterCount(graph.params) * spectrum.values.reduce((a, v, i) => a + v * spectrum.weights[i]!, 0)
  facts.push(
    {
      name: 'sharpness λ_max',
      value: top,
      meaning: `Largest eigenvalue of the Hessian of the loss on ${where}, by Lanczos (residual ${spectrum.residuals.at(-1)!.toExponential(1)}).`,
    },
    {
      name: 'largest stable rate 2/λ_max',
      value: 2 / top,
      meaning: 'Plain gradient descent on these samples diverges from here above this rate.',
    },
    {
      name: 'λ_min',
      value: low,
      meaning:
        low < 0 ? 'Negative: the point is a saddle, not a minimum, as it usually is.' : 'Not negative: as far as Lanczos sees, a minimum.',
    },
    { name: 'trace of the Hessian', value: trace, meaning: 'Estimated with one random vector.' },
  )
  const span = top - low || 1
  const grid = Array.from({ length: 300 }, (_, i) => low - 0.05 * span + (i / 299) * 1.1 * span)
  const values = density(spectrum, grid, 0.01 * span)
  pictures.push({
    caption: `Density of the Hessian's eigenvalues on ${where} (${LANCZOS} steps of Lanczos, smoothed): most are near 0, a few stand out.`,
    svg: plot([{ name: 'density', points: grid.map((x, i) => [x, Math.max(values[i]!, 1e-6 / span)] as const) }], {
      x: 'eigenvalue',
      y: 'density',
      logY: true,
      title: 'Spectrum of the Hessian',
    }),
  })
}

async function landscape(
  s: Subject,
  graph: Differentiable,
  batch: Tree<NDArray>,
  where: string,
  pictures: { caption: string; svg: string }[],
): Promise<void> {
  const loss = lossOf(graph)
  const run = compile<[Tree<NDArray>, Tree<NDArray>], NDArray>((p: Tree<Tensor>, b: { x: Tensor; y: Tensor }) => loss(p, b), s.runtime)
  const steps = Array.from({ length: 25 }, (_, i) => -1 + i / 12)
  const series: { name: string; points: (readonly [number, number])[] }[] = []
  for (const name of ['first', 'second']) {
    const direction = filterDirection(graph.params, s.key.fork('direction').fork(name))
    const points: (readonly [number, number])[] = []
    for (const t of steps) points.push([t, item(await run(moved(graph.params, [t, direction]), batch))])
    series.push({ name: `${name} direction`, points })
  }
  pictures.push({
    caption: `The loss on ${where} along two random directions whose filters have the norm of the model's own (Li et al. 2018); the model is at 0.`,
    svg: plot(series, { x: 'distance', y: 'loss', title: 'Loss landscape' }),
  })
}

/** The tangent kernel of samples, of the logit of each one's own label: against a fixed direction it would mix classes. */
async function kernelOf(s: Subject, graph: Differentiable, rows: readonly number[], params: readonly Tree<NDArray>[]): Promise<Matrix[]> {
  const slope = compile<[Tree<NDArray>, NDArray, NDArray], Tree<NDArray>>(
    (p: Tree<Tensor>, x: Tensor, which: Tensor) => grad((q: Tree<Tensor>) => sum(mul(graph.apply(q, x), which)))(p),
    s.runtime,
  )
  const n = rows.length
  const out: Matrix[] = []
  for (const p of params) {
    const gradients: Float64Array[] = []
    for (const i of rows) {
      const which = f32(Array.from({ length: s.model.classes }, (_, c) => (c === s.data.y[i] ? 1 : 0)))
      gradients.push(toVector(await slope(p, stacked([s.data.x[i]!], s.model.shape), which)))
    }
    const theta = matrix(n, n)
    gradients.forEach((a, i) => {
      for (let j = 0; j <= i; j++) theta.data[i * n + j] = theta.data[j * n + i] = dot(a, gradients[j]!)
    })
    out.push(theta)
  }
  return out
}

async function kernel(s: Subject, graph: Differentiable, facts: Fact[], pictures: { caption: string; svg: string }[]): Promise<void> {
  const rows = some(Array.from(s.data.y.keys()), KERNEL)
  const n = rows.length
  const [theta, first] = await kernelOf(s, graph, rows, s.initial ? [graph.params, s.initial] : [graph.params])
  const { values } = symmetricEigen(theta!)
  const same = theta!.data.map((_, at) => (s.data.y[rows[Math.floor(at / n)]!] === s.data.y[rows[at % n]!] ? 1 : 0))
  facts.push(
    {
      name: 'tangent kernel: alignment with the labels',
      value: dot(theta!.data, same) / (norm(theta!.data) * norm(same)),
      meaning: `Cosine between the kernel of ${n} samples (the logit of each one's label) and that of same labels: 1 where a step on a sample moves its own class only.`,
    },
    {
      name: 'tangent kernel: condition',
      value: values.at(-1)! / Math.max(values[0]!, 1e-12 * values.at(-1)!),
      meaning: 'Largest over smallest eigenvalue: how much slower the slowest direction is learnt.',
    },
  )
  const series = [{ name: 'now', values }]
  if (first && s.initial) {
    const [end, start] = [toVector(graph.params), toVector(s.initial)]
    facts.push(
      {
        name: 'tangent kernel: drift in training',
        value: norm(theta!.data.map((v, i) => v - first.data[i]!)) / norm(first.data),
        meaning:
          '‖Θ − Θ₀‖/‖Θ₀‖, from the parameters before training: near 0 the network learnt as its linearisation does (lazily), near 1 or above it learnt features.',
      },
      {
        name: 'tangent kernel: cosine to that before training',
        value: dot(theta!.data, first.data) / (norm(theta!.data) * norm(first.data)),
        meaning: 'As above, whatever the kernel grew by.',
      },
      {
        name: 'distance of the parameters from the start',
        value: norm(end.map((v, i) => v - start[i]!)) / norm(start),
        meaning: 'Over the norm that they had.',
      },
    )
    series.push({ name: 'before training', values: symmetricEigen(first).values })
  }
  const floor = 1e-9 * values.at(-1)!
  pictures.push({
    caption: `Eigenvalues of the tangent kernel of ${n} samples.`,
    svg: plot(
      series.map(({ name, values: list }) => ({ name, points: [...list].reverse().map((v, i) => [i + 1, Math.max(v, floor)] as const) })),
      { x: 'rank', y: 'eigenvalue', logY: true, title: 'Tangent kernel' },
    ),
  })
}
