import {
  coordinates,
  fromRows,
  norm,
  properOrthogonal,
  reconstructed,
  regress,
  rowsOf,
  sineSource,
  solveElliptic,
  solvePoisson,
  uniforms,
} from '@dioramic/learn/theory'
import { compile, f32, type NDArray, nn, numbersOf, plot, type Tensor, type Tree, tanh } from '@dioramic/tensor'
import { mean, meanOf, means } from '../evidence.ts'
import { part } from '../experiment.ts'
import { arena, runtime } from './engine.ts'

/** Networks as solutions of a differential equation. */
export const poisson = part({
  name: 'poisson',
  about:
    'A network whose residual of −Δu = f is trained away on the unit interval and square; the solution is Π sin πx, the error is relative, in L² on a grid.',
  arms: ['interval', 'square'],
  config: quick => ({ seeds: quick ? 2 : 5, width: 32, points: 64, updates: quick ? 800 : 3000 }),
  seconds: ({ updates }) => updates / 250,
  run: async ({ arm, config: { width, points, updates }, key }) => {
    const dimensions = arm === 'interval' ? 1 : 2
    const { params, field } = await solvePoisson(sineSource, {
      dimensions,
      width,
      points: points * dimensions,
      updates,
      rate: 5e-3,
      runtime,
      arena,
      key,
    })
    const grid = Array.from({ length: 33 }, (_, i) => i / 32)
    const at = dimensions === 1 ? grid.map(x => [x]) : grid.flatMap(x => grid.map(y => [x, y]))
    const run = compile<[Tree<NDArray>, NDArray[]], NDArray>((p: Tree<Tensor>, x: Tensor[]) => field(p, x), runtime)
    const u = numbersOf(
      await run(
        params,
        Array.from({ length: dimensions }, (_, i) => f32(at.map(p => p[i]!))),
      ),
    )
    const truth = at.map(p => p.map(x => Math.sin(Math.PI * x)).reduce((a, b) => a * b))
    return { error: norm(truth.map((v, i) => v - u[i]!)) / norm(truth) }
  },
  conclude: of => ({
    claims: ['interval', 'square'].map(arm =>
      mean(
        `physics-informed network on the ${arm}: relative L² error`,
        of(arm).map(r => r.error),
      ),
    ),
  }),
})

const POINTS = 63
const RANKS = [1, 2, 4, 8]

/** A network for all solutions of a parametric equation at once. */
export const parametric = part({
  name: 'parametric',
  about:
    '−(a_y u′)′ = 1 with four parameters y: the singular values of the set of solutions fall exponentially, so few modes are enough, and a network learns y ↦ their coefficients. Its error follows the rank until it meets its own; a network four times as wide changes little.',
  arms: ['narrow', 'wide'],
  config: quick => ({ seeds: quick ? 1 : 3, snapshots: 120, train: 2000, test: 200, updates: quick ? 1000 : 5000 }),
  seconds: ({ updates }) => 2 + updates / 500,
  run: async ({ arm, config: { snapshots, train, test, updates }, key }) => {
    const draw = (n: number, name: string) => Array.from({ length: n }, (_, i) => uniforms(key.fork(name).fork(i), 4).map(v => 2 * v - 1))
    const pod = properOrthogonal(fromRows(draw(snapshots, 'snapshots').map(y => solveElliptic(y, POINTS))))
    const [ys, held] = [draw(train, 'train'), draw(test, 'test')]
    const top = RANKS.at(-1)!
    const target = ys.map(y => coordinates(pod, solveElliptic(y, POINTS), top))
    // Each coefficient in units of the first one's spread, about its mean: the mean is most of it.
    const mean0 = Float64Array.from({ length: top }, (_, k) => target.reduce((s, c) => s + c[k]! / train, 0))
    const scale = Math.sqrt(target.reduce((s, c) => s + (c[0]! - mean0[0]!) ** 2 / train, 0))
    const width = arm === 'narrow' ? 24 : 96
    const layer = nn.sequence(nn.linear(4, width), nn.fn(tanh), nn.linear(width, width), nn.fn(tanh), nn.linear(width, top))
    const model = (p: Tree<Tensor>, x: Tensor) => layer.apply(p, {}, x)[0]
    const flat = (rows: readonly Float64Array[]) => f32(Float32Array.from(rows.flatMap(r => [...r])), [rows.length, rows[0]!.length])
    const params = await regress(
      model,
      layer.init(key.fork('net')).params,
      { x: flat(ys), y: flat(target.map(c => c.map((v, k) => (v - mean0[k]!) / scale))) },
      { updates, batch: 100, rate: 5e-3, runtime, arena, key: key.fork('fit') },
    )
    const run = compile<[Tree<NDArray>, NDArray], NDArray>((p: Tree<Tensor>, x: Tensor) => model(p, x), runtime)
    const found = rowsOf(await run(params, flat(held))).map(c => c.map((v, k) => v * scale + mean0[k]!))
    const truth = held.map(y => solveElliptic(y, POINTS))
    const error = (rank: number, c: (i: number) => Float64Array) =>
      Math.sqrt(
        truth.reduce((s, u, i) => s + norm(reconstructed(pod, c(i).slice(0, rank)).map((v, k) => v - u[k]!)) ** 2, 0) /
          truth.reduce((s, u) => s + norm(u) ** 2, 0),
      )
    return {
      singular: [...pod.singularValues].slice(0, 12),
      projection: RANKS.map(r => error(r, i => coordinates(pod, truth[i]!, r))),
      network: RANKS.map(r => error(r, i => found[i]!)),
    }
  },
  conclude: of => {
    const [narrow, wide] = [of('narrow'), of('wide')]
    const n = Math.min(...narrow.map(r => r.singular.length))
    const at = (rows: typeof narrow, f: (r: (typeof narrow)[number]) => number) => meanOf(rows.map(f))
    return {
      claims: [
        ...means(narrow, {
          'parametric: decades that 8 further singular values fall': r => Math.log10(r.singular[0]! / r.singular[Math.min(8, n - 1)]!),
          'parametric: relative error of the narrow network at rank 8': r => r.network.at(-1)!,
          'parametric: error at rank 1 / at rank 8, narrow network': r => r.network[0]! / r.network.at(-1)!,
        }),
        mean(
          'parametric: error of the wide network / the narrow one at rank 2',
          wide.map((r, i) => r.network[1]! / narrow[i]!.network[1]!),
        ),
      ],
      plots: [
        {
          caption: 'Singular values of the solutions, over the first.',
          svg: plot(
            [
              {
                name: 'σ_k/σ_1',
                points: Array.from({ length: n }, (_, k) => [k + 1, at(narrow, r => r.singular[k]! / r.singular[0]!)] as const),
              },
            ],
            { x: 'k', y: 'σ_k/σ_1', logY: true, title: 'Reduced basis' },
          ),
        },
        {
          caption: 'Relative error over the rank.',
          svg: plot(
            [
              { name: 'best in the basis', points: RANKS.map((r, i) => [r, at(narrow, x => x.projection[i]!)] as const) },
              { name: 'narrow network', points: RANKS.map((r, i) => [r, at(narrow, x => x.network[i]!)] as const) },
              { name: 'wide network', points: RANKS.map((r, i) => [r, at(wide, x => x.network[i]!)] as const) },
            ],
            { x: 'rank', y: 'relative error', logY: true, logX: true, title: 'A network on the reduced basis' },
          ),
        },
      ],
    }
  },
})
