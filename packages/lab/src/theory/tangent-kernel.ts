import {
  descend,
  empiricalKernel,
  limitKernel,
  logSlope,
  type Matrix,
  matrix,
  norm,
  normals,
  symmetricEigen,
  twoLayer,
} from '@dioramic/learn/theory'
import { type Key, plot } from '@dioramic/tensor'
import { mean, meanOf } from '../evidence.ts'
import { part } from '../experiment.ts'

/** n points on the unit sphere of R^d. */
function sphere(n: number, d: number, key: Key): Matrix {
  const x = matrix(n, d, normals(key, n * d))
  for (let i = 0; i < n; i++) {
    const row = x.data.subarray(i * d, (i + 1) * d)
    row.set(row.map(v => v / norm(row)))
  }
  return x
}

const off = (a: Matrix, b: Matrix): number => norm(a.data.map((v, i) => v - b.data[i]!)) / norm(b.data)

/** Kernels of two-layer networks of growing width against the kernel of infinite width. */
export const tangentKernelPart = part({
  name: 'tangent-kernel',
  about:
    'The neural tangent kernel of two-layer ReLU networks on 16 points of the sphere in R⁵: its distance to the closed form of infinite width at the start, which falls like width^(−½), and how far gradient descent to a fifth of the residual moves it. That is at most of order width^(−½) (Jacot et al. 2018) and on average of order 1/width (Dyer & Gur-Ari 2020); units that ReLU switches on and off add a fluctuation of order width^(−¾).',
  arms: ['relu'],
  config: quick => ({
    seeds: 10,
    nets: 4,
    widths: quick ? [64, 128, 256, 512, 1024, 2048] : [64, 128, 256, 512, 1024, 2048, 4096, 8192],
    points: 16,
    inputs: 5,
  }),
  seconds: ({ widths }) => widths.at(-1)! / 1600,
  run: ({ config: { widths, nets, points, inputs }, key }) => {
    const x = sphere(points, inputs, key.fork('x'))
    const y = normals(key.fork('y'), points)
    const limit = limitKernel(x)
    const rate = 1 / symmetricEigen(limit).values.at(-1)!
    return widths.map(width => {
      const net = twoLayer(width, inputs, key.fork('net').fork(width))
      const before = empiricalKernel(net, x)
      const first = norm(descend(net, x, y, rate))
      let steps = 1
      while (steps < 400 && norm(descend(net, x, y, rate)) > 0.2 * first) steps++
      const errors = Array.from({ length: nets }, (_, i) =>
        off(empiricalKernel(twoLayer(width, inputs, key.fork('error').fork(width).fork(i)), x), limit),
      )
      return { width, error: meanOf(errors), drift: off(empiricalKernel(net, x), before), steps }
    })
  },
  conclude: (of, { widths }) => {
    const all = of('relu')
    const slope = (f: (r: (typeof all)[number][number]) => number) => all.map(rows => logSlope(widths, rows.map(f)))
    const curve = (f: (r: (typeof all)[number][number]) => number) =>
      widths.map((w, i) => [w, meanOf(all.map(rows => f(rows[i]!)))] as const)
    return {
      claims: [
        mean(
          'tangent kernel: slope of the error over width',
          slope(r => r.error),
        ),
        mean(
          'tangent kernel: slope of the drift over width',
          slope(r => r.drift),
        ),
      ],
      plots: [
        {
          caption: 'Relative distances in the Frobenius norm, means over seeds.',
          svg: plot(
            [
              { name: 'error at the start', points: curve(r => r.error) },
              { name: 'drift in training', points: curve(r => r.drift) },
            ],
            { x: 'width', y: 'relative distance', logX: true, logY: true, title: 'Neural tangent kernel' },
          ),
        },
      ],
    }
  },
})
