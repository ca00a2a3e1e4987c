import { compile, f32, interpreter, Key, mul, numbersOf, sin, type Tensor, type Tree } from '@dioramic/tensor'
import { expect, test } from 'vitest'
import { dot, fromRows } from '../algebra/matrix.ts'
import { uniforms } from '../algebra/random.ts'
import { coordinates, properOrthogonal, reconstructed, solveElliptic } from './parametric.ts'
import { bump, laplacian, sineSource } from './physics-informed.ts'

test('the Laplacian of what is known', async () => {
  const x = Float32Array.of(0.1, 0.4, 0.7)
  const y = Float32Array.of(0.2, 0.5, 0.3)
  const f = compile(
    (a: Tensor, b: Tensor) => ({
      sine: laplacian(c => c.map(t => sin(mul(t, Math.PI))).reduce((u, v) => mul(u, v)), [a, b]),
      source: sineSource([a, b]),
      cubic: laplacian(([t]) => mul(mul(t!, t!), t!), [a]),
    }),
    interpreter({ precision: 'f64' }),
  )
  const { sine, source, cubic } = await f(f32(x), f32(y))
  for (let i = 0; i < 3; i++) {
    expect(numbersOf(sine)[i]! + numbersOf(source)[i]!).toBeCloseTo(0, 5)
    expect(numbersOf(cubic)[i]).toBeCloseTo(6 * x[i]!, 6)
  }
})

test('the bump is 0 on the boundary', async () => {
  const { params, field } = bump(2, 8, Key.fromSeed(1))
  const u = compile((p: Tree<Tensor>, a: Tensor, b: Tensor) => field(p, [a, b]), interpreter())
  expect([...numbersOf(await u(params, f32([0, 1, 0.5, 0.3]), f32([0.5, 0.2, 0, 1])))].map(Math.abs)).toEqual([0, 0, 0, 0])
})

test('the elliptic solver: exact for a = 1, second order for others', () => {
  const u = solveElliptic([], 9)
  u.forEach((v, i) => {
    const x = (i + 1) / 10
    expect(v).toBeCloseTo((x * (1 - x)) / 2, 12)
  })
  const y = [0.7, -0.4, 0.9]
  const middle = (n: number) => solveElliptic(y, n)[(n - 1) / 2]!
  const [a, b, c] = [middle(31), middle(63), middle(127)]
  expect((a - b) / (b - c)).toBeGreaterThan(3.5)
  expect((a - b) / (b - c)).toBeLessThan(4.5)
  expect(() => solveElliptic([-9], 9)).toThrow('must be positive')
})

test('a basis of snapshots gives them back, its modes are orthonormal and its values fall fast', () => {
  const key = Key.fromSeed(2)
  const rows = Array.from({ length: 40 }, (_, i) =>
    solveElliptic(
      uniforms(key.fork(i), 4).map(v => 2 * v - 1),
      50,
    ),
  )
  const pod = properOrthogonal(fromRows(rows))
  const mode = (k: number) => pod.basis.data.subarray(k * 50, (k + 1) * 50)
  expect(dot(mode(0), mode(0))).toBeCloseTo(1, 8)
  expect(dot(mode(0), mode(2))).toBeCloseTo(0, 6)
  expect(pod.singularValues[8]! / pod.singularValues[0]!).toBeLessThan(1e-3)
  const again = reconstructed(pod, coordinates(pod, rows[3]!, 12))
  again.forEach((v, i) => {
    expect(Math.abs(v - rows[3]![i]!)).toBeLessThan(1e-4)
  })
})
