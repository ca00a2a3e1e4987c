import { plot } from '@dioramic/tensor'
import { type Tile, tiles } from '../../report/index.ts'
import {
  gradCam,
  gradient,
  gradientTimesInput,
  integratedGradients,
  occlusion,
  resized,
  sampledShapley,
  smoothGrad,
} from '../explanation/attribution.ts'
import { area, distortionCurve, ranking } from '../explanation/flipping.ts'
import { explanationPath } from '../explanation/rate-distortion.ts'
import { relevance } from '../explanation/score.ts'
import { argMaxOf } from '../generalisation/calibration.ts'
import { classScore } from '../models/classifier.ts'
import { type Chapter, type Findings, type Subject, some } from './chapter.ts'
import { examples } from './generalisation.ts'
import { lastMaps } from './inside.ts'

const SAMPLES = 4
const DRAWS = 32

/** What the decisions depend on, by several methods, and which of them is to be believed. */
export async function explanationChapter(s: Subject, { logits, net }: Findings, tick: (what: string) => void): Promise<Chapter> {
  const { model, data, runtime, key } = s
  const d = data.x[0]!.length
  const draws = some(data.x, DRAWS)
  const baseline = Float64Array.from({ length: d }, (_, k) => data.x.reduce((a, x) => a + x[k]! / data.x.length, 0))
  const counts = [...new Set([0, 0.03, 0.06, 0.1, 0.15, 0.2, 0.3, 0.4, 0.55, 0.75, 1].map(f => Math.round(f * d)))]
  const chosen = examples(logits, SAMPLES)
  // Maps are as large as a picture's sides; of samples that are no pictures nothing could be said.
  const side = s.picture
  const maps =
    model.graph && side && model.shape.length === 3 ? await lastMaps(model.graph, model.shape, model.classes, runtime) : undefined
  const curves = new Map<string, number[]>()
  const pictures: Tile[][] = []
  for (const i of chosen) {
    const x = data.x[i]!
    const predicted = argMaxOf(logits[i]!)
    tick(`explaining sample ${i}`)
    const score = classScore(model, predicted, runtime)
    const spread = Math.sqrt(x.reduce((a, v) => a + v * v, 0) / d)
    const orders = Math.max(2, Math.min(20, Math.round(6000 / d)))
    const found: [string, Float64Array, boolean][] = []
    if (score.gradients) {
      const noise = { sigma: 0.15 * spread, samples: 32, key: key.fork('noise').fork(i) }
      found.push(
        ['gradient', await gradient(score, x), true],
        ['gradient × input', await gradientTimesInput(score, x), false],
        ['SmoothGrad', await smoothGrad(score, x, noise), true],
        ['int. gradients', await integratedGradients(score, x, baseline), false],
        ['rate-distortion', await explanationPath(score, x, draws), false],
      )
    }
    if (maps && side) {
      const { maps: a, gradients: g } = await maps.of(x, predicted)
      const [, h, w] = maps.size
      found.push(['Grad-CAM', resized(gradCam(a, g, maps.size), [h, w], side), false])
    }
    if (net) found.push(['LRP', relevance(net, x, predicted, 1e-6), false])
    if (d <= 4096)
      found.push(
        ['Shapley', await sampledShapley(score, x, baseline, orders, key.fork('orders').fork(i)), false],
        ['occlusion', await occlusion(score, x, baseline), false],
      )
    // Reference: an order that knows nothing.
    const random = Float64Array.from({ length: d }, (_, k) => key.fork('random').fork(i).fork(k).words[0])
    for (const [name, values, absolute] of [...found, ['random order', random, false] as const]) {
      const curve = await distortionCurve(score, x, ranking(values, absolute), draws, counts)
      const start = curve[0] || 1
      const before = curves.get(name) ?? counts.map(() => 0)
      curves.set(
        name,
        before.map((v, k) => v + curve[k]! / start / chosen.length),
      )
    }
    if (s.picture) {
      const size = s.picture
      pictures.push([
        { title: `label ${data.y[i]}, says ${predicted}`, values: x, size, scale: 'grey' },
        ...found.map(([title, values]) => ({ title, values, size, scale: 'signed' as const })),
      ])
    }
  }
  const names = [...curves.keys()]
  const areas = names.map(n => [n, area(counts, curves.get(n)!)] as const).sort((a, b) => a[1] - b[1])
  const missing: string[] = []
  if (!model.graph)
    missing.push(
      'Gradients, SmoothGrad, integrated gradients and rate-distortion explanations need derivatives by the input; Shapley values and occlusion only run the model.',
    )
  if (!maps) missing.push('Grad-CAM is done for grey pictures and models with convolutions.')
  if (!net) missing.push('Relevance propagation (LRP) is done for plain ReLU networks.')
  if (!s.picture) missing.push('No pictures: samples are not grey pictures (say --picture HxW if they are).')
  if (d > 4096) missing.push(`Shapley values and occlusion of ${d} numbers would take too long.`)
  return {
    name: 'explanation',
    title: 'Explanation: what decisions depend on',
    facts: [
      {
        name: `area of the best explanation (${areas[0]![0]})`,
        value: areas[0]![1],
        meaning:
          'Mean distortion of the logit when only the most relevant numbers are kept and the others come from other samples; a random order is in the table.',
      },
    ],
    tables: [
      {
        caption: `Relevance-ordering test on ${chosen.length} samples: area under the distortion curve, less is better.`,
        head: ['explanation', 'area'],
        rows: areas.map(a => [...a]),
      },
    ],
    pictures: [
      ...(pictures.length > 0
        ? [
            {
              caption:
                'Samples and what speaks for (red) and against (blue) the class that the model says; rate-distortion marks what must be kept.',
              svg: tiles(pictures),
            },
          ]
        : []),
      {
        caption: 'Distortion of the logit, over that with nothing kept, when the k most relevant numbers are kept.',
        svg: plot(
          names.map(name => ({ name, points: counts.map((k, j) => [k, curves.get(name)![j]!] as const) })),
          { x: 'numbers kept', y: 'relative distortion', title: 'Relevance ordering' },
        ),
      },
    ],
    missing,
  }
}
