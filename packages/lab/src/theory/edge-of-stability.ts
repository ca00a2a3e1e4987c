import { batchOf, drawnDigits, quadraticDescent, watchedDescent } from '@dioramic/learn/theory'
import { mul, nn, oneHot, plot, sub, sum, type Tensor, type Tree, tanh } from '@dioramic/tensor'
import { exact, mean, meanOf } from '../evidence.ts'
import { part } from '../experiment.ts'
import { runtime } from './engine.ts'

/** Gradient descent lets the sharpness rise until it is barely stable. */
export const edgeOfStability = part({
  name: 'edge-of-stability',
  about:
    'Full-batch gradient descent of a tanh network on 100 drawn digits at a constant rate η. The largest eigenvalue of the Hessian rises to 2/η and stays about there, while the loss goes on falling. On a quadratic 2/λ is the exact limit.',
  arms: ['tanh'],
  config: quick => ({ seeds: quick ? 2 : 5, samples: 100, rate: 0.1, steps: quick ? 2000 : 6000, every: quick ? 100 : 50 }),
  seconds: ({ steps }) => steps / 300,
  run: async ({ config: { samples, rate, steps, every }, key }) => {
    const data = drawnDigits(samples, key.fork('data'))
    const layer = nn.sequence(nn.linear(64, 32), nn.fn(tanh), nn.linear(32, 32), nn.fn(tanh), nn.linear(32, 10))
    const { params } = layer.init(key.fork('init'))
    // Half the squared distance to the one-hot label: of cross-entropy the curvature vanishes as the samples are learnt.
    const loss = (p: Tree<Tensor>, { x, y }: { x: Tensor; y: Tensor }) => {
      const off = sub(layer.apply(p, {}, x)[0], oneHot(y, 10))
      return mul(sum(mul(off, off)), 0.5 / samples)
    }
    const points = await watchedDescent(loss, params, batchOf(data.x, data.y, [64]), {
      rate,
      steps,
      every,
      runtime,
      key: key.fork('lanczos'),
    })
    return points.filter(p => p.sharpness !== undefined).map(p => ({ step: p.step, loss: p.loss, sharpness: p.sharpness! }))
  },
  conclude: (of, { rate }) => {
    const all = of('tanh')
    const late = (rows: (typeof all)[number]) => meanOf(rows.slice(rows.length >> 1).map(r => (r.sharpness * rate) / 2))
    const first = all[0]!
    return {
      claims: [
        exact('descent on a quadratic: |x| after 3,000 steps at η = 1.99/λ', quadraticDescent(1.99 / 3, 3, 3000)),
        exact('descent on a quadratic: log₁₀|x| after 3,000 steps at η = 2.01/λ', Math.log10(quadraticDescent(2.01 / 3, 3, 3000))),
        mean(
          'edge of stability: sharpness · η/2 at the start',
          all.map(r => (r[0]!.sharpness * rate) / 2),
        ),
        mean('edge of stability: mean sharpness · η/2 over the second half', all.map(late)),
        mean(
          'edge of stability: last loss / first loss',
          all.map(r => r.at(-1)!.loss / r[0]!.loss),
        ),
      ],
      plots: [
        {
          caption: 'Sharpness in units of 2/η, one line a seed.',
          svg: plot(
            all.map((rows, i) => ({ name: `seed ${i}`, points: rows.map(r => [r.step, (r.sharpness * rate) / 2] as const) })),
            { x: 'step', y: 'λ_max·η/2', title: 'Edge of stability' },
          ),
        },
        {
          caption: 'The loss of the first seed.',
          svg: plot([{ name: 'loss', points: first.map(r => [r.step, r.loss] as const) }], {
            x: 'step',
            y: 'loss',
            logY: true,
            title: 'Loss',
          }),
        },
      ],
    }
  },
})
