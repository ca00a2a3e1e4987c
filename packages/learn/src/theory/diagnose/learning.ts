import { compile, f32, grad, item, mul, type NDArray, plot, sum, type Tensor, type Tree } from '@dioramic/tensor'
import { matrix, norm } from '../algebra/matrix.ts'
import { collapseOf } from '../learning/collapse.ts'
import { hessianSpectrum } from '../learning/hessian.ts'
import { density, symmetricEigen } from '../learning/lanczos.ts'
import { filterDirection, moved } from '../learning/landscape.ts'
import { batchOf, type Differentiable, lossOf, stacked } from '../models/classifier.ts'
import { parameterCount, toVector } from '../models/vector.ts'
import { type Chapter, type Fact, type Findings, type Subject, some } from './chapter.ts'

const LANCZOS = 30
const KERNEL = 24

/** What the loss looks like around the parameters, and what learns together. */
export async function learningChapter(s: Subject, { logits }: Findings, tick: (what: string) => void): Promise<Chapter> {
  const { model, data } = s
  const facts: Fact[] = []
  const pictures: { caption: string; svg: string }[] = []
  const missing: string[] = []
  facts.push(...collapseFacts(logits, data.y, model.classes))
  if (model.graph) {
    const set = s.train ?? data
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
    missing.push(
      'How far the tangent kernel moved in training needs the parameters at the start; the edge of stability needs the training run: see diorama lab run theory.',
    )
  } else missing.push('The Hessian, the loss landscape and the tangent kernel need derivatives by the parameters.')
  return { name: 'learning', title: 'Learning: where training has arrived', facts, tables: [], pictures, missing }
}

/** Neural collapse, of the outputs: their last layer's features are not known of every model. */
function collapseFacts(logits: readonly Float64Array[], labels: ArrayLike<number>, classes: number): Fact[] {
  const seen = Array.from({ length: classes }, (_, c) => Array.from(labels).includes(c))
  if (seen.some(v => !v) || classes < 2) return []
  const rows = matrix(logits.length, classes, Float64Array.from(logits.flatMap(r => [...r])))
  try {
    const c = collapseOf(
      rows,
      labels,
      matrix(
        classes,
        classes,
        Float64Array.from({ length: classes * classes }, (_, i) => (i % (classes + 1) === 0 ? 1 : 0)),
      ),
      rows,
    )
    return [
      {
        name: 'collapse of the outputs, NC1',
        value: c.nc1,
        meaning:
          'Variation of the logits within classes against that between them; goes to 0 when training goes on long after the error is zero.',
      },
      {
        name: `mean cosine of the class means (collapse: ${(-1 / (classes - 1)).toFixed(3)})`,
        value: c.cosine,
        meaning: 'A simplex has them all at −1/(K − 1).',
      },
    ]
  } catch {
    return []
  }
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

async function kernel(s: Subject, graph: Differentiable, facts: Fact[], pictures: { caption: string; svg: string }[]): Promise<void> {
  const rows = some(Array.from(s.data.y.keys()), KERNEL)
  const slope = compile<[Tree<NDArray>, NDArray, NDArray], Tree<NDArray>>(
    (p: Tree<Tensor>, x: Tensor, which: Tensor) => grad((q: Tree<Tensor>) => sum(mul(graph.apply(q, x), which)))(p),
    s.runtime,
  )
  const gradients: Float64Array[] = []
  // The kernel of the mean of the logits against a fixed direction would mix classes: each sample's own label is used.
  for (const i of rows) {
    const which = f32(Array.from({ length: s.model.classes }, (_, c) => (c === s.data.y[i] ? 1 : 0)))
    gradients.push(toVector(await slope(graph.params, stacked([s.data.x[i]!], s.model.shape), which)))
  }
  const n = rows.length
  const theta = matrix(n, n)
  gradients.forEach((a, i) => {
    for (let j = 0; j <= i; j++) {
      const b = gradients[j]!
      let v = 0
      for (let k = 0; k < a.length; k++) v += a[k]! * b[k]!
      theta.data[i * n + j] = theta.data[j * n + i] = v
    }
  })
  const { values } = symmetricEigen(theta)
  const same = theta.data.map((_, at) => (s.data.y[rows[Math.floor(at / n)]!] === s.data.y[rows[at % n]!] ? 1 : 0))
  const alignment = theta.data.reduce((a, v, i) => a + v * same[i]!, 0) / (norm(theta.data) * norm(same))
  facts.push(
    {
      name: 'tangent kernel: alignment with the labels',
      value: alignment,
      meaning: `Cosine between the kernel of ${n} samples (the logit of each one's label) and that of same labels: 1 where a step on a sample moves its own class only.`,
    },
    {
      name: 'tangent kernel: condition',
      value: values.at(-1)! / Math.max(values[0]!, 1e-12 * values.at(-1)!),
      meaning: 'Largest over smallest eigenvalue: how much slower the slowest direction is learnt.',
    },
  )
  pictures.push({
    caption: `Eigenvalues of the tangent kernel of ${n} samples.`,
    svg: plot([{ name: 'eigenvalue', points: [...values].reverse().map((v, i) => [i + 1, Math.max(v, 1e-9 * values.at(-1)!)] as const) }], {
      x: 'rank',
      y: 'eigenvalue',
      logY: true,
      title: 'Tangent kernel',
    }),
  })
}
