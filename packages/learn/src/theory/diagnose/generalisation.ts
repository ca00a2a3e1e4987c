import { type NDArray, plot, type Tree } from '@dioramic/tensor'
import { blues, grid, short, type Table } from '../../report/index.ts'
import { norm } from '../algebra/matrix.ts'
import type { LabelledRows } from '../data/digits.ts'
import {
  frobeniusComplexity,
  gaussianKl,
  hoeffding,
  pacBayes,
  rademacher,
  spectralComplexity,
  vc,
  vcDimensionOrder,
} from '../generalisation/bounds.ts'
import { argMaxOf, bestTemperature, calibration, confusion, errorRate, softmaxRow } from '../generalisation/calibration.ts'
import { pacBayesBound } from '../generalisation/pac-bayes.ts'
import type { Differentiable } from '../models/classifier.ts'
import { parameterCount, toVector } from '../models/vector.ts'
import { type Chapter, type Fact, type Findings, type Subject, some } from './chapter.ts'

const DELTA = 0.05
/** Samples of a bin of confidence below which its accuracy is chance. */
const FEW = 8
/** Training samples that networks drawn for a PAC-Bayes bound are tried on. */
const POSTERIOR = 2000

/** How far what was measured carries. */
export async function generalisationChapter(s: Subject, { logits, trainLogits, net }: Findings): Promise<Chapter> {
  const { data, model, train } = s
  const probabilities = logits.map(softmaxRow)
  const error = errorRate(logits, data.y)
  const n = data.y.length
  const c = calibration(probabilities, data.y)
  const temperature = bestTemperature(logits, data.y)
  const tempered = calibration(
    logits.map(r => softmaxRow(r.map(v => v / temperature))),
    data.y,
  )
  const facts: Fact[] = [
    { name: 'error', value: error, meaning: `Share of ${n} given samples that the model gets wrong.` },
    {
      name: 'error with its uncertainty, at most',
      value: Math.min(1, error + hoeffding(n, DELTA)),
      meaning: 'By Hoeffding, with probability 0.95, if the samples were drawn apart from training.',
    },
    { name: 'expected calibration error', value: c.ece, meaning: 'How far confidence is from accuracy, over 15 bins.' },
    {
      name: 'best temperature',
      value: temperature,
      meaning: `Dividing the logits by this gives a calibration error of ${tempered.ece.toFixed(4)}; above 1 the model is too sure.`,
    },
    {
      name: 'negative log-likelihood',
      value: c.nll,
      meaning: `At the best temperature ${tempered.nll.toFixed(4)}; guessing gives ${Math.log(model.classes).toFixed(4)}.`,
    },
    { name: 'Brier score', value: c.brier, meaning: 'Mean squared distance of the probabilities to the truth.' },
  ]
  const missing: string[] = []
  const tables: Table[] = []
  if (train && trainLogits) {
    const m = train.y.length
    const trainError = errorRate(trainLogits, train.y)
    facts.push(
      { name: 'training error', value: trainError, meaning: `On ${m} training samples.` },
      { name: 'true gap', value: error - trainError, meaning: 'What the bounds below are bounds of, with the training error added.' },
    )
    const rows: [string, number, string][] = [['Hoeffding on the given samples', error + hoeffding(n, DELTA), 'what a held-out set gives']]
    if (model.graph) {
      const parameters = parameterCount(model.graph.params)
      const layers = net?.length ?? 2
      rows.push(['VC dimension', trainError + vc(m, vcDimensionOrder(parameters, layers), DELTA), 'counts parameters'])
      rows.push(s.prior ? await informed(s, model.graph, train, s.prior) : uninformed(model.graph, m, trainError))
    }
    if (net) {
      const margins = trainLogits
        .map((r, i) => r[train.y[i]!]! - Math.max(...Array.from(r).filter((_, k) => k !== train.y[i])))
        .sort((a, b) => a - b)
      const margin = margins[Math.floor(0.1 * margins.length)]!
      rows.push([
        'Rademacher, Frobenius norms',
        trainError +
          rademacher(
            m,
            frobeniusComplexity(
              m,
              Math.max(...train.x.map(norm)),
              net.map(l => norm(l.w.data)),
            ),
            DELTA,
          ),
        'size of the weights',
      ])
      if (margin > 0)
        rows.push([
          'spectral norms and margin',
          trainError + spectralComplexity(net, Math.sqrt(train.x.reduce((a, x) => a + norm(x) ** 2, 0)), margin, m),
          'without its constants: for comparing models',
        ])
      else missing.push('The margin bound needs a model that gets nine of ten training samples right.')
    } else missing.push('Norm bounds are computed for plain ReLU networks.')
    tables.push({
      caption: 'Upper bounds on the error, each with probability 0.95. Above 1 a bound says nothing.',
      head: ['bound', 'value', ''],
      rows,
    })
  } else missing.push('The gap to the training error and the bounds need the training samples: --train FILE.')
  const table = confusion(logits, data.y, model.classes)
  const most = Math.max(...table.flat())
  const pictures = [
    {
      caption: `Accuracy over confidence; on the diagonal a model means what it says. Bins of fewer than ${FEW} samples are left out: ${c.bins.reduce((k, b) => k + (b.count < FEW ? b.count : 0), 0)} of ${n}.`,
      svg: plot(
        [
          { name: 'the model', points: c.bins.filter(b => b.count >= FEW).map(b => [b.confidence, b.accuracy] as const) },
          {
            name: 'calibrated',
            points: [
              [0, 0],
              [1, 1],
            ],
          },
        ],
        { x: 'confidence', y: 'accuracy', title: 'Reliability' },
      ),
    },
  ]
  if (model.classes <= 30)
    pictures.push({
      caption: 'Counts of predictions by label.',
      svg: grid(model.classes, model.classes, (i, j) => blues(table[i]![j]! / most), {
        text: (i, j) => (table[i]![j] ? `${table[i]![j]}` : ''),
        rows: 'label',
        columns: 'prediction',
        title: 'Confusion',
      }),
    })
  const confused = table
    .flatMap((row, i) => row.flatMap((count, j) => (i !== j && count > 0 ? [[i, j, count] as const] : [])))
    .sort((a, b) => b[2] - a[2])
  if (confused.length > 0)
    tables.push({ caption: 'What is confused most.', head: ['label', 'taken for', 'times'], rows: confused.slice(0, 5).map(r => [...r]) })
  return { name: 'generalisation', title: 'Generalisation: how far it carries', facts, tables, pictures, missing }
}

/** The PAC-Bayes bound where nothing is known beforehand: a prior at 0. */
function uninformed(graph: Differentiable, m: number, trainError: number): [string, number, string] {
  const center = toVector(graph.params)
  const sigma = 0.05 * Math.sqrt(center.reduce((a, v) => a + v * v, 0) / center.length)
  const kl = gaussianKl(center.length, norm(center) ** 2, sigma, sigma)
  return [
    'PAC-Bayes, prior at 0',
    trainError + pacBayes(m, kl, DELTA),
    'noise of 5 % of the weights; a network trained on other samples makes a prior that says more: --prior FILE',
  ]
}

/** The PAC-Bayes bound with a prior from other samples. The deviations to try are shares of the prior's own size, which the training samples had no part in. */
async function informed(s: Subject, graph: Differentiable, train: LabelledRows, prior: Tree<NDArray>): Promise<[string, number, string]> {
  const places = some(Array.from(train.y.keys()), POSTERIOR)
  const samples = { ...train, x: places.map(i => train.x[i]!), y: Int32Array.from(places, i => train.y[i]!), shape: s.model.shape }
  const center = toVector(prior)
  const size = Math.sqrt(center.reduce((a, v) => a + v * v, 0) / center.length)
  const { bound, posteriorError, kl, sigma } = await pacBayesBound(graph, samples, {
    prior,
    sigmas: [0.02, 0.05, 0.1, 0.2].map(share => share * size),
    draws: 60,
    delta: DELTA,
    runtime: s.runtime,
    key: s.key.fork('posterior'),
  })
  return [
    'PAC-Bayes, prior from other samples',
    bound,
    `of networks drawn around this one (σ = ${short(sigma, 2)}), whose error on ${places.length} training samples is ${short(posteriorError, 3)}, KL ${short(kl, 3)}; holds if the prior saw none of these`,
  ]
}

/** Samples with their predictions, for the explanations: the first of each predicted class. */
export function examples(logits: readonly Float64Array[], count: number): number[] {
  const seen = new Map<number, number>()
  logits.forEach((r, i) => {
    const c = argMaxOf(r)
    if (!seen.has(c)) seen.set(c, i)
  })
  return [...seen.values()].slice(0, count)
}
