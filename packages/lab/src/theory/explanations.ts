import { tiles } from '@dioramic/learn/report'
import {
  area,
  argMaxOf,
  classScore,
  differentiable,
  distortionCurve,
  drawnDigits,
  errorRate,
  explanationPath,
  gradCam,
  gradient,
  gradientTimesInput,
  integratedGradients,
  occlusion,
  ranking,
  resized,
  sampledShapley,
  smoothGrad,
  stacked,
  trainClassifier,
  uniforms,
} from '@dioramic/learn/theory'
import { compile, f32, grad, mul, type NDArray, nn, numbersOf, optim, plot, relu, sum, type Tensor, type Tree } from '@dioramic/tensor'
import { mean, meanOf } from '../evidence.ts'
import { part } from '../experiment.ts'
import { arena, runtime } from './engine.ts'

const SIZE = 8
const MAPS = 16
const COUNTS = [0, 2, 4, 6, 9, 12, 16, 22, 30, 42, 64]

/** Attributions of a convolutional network, judged by what the network says without the rest. */
export const explanations = part({
  name: 'explanations',
  about:
    'A convolutional network on drawn digits, explained in eight ways. Judged by the relevance-ordering test: the k most relevant pixels are kept, the others come from other digits, and the distortion of the logit is measured, over that with nothing kept.',
  arms: ['convolutional'],
  config: quick => ({ seeds: quick ? 4 : 6, train: 1000, updates: quick ? 300 : 1000, samples: quick ? 4 : 20, draws: 32 }),
  seconds: ({ updates, samples }) => updates / 300 + samples / 4,
  run: async ({ config: { train, updates, samples, draws: many }, key }) => {
    const shape = [1, SIZE, SIZE]
    const data = { ...drawnDigits(train, key.fork('train'), { size: SIZE }), shape }
    const held = { ...drawnDigits(200, key.fork('test'), { size: SIZE }), shape }
    const body = nn.sequence(
      nn.conv2d(1, 8, 3, { padding: 1, init: nn.kaiming() }),
      nn.fn(relu),
      nn.conv2d(8, MAPS, 3, { stride: 2, padding: 1, init: nn.kaiming() }),
      nn.fn(relu),
    )
    const head = nn.sequence(nn.flatten, nn.linear(MAPS * 16, 10))
    const layer = nn.sequence({ body, head })
    const { model } = await trainClassifier(data, {
      layer,
      updates,
      batch: 64,
      rule: optim.chain(optim.adamw({ lr: optim.cosine(3e-3, updates) })),
      runtime,
      arena,
      key: key.fork('run'),
    })
    const classifier = differentiable(model, shape, 10, runtime)
    const logits = await classifier.logits(held.x)
    const empty = layer.init(key).state as { body: Tree<never>; head: Tree<never> }
    // Feature maps and the gradient of a logit by them.
    const maps = compile<[Tree<NDArray>, NDArray, NDArray], { a: NDArray; g: NDArray }>((p: Tree<Tensor>, x: Tensor, which: Tensor) => {
      const q = p as { body: Tree<Tensor>; head: Tree<Tensor> }
      const a = body.apply(q.body, empty.body, x)[0]
      return { a, g: grad((z: Tensor) => sum(mul(head.apply(q.head, empty.head, z)[0], which)))(a) }
    }, runtime)
    const draws = held.x.slice(100, 100 + many)
    const baseline = Float64Array.from({ length: 64 }, (_, k) => meanOf(held.x.map(x => x[k]!)))
    const curves: Record<string, number[]> = {}
    let example: { title: string; values: number[] }[] = []
    for (let i = 0; i < samples; i++) {
      const x = held.x[i]!
      const c = argMaxOf(logits[i]!)
      const score = classScore(classifier, c, runtime)
      const k = key.fork('sample').fork(i)
      const { a, g } = await maps(model.params, stacked([x], shape), f32(Array.from({ length: 10 }, (_, j) => (j === c ? 1 : 0))))
      const found: [string, Float64Array, boolean][] = [
        ['gradient', await gradient(score, x), true],
        ['gradient × input', await gradientTimesInput(score, x), false],
        ['SmoothGrad', await smoothGrad(score, x, { sigma: 0.1, samples: 32, key: k.fork('noise') }), true],
        ['integrated gradients', await integratedGradients(score, x, baseline), false],
        ['Grad-CAM', resized(gradCam(numbersOf(a), numbersOf(g), [MAPS, 4, 4]), [4, 4], [SIZE, SIZE]), false],
        ['Shapley', await sampledShapley(score, x, baseline, 10, k.fork('orders')), false],
        ['occlusion', await occlusion(score, x, baseline), false],
        ['rate-distortion', await explanationPath(score, x, draws), false],
        ['random', uniforms(k.fork('random'), 64), false],
      ]
      if (i === 0)
        example = [{ title: `a ${held.y[i]}`, values: [...x] }, ...found.map(([title, values]) => ({ title, values: [...values] }))]
      for (const [name, values, absolute] of found) {
        const curve = await distortionCurve(score, x, ranking(values, absolute), draws, COUNTS)
        curves[name] = (curves[name] ?? COUNTS.map(() => 0)).map((v, j) => v + curve[j]! / curve[0]! / samples)
      }
    }
    return { error: errorRate(logits, held.y), curves, example }
  },
  conclude: of => {
    const all = of('convolutional')
    const names = Object.keys(all[0]!.curves)
    const areas = (name: string) => all.map(r => area(COUNTS, r.curves[name]!))
    const less = (name: string, other: string) => areas(name).map((v, i) => v - areas(other)[i]!)
    const { example } = all[0]!
    return {
      claims: [
        mean('explanations: area of rate-distortion less that of the gradient', less('rate-distortion', 'gradient')),
        mean('explanations: area of the gradient less that of a random order', less('gradient', 'random')),
        mean('explanations: area of Grad-CAM less that of a random order', less('Grad-CAM', 'random')),
        mean(
          'explanations: error of the network',
          all.map(r => r.error),
        ),
      ],
      tables: [
        {
          caption: 'Area under the distortion curve, mean over seeds: less is better.',
          head: ['explanation', 'area'],
          rows: names.map(n => [n, meanOf(areas(n))] as [string, number]).sort((a, b) => a[1] - b[1]),
        },
      ],
      plots: [
        {
          caption: 'One digit and its explanations: red speaks for the class, blue against it.',
          svg: tiles(
            [
              example
                .slice(0, 5)
                .map((e, i) => ({ ...e, size: [SIZE, SIZE] as const, scale: i === 0 ? ('grey' as const) : ('signed' as const) })),
              example.slice(5, 9).map(e => ({ ...e, size: [SIZE, SIZE] as const, scale: 'signed' as const })),
            ],
            120,
          ),
        },
        {
          caption: 'Relative distortion when the k most relevant pixels are kept.',
          svg: plot(
            names.map(name => ({ name, points: COUNTS.map((k, j) => [k, meanOf(all.map(r => r.curves[name]![j]!))] as const) })),
            { x: 'pixels kept', y: 'relative distortion', title: 'Relevance ordering' },
          ),
        },
      ],
    }
  },
})
