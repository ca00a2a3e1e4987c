import {
  apply,
  basisPursuit,
  gaussianBlur,
  ista,
  lista,
  listaStart,
  type Matrix,
  matrix,
  norm,
  normals,
  operatorArray,
  order,
  regress,
  rowsOf,
  spectralNorm,
  tikhonov,
  totalVariation,
  uniforms,
} from '@dioramic/learn/theory'
import { add, compile, constant, f32, type Key, type NDArray, nn, plot, relu, reshape, type Tensor, type Tree } from '@dioramic/tensor'
import { exact, meanOf, means } from '../evidence.ts'
import { part } from '../experiment.ts'
import { arena, runtime } from './engine.ts'

const [ROWS, COLUMNS, ACTIVE, DEPTH] = [30, 60, 4, 10]

/** Sparse signals: ACTIVE normals of COLUMNS. */
function sparse(count: number, key: Key): Float64Array[] {
  return Array.from({ length: count }, (_, i) => {
    const f = new Float64Array(COLUMNS)
    const values = normals(key.fork(i).fork('values'), ACTIVE)
    order(key.fork(i).fork('places'), COLUMNS)
      .slice(0, ACTIVE)
      .forEach((at, k) => {
        f[at] = values[k]!
      })
    return f
  })
}

const asArray = (rows: readonly Float64Array[]): NDArray =>
  f32(Float32Array.from(rows.flatMap(r => [...r])), [rows.length, rows[0]!.length])

/** ‖found − truth‖²/‖truth‖² over all rows. */
function relative(found: readonly Float64Array[], truth: readonly Float64Array[]): number {
  let [off, size] = [0, 0]
  found.forEach((f, i) => {
    off += norm(f.map((v, k) => v - truth[i]![k]!)) ** 2
    size += norm(truth[i]!) ** 2
  })
  return off / size
}

function measure(k: Matrix, truth: readonly Float64Array[], noise: number, key: Key): Float64Array[] {
  return truth.map((f, i) => {
    const e = normals(key.fork(i), k.rows)
    return apply(k, f).map((v, j) => v + noise * e[j]!)
  })
}

/** Ten learned steps against a hundred that are not. */
export const unrolling = part({
  name: 'unrolled-ista',
  about:
    'Signals with 4 of 60 numbers not 0, seen through a random 30 × 60 matrix with a little noise. ISTA with the best of three penalties, and ten of its steps as layers of a trained network.',
  arms: ['gaussian'],
  config: quick => ({
    seeds: quick ? 4 : 6,
    train: quick ? 4000 : 20_000,
    test: quick ? 60 : 200,
    updates: quick ? 800 : 6000,
    noise: 0.01,
  }),
  seconds: ({ updates }) => 1 + updates / 500,
  run: async ({ config: { train, test, updates, noise }, key }) => {
    const columns = matrix(ROWS, COLUMNS, normals(key.fork('K'), ROWS * COLUMNS))
    const k = matrix(
      ROWS,
      COLUMNS,
      columns.data.map(
        (v, i) =>
          v / Math.sqrt(Array.from({ length: ROWS }, (_, r) => columns.data[r * COLUMNS + (i % COLUMNS)]! ** 2).reduce((a, b) => a + b, 0)),
      ),
    )
    const [learn, held] = [sparse(train, key.fork('train')), sparse(test, key.fork('test'))]
    const [seen, shown] = [measure(k, learn, noise, key.fork('noise')), measure(k, held, noise, key.fork('test noise'))]
    const rate = 1 / spectralNorm(k) ** 2
    const curves = [0.01, 0.02, 0.05].map(alpha => {
      const runs = shown.map(g => ista(k, g, { alpha, steps: 100, rate }))
      return Array.from({ length: 101 }, (_, t) =>
        relative(
          runs.map(r => r[t]!),
          held,
        ),
      )
    })
    const best = curves.reduce((a, b) => (b[100]! < a[100]! ? b : a))
    const transposed = operatorArray(k)
    const model = (steps: Tree<Tensor>, g: Tensor) => lista(steps, constant(transposed), g)
    const params = await regress(
      model,
      listaStart(k, DEPTH, 0.1),
      { x: asArray(seen), y: asArray(learn) },
      { updates, batch: 64, rate: 5e-3, runtime, arena, key: key.fork('fit') },
    )
    const run = compile<[Tree<NDArray>, NDArray], NDArray>((p: Tree<Tensor>, g: Tensor) => model(p, g), runtime)
    return { ista: best, lista: relative(rowsOf(await run(params, asArray(shown))), held) }
  },
  conclude: of => {
    const all = of('gaussian')
    return {
      claims: [
        ...means(all, {
          'LISTA: error of 10 layers / error of 100 steps of ISTA': r => r.lista / r.ista[100]!,
          'LISTA: error of 10 layers / error of 10 steps of ISTA': r => r.lista / r.ista[DEPTH]!,
        }),
      ],
      plots: [
        {
          caption: 'Relative squared error over steps; the learned network has ten.',
          svg: plot(
            [
              { name: 'ISTA', points: Array.from({ length: 100 }, (_, t) => [t + 1, meanOf(all.map(r => r.ista[t + 1]!))] as const) },
              { name: 'LISTA, 10 layers', points: [1, 10, 100].map(t => [t, meanOf(all.map(r => r.lista))] as const) },
            ],
            { x: 'steps', y: 'relative squared error', logX: true, logY: true, title: 'Learned ISTA' },
          ),
        },
      ],
    }
  },
})

const N = 64

/** Steps: pieces of constant height. */
const steps = (count: number, key: Key): Float64Array[] =>
  Array.from({ length: count }, (_, i) => {
    const u = uniforms(key.fork(i), 16)
    const edges = Array.from(u.slice(0, 5), v => Math.floor(v * N)).sort((a, b) => a - b)
    return Float64Array.from({ length: N }, (_, x) => 2 * u[6 + edges.filter(e => e <= x).length]! - 1)
  })

/** Deblurring by four means. */
export const deblurring = part({
  name: 'deblurring',
  about:
    'Steps of 64 samples blurred by a Gaussian of deviation 2 with noise of deviation 0.03: Tikhonov and total variation with the best of their penalties on other signals, and a small convolutional network that mends the Tikhonov solution.',
  arms: ['steps'],
  config: quick => ({ seeds: quick ? 4 : 5, train: quick ? 2000 : 8000, test: quick ? 30 : 200, updates: quick ? 400 : 3000, noise: 0.03 }),
  seconds: ({ updates, test }) => 1 + updates / 250 + test / 60,
  run: async ({ config: { train, test, updates, noise }, key }) => {
    const k = gaussianBlur(N, 2)
    const [learn, tune, held] = [steps(train, key.fork('train')), steps(20, key.fork('tune')), steps(test, key.fork('test'))]
    const see = (f: readonly Float64Array[], name: string) => measure(k, f, noise, key.fork(name))
    const [tuneSeen, heldSeen] = [see(tune, 'tune noise'), see(held, 'test noise')]
    const bestOf = (list: readonly number[], solve: (g: Float64Array, alpha: number) => Float64Array) =>
      list
        .map(
          a =>
            [
              relative(
                tuneSeen.map(g => solve(g, a)),
                tune,
              ),
              a,
            ] as const,
        )
        .reduce((x, y) => (y[0] < x[0] ? y : x))[1]
    const tikhonovAlpha = bestOf([1e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1], (g, a) => tikhonov(k, g, a))
    // One matrix for all: (KᵀK + αI)⁻¹Kᵀ, column by column.
    const inverse = matrix(N, N)
    for (let j = 0; j < N; j++) {
      const unit = new Float64Array(N)
      unit[j] = 1
      tikhonov(k, unit, tikhonovAlpha).forEach((v, i) => {
        inverse.data[i * N + j] = v
      })
    }
    const first = (seen: readonly Float64Array[]) => seen.map(g => apply(inverse, g))
    const tv = (g: Float64Array, alpha: number) => totalVariation(k, g, { alpha, steps: 150, penalty: 0.1 })
    const tvAlpha = bestOf([3e-3, 1e-2, 3e-2, 0.1], tv)
    const net = nn.sequence(
      nn.conv1d(1, 16, 9, { padding: 4 }),
      nn.fn(relu),
      nn.conv1d(16, 16, 9, { padding: 4 }),
      nn.fn(relu),
      nn.conv1d(16, 1, 9, { padding: 4 }),
    )
    const model = (p: Tree<Tensor>, x: Tensor) => {
      const z = reshape(x, [x.shape[0]!, 1, N])
      return reshape(add(z, net.apply(p, {}, z)[0]), [x.shape[0]!, N])
    }
    const params = await regress(
      model,
      net.init(key.fork('net')).params,
      { x: asArray(first(see(learn, 'noise'))), y: asArray(learn) },
      { updates, batch: 32, rate: 3e-3, runtime, arena, key: key.fork('fit') },
    )
    const run = compile<[Tree<NDArray>, NDArray], NDArray>((p: Tree<Tensor>, x: Tensor) => model(p, x), runtime)
    const start = first(heldSeen)
    const learned = rowsOf(await run(params, asArray(start)))
    const total = heldSeen.map(g => tv(g, tvAlpha))
    const show = (rows: readonly Float64Array[]) => [...rows[0]!]
    return {
      blurred: relative(heldSeen, held),
      tikhonov: relative(start, held),
      tv: relative(total, held),
      learned: relative(learned, held),
      example: { truth: show(held), seen: show(heldSeen), tikhonov: show(start), tv: show(total), learned: show(learned) },
    }
  },
  conclude: of => {
    const all = of('steps')
    const { example } = all[0]!
    const line = (name: string, values: readonly number[]) => ({ name, points: values.map((v, i) => [i, v] as const) })
    return {
      claims: [
        ...means(all, {
          'deblurring: error of learned post-processing / Tikhonov': r => r.learned / r.tikhonov,
          'deblurring: error of total variation / Tikhonov': r => r.tv / r.tikhonov,
          'deblurring: error of learned post-processing / total variation': r => r.learned / r.tv,
        }),
      ],
      plots: [
        {
          caption: 'One signal of the test set.',
          svg: plot(
            [
              line('truth', example.truth),
              line('seen', example.seen),
              line('Tikhonov', example.tikhonov),
              line('total variation', example.tv),
              line('learned', example.learned),
            ],
            { x: 'sample', y: 'value', title: 'Deblurring' },
          ),
        },
      ],
    }
  },
})

/** Where no precision is enough. */
export const limits = part({
  name: 'limits',
  about:
    'min ‖x‖₁ subject to x₁ + (1 + δ)x₂ = 1: the solution jumps by 1 as δ changes its sign, so an algorithm that reads δ to any fixed precision is wrong by half for some δ. Rounding to single precision makes δ = ±10⁻⁹ both 0.',
  arms: ['exact'],
  config: () => ({ seeds: 1 }),
  seconds: () => 0.01,
  run: () =>
    Array.from({ length: 52 }, (_, i) => {
      const d = 2 ** -(i + 1)
      const [above, below] = [basisPursuit(d)[0]!, basisPursuit(-d)[0]!]
      return {
        d,
        jump: Math.max(Math.abs(above[0] - below[0]), Math.abs(above[1] - below[1])),
        single: Math.sign(Math.fround(1 + d) - 1),
        feasible: Math.abs(above[0] + (1 + d) * above[1] - 1),
      }
    }),
  conclude: of => {
    const rows = of('exact')[0]!
    return {
      claims: [
        exact('limits: smallest jump of the solution over δ = ±2⁻¹ … ±2⁻⁵²', Math.min(...rows.map(r => r.jump))),
        exact('limits: largest failure of the constraint', Math.max(...rows.map(r => r.feasible))),
        exact('limits: solvers in single precision see δ = 2⁻²⁵ as', rows[24]!.single),
      ],
    }
  },
})
