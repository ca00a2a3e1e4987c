import {
  area,
  blockNet,
  distortion,
  distortionCurve,
  evaluate,
  gradient,
  gradientTimesInput,
  integratedGradients,
  matrix,
  netScore,
  normals,
  type ReluNet,
  ranking,
  relaxedExplanation,
  relevance,
  sampledShapley,
  shapley,
  smoothGrad,
  subsets,
  uniforms,
} from '@dioramic/learn/theory'
import { plot } from '@dioramic/tensor'
import { exact, mean, meanOf, means } from '../evidence.ts'
import { part } from '../experiment.ts'

const D = 16
const BLOCK = [4, 5, 6, 7, 8]
const COUNTS = Array.from({ length: D + 1 }, (_, k) => k)

/** The Boolean block: a task whose best explanation is known. */
export const rateDistortion = part({
  name: 'rate-distortion',
  about:
    'A network that says whether 5 neighbours of 16 bits are on; the input has ones at 4 … 8. Distortions by draws from the uniform law, the smallest sets of distortion 0.01 among all of up to 5 bits, the relaxed explanation, and the relevance-ordering test against other attributions. The input is at a kink of every unit, where the derivative is taken as 0: the gradient, and what is made of it there, says nothing.',
  arms: ['block'],
  config: quick => ({ seeds: quick ? 3 : 10, draws: quick ? 20_000 : 100_000, few: quick ? 1000 : 2000 }),
  seconds: ({ draws, few }) => draws / 15_000 + few / 400,
  run: async ({ config, key }) => {
    const net = blockNet(D, 5)
    const score = netScore(net, 0)
    const x = Float64Array.from({ length: D }, (_, i) => (BLOCK.includes(i) ? 1 : 0))
    const base = new Float64Array(D)
    const drawn = (n: number, k: typeof key) => {
      const u = uniforms(k, n * D)
      return Array.from({ length: n }, (_, i) => u.slice(i * D, (i + 1) * D))
    }
    const many = drawn(config.draws, key.fork('many'))
    const few = drawn(config.few, key.fork('few'))
    const stated = {
      none: await distortion(score, x, new Set(), many),
      three: await distortion(score, x, new Set([4, 5, 6]), many),
      four: await distortion(score, x, new Set([4, 5, 6, 7]), many),
      block: await distortion(score, x, new Set(BLOCK), many),
    }
    // All sets of up to five bits: first few draws, and only what these do not rule out on more.
    const quickLook = few.slice(0, 60)
    let passed = 0
    const minimal: number[][] = []
    for (let size = 0; size <= 5 && minimal.length === 0; size++)
      for (const set of subsets(D, size)) {
        if ((await distortion(score, x, set, quickLook)) > 0.1) continue
        passed++
        if ((await distortion(score, x, set, few)) <= 0.01) minimal.push([...set])
      }
    const relaxed = await relaxedExplanation(score, x, few.slice(0, 400), { lambda: 0.4, steps: 150 })
    const noise = { sigma: 0.3, samples: 100, key: key.fork('noise') }
    const half = x.map(() => 0.5)
    const attributions: Record<string, Float64Array> = {
      'rate-distortion': relaxed.s,
      gradient: (await gradient(score, x)).map(Math.abs),
      SmoothGrad: (await smoothGrad(score, x, noise)).map(Math.abs),
      'integrated gradients': await integratedGradients(score, x, base),
      Shapley: await sampledShapley(score, x, half, 50, key.fork('orders')),
      'relevance propagation': relevance(net, x, 0, 1e-6),
    }
    const curves: Record<string, number[]> = {}
    for (const [name, values] of Object.entries(attributions)) curves[name] = await distortionCurve(score, x, ranking(values), few, COUNTS)
    return { stated, minimal, passed, relaxed: [...relaxed.s], curves }
  },
  conclude: of => {
    const all = of('block')
    const names = Object.keys(all[0]!.curves)
    const isBlock = (list: readonly (readonly number[])[]) => list.length === 1 && list[0]!.join() === BLOCK.join()
    const found = all.filter(r => isBlock(r.minimal)).length
    const relaxed = all.filter(
      r =>
        ranking(r.relaxed)
          .slice(0, 5)
          .sort((a, b) => a - b)
          .join() === BLOCK.join(),
    ).length
    const areas = (name: string) => all.map(r => area(COUNTS, r.curves[name]!))
    return {
      claims: [
        ...means(all, {
          'rate-distortion: distortion with nothing kept': r => r.stated.none,
          'rate-distortion: with three of the block': r => r.stated.three,
          'rate-distortion: with four of the block': r => r.stated.four,
          'rate-distortion: with the block': r => r.stated.block,
        }),
        exact('rate-distortion: share of seeds whose only smallest set of distortion 0.01 is the block', found / all.length),
        exact('rate-distortion: share of seeds whose relaxed explanation ranks the block first', relaxed / all.length),
        mean(
          'rate-distortion: area of the ordering curve less that of the gradient',
          areas('rate-distortion').map((v, i) => v - areas('gradient')[i]!),
        ),
      ],
      plots: [
        {
          caption: 'Distortion when only the k most relevant bits are kept: lower is better.',
          svg: plot(
            names.map(name => ({ name, points: COUNTS.map(k => [k, meanOf(all.map(r => r.curves[name]![k]!))] as const) })),
            { x: 'bits kept', y: 'distortion', title: 'Relevance ordering' },
          ),
        },
      ],
      tables: [
        { caption: 'Area under the curve, mean over seeds.', head: ['attribution', 'area'], rows: names.map(n => [n, meanOf(areas(n))]) },
      ],
    }
  },
})

/** The axioms that attributions promise, on random networks. */
export const axioms = part({
  name: 'axioms',
  about:
    'Random ReLU networks of 8 inputs: relevance propagation conserves the output (no biases), Shapley values sum to f(x) − f(0), integrated gradients do up to their rule.',
  arms: ['random'],
  config: quick => ({ seeds: quick ? 5 : 20 }),
  seconds: () => 0.1,
  run: async ({ key }) => {
    const net = (bias: number): ReluNet =>
      [8, 16, 12, 3].slice(1).map((n, i) => {
        const k = key.fork(i)
        const from = [8, 16, 12][i]!
        return {
          w: matrix(
            n,
            from,
            normals(k.fork('w'), n * from).map(v => v / Math.sqrt(from)),
          ),
          b: normals(k.fork('b'), n).map(v => bias * v),
        }
      })
    const x = normals(key.fork('x'), 8)
    const sum = (v: Float64Array) => v.reduce((a, b) => a + b, 0)
    const [plain, biased] = [net(0), net(0.5)]
    const zero = new Float64Array(8)
    const gap = evaluate(biased, x)[1]! - evaluate(biased, zero)[1]!
    return {
      conservation: Math.abs(sum(relevance(plain, x, 1)) - evaluate(plain, x)[1]!),
      inputTimesGradient: Math.max(
        ...(await gradientTimesInput(netScore(plain, 1), x)).map((v, i) => Math.abs(v - relevance(plain, x, 1)[i]!)),
      ),
      shapley: Math.abs(sum(await shapley(netScore(biased, 1), x, zero)) - gap),
      completeness: Math.abs(sum(await integratedGradients(netScore(biased, 1), x, zero, 2000)) - gap),
    }
  },
  conclude: of => {
    const all = of('random')
    const worst = (f: (r: (typeof all)[number]) => number) => Math.max(...all.map(f))
    return {
      claims: [
        exact(
          'relevance propagation: largest failure of conservation',
          worst(r => r.conservation),
        ),
        exact(
          'relevance propagation: largest difference to gradient × input without biases',
          worst(r => r.inputTimesGradient),
        ),
        exact(
          'Shapley: largest failure of efficiency',
          worst(r => r.shapley),
        ),
        exact(
          'integrated gradients: largest failure of completeness, 2,000 steps',
          worst(r => r.completeness),
        ),
      ],
    }
  },
})
