import {
  type Collapse,
  collapseOf,
  differentiable,
  drawnDigits,
  errorRate,
  matrix,
  rowsAt,
  squaredLoss,
  trainClassifier,
} from '@dioramic/learn/theory'
import { compile, f32, type NDArray, nn, numbersOf, optim, plot, relu, type Tensor, type Tree } from '@dioramic/tensor'
import { meanOf, means } from '../evidence.ts'
import { part } from '../experiment.ts'
import { arena, runtime } from './engine.ts'

const CLASSES = 4
const WIDTH = 32

/** Training on long after the training error is zero. */
export const neuralCollapse = part({
  name: 'neural-collapse',
  about:
    'A network of three hidden layers trained on four drawn digits far beyond zero training error, by the squared distance to the labels (Han, Papyan & Donoho 2022) with a little weight decay: the last features of a class become one point, the class means a simplex, and the network decides as the nearest mean does.',
  arms: ['sgd'],
  config: quick => ({
    seeds: quick ? 2 : 5,
    samples: 160,
    stages: quick ? [50, 150, 500, 1500] : [50, 150, 500, 1500, 4000],
  }),
  seconds: ({ stages }) => stages.at(-1)! / 500,
  run: async ({ config: { samples, stages }, key }) => {
    const all = drawnDigits(samples * 2.5, key.fork('data'))
    const data = {
      ...rowsAt(
        all,
        Array.from(all.y.keys()).filter(i => all.y[i]! < CLASSES),
      ),
      classes: CLASSES,
      shape: [64],
    }
    const hidden = (from: number, to: number) => [nn.linear(from, to, { init: nn.kaiming() }), nn.fn(relu)]
    const body = nn.sequence(...hidden(64, 128), ...hidden(128, 128), ...hidden(128, WIDTH))
    const layer = nn.sequence({ body, out: nn.linear(WIDTH, CLASSES) })
    const features = compile<[Tree<NDArray>, NDArray], NDArray>(
      (p: Tree<Tensor>, x: Tensor) => body.apply(p, body.init(key).state as Tree<never>, x)[0],
      runtime,
    )
    let params: Tree<NDArray> | undefined
    let done = 0
    const rows: (Collapse & { updates: number; error: number })[] = []
    for (const updates of stages) {
      // One run in stages: the optimiser starts anew at each, with a falling rate at the last.
      const last = updates === stages.at(-1)
      const lr = last ? optim.cosine(0.05, updates - done) : 0.05
      const { model } = await trainClassifier(data, {
        layer,
        loss: squaredLoss,
        updates: updates - done,
        batch: data.y.length,
        rule: optim.chain(optim.sgd({ lr, momentum: 0.9, l2: 1e-3 })),
        runtime,
        arena,
        key: key.fork('run'),
        ...(params ? { params } : {}),
      })
      params = model.params
      done = updates
      const p = params as { body: Tree<NDArray>; out: { w: NDArray } }
      const x = f32(Float32Array.from(data.x.flatMap(r => [...r])), [data.y.length, 64])
      const h = numbersOf(await features(p.body, x))
      const w = numbersOf(p.out.w)
      const weights = matrix(
        CLASSES,
        WIDTH,
        Float64Array.from({ length: CLASSES * WIDTH }, (_, i) => w[(i % WIDTH) * CLASSES + Math.floor(i / WIDTH)]!),
      )
      const logits = await differentiable(model, [64], CLASSES, runtime, 64).logits(data.x)
      const measured = collapseOf(
        matrix(data.y.length, WIDTH, h),
        data.y,
        weights,
        matrix(data.y.length, CLASSES, Float64Array.from(logits.flatMap(r => [...r]))),
      )
      rows.push({ updates, error: errorRate(logits, data.y), ...measured })
    }
    return rows.map(r => ({ ...r }))
  },
  conclude: (of, { stages }) => {
    const all = of('sgd')
    const end = all.map(r => r.at(-1)!)
    const curve = (f: (r: (typeof end)[number]) => number) =>
      stages.map((u, i) => [u, Math.max(1e-9, meanOf(all.map(r => f(r[i]!))))] as const)
    return {
      claims: [
        ...means(end, {
          'neural collapse: training error': r => r.error,
          'neural collapse: NC1': r => r.nc1,
          'neural collapse: mean cosine of the class means + 1/3': r => r.cosine + 1 / 3,
          'neural collapse: NC4': r => r.nc4,
          'neural collapse: NC3': r => r.nc3,
          'neural collapse: spread of the norms': r => r.equinorm,
        }),
      ],
      plots: [
        {
          caption: 'Variation within classes against between them (NC1), distance of the cosines to −1/3; means over seeds.',
          svg: plot(
            [
              { name: 'NC1', points: curve(r => r.nc1) },
              { name: '|cosine + 1/3|', points: curve(r => Math.abs(r.cosine + 1 / 3)) },
            ],
            { x: 'updates', y: '', logX: true, logY: true, title: 'Neural collapse' },
          ),
        },
      ],
    }
  },
})
