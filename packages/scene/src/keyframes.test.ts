import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { numberAt, quatAt, vec3At } from './keyframes.ts'
import { fromAxisAngle, type Quat } from './maths/quat.ts'
import type { PlainKeyframes } from './schema/animated.ts'

const track = <T>(keys: [number, T][], interpolation: PlainKeyframes<T>['interpolation'] = 'linear'): PlainKeyframes<T> => ({
  keys,
  interpolation,
})

test('a constant is itself at all times', () => {
  expect(numberAt(3, 1e9)).toBe(3)
  expect(vec3At([1, 2, 3], -5)).toEqual([1, 2, 3])
  expect(quatAt([0, 0, 0, 1], 0)).toEqual([0, 0, 0, 1])
})

describe('numbers', () => {
  const keys: [number, number][] = [
    [0, 10],
    [1, 20],
    [3, 0],
  ]
  test('linear, held outside', () => {
    const t = track(keys)
    expect([-1, 0, 0.25, 1, 2, 3, 9].map(x => numberAt(t, x))).toEqual([10, 10, 12.5, 20, 10, 0, 0])
  })
  test('step holds until the next key, and takes it at its very time', () => {
    const t = track(keys, 'step')
    expect([-1, 0, 0.999, 1, 2.999, 3, 9].map(x => numberAt(t, x))).toEqual([10, 10, 10, 20, 20, 0, 0])
  })
  test('smooth leaves and arrives at rest', () => {
    const t = track(keys, 'smooth')
    expect(numberAt(t, 0.5)).toBe(15)
    expect(numberAt(t, 0.25)).toBeCloseTo(10 + 10 * (3 * 0.0625 - 2 * 0.015625), 12)
    expect(Math.abs(numberAt(t, 1e-4) - 10)).toBeLessThan(1e-6)
  })
  test('one key is a constant', () => {
    for (const x of [-1, 2, 5]) expect(numberAt(track([[2, 7]]), x)).toBe(7)
  })
})

test('any track passes through its keys and stays between neighbours', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 20 }),
      fc.constantFrom('linear', 'step', 'smooth' as const),
      fc.double({ min: -1.2, max: 1.2, noNaN: true }),
      (raw, interpolation, at) => {
        const times = [...raw].sort((a, b) => a - b).map(t => t / 1000)
        const t = track(
          times.map((x, i): [number, number] => [x, ((i * 7919) % 13) - 6]),
          interpolation,
        )
        for (const [x, v] of t.keys) expect(numberAt(t, x)).toBeCloseTo(v, 12)
        const next = times.findIndex(x => x > at)
        const i = next < 0 ? times.length - 1 : next
        const around = [t.keys[Math.max(0, i - 1)]![1], t.keys[i]![1]]
        expect(numberAt(t, at)).toBeGreaterThanOrEqual(Math.min(...around) - 1e-12)
        expect(numberAt(t, at)).toBeLessThanOrEqual(Math.max(...around) + 1e-12)
      },
    ),
  )
})

test('vectors go component by component', () => {
  const t = track<readonly [number, number, number]>([
    [0, [0, 0, 0]],
    [2, [2, -4, 8]],
  ])
  expect(vec3At(t, 0.5)).toEqual([0.5, -1, 2])
})

test('rotations slerp: half way through a quarter turn is an eighth, and speed is even', () => {
  const a = fromAxisAngle([0, 0, 1], 0)
  const b = fromAxisAngle([0, 0, 1], Math.PI / 2)
  const t = track<Quat>([
    [0, a],
    [1, b],
  ])
  for (const x of [0, 0.1, 0.25, 0.5, 0.8, 1]) {
    const q = quatAt(t, x)
    const expected = fromAxisAngle([0, 0, 1], (Math.PI / 2) * x)
    for (const [i, v] of q.entries()) expect(v).toBeCloseTo(expected[i]!, 12)
  }
})

describe('cubic keyframes', () => {
  test('through a cubic’s values and slopes go through the cubic', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 4, maxLength: 4 }),
        fc.double({ min: 0, max: 2, noNaN: true }),
        (c, t) => {
          const f = (x: number) => c[0]! + x * (c[1]! + x * (c[2]! + x * c[3]!))
          const slope = (x: number) => c[1]! + x * (2 * c[2]! + 3 * x * c[3]!)
          const times = [0, 0.7, 2]
          const curve = {
            keys: times.map((x): [number, number] => [x, f(x)]),
            interpolation: 'cubic' as const,
            tangents: times.map((x): [number, number] => [slope(x), slope(x)]),
          }
          expect(numberAt(curve, t)).toBeCloseTo(f(t), 10)
          expect(
            vec3At(
              {
                ...curve,
                keys: curve.keys.map(([x, v]) => [x, [v, 2 * v, -v]]),
                tangents: curve.tangents.map(([a]) => [
                  [a, 2 * a, -a],
                  [a, 2 * a, -a],
                ]),
              },
              t,
            )[1],
          ).toBeCloseTo(2 * f(t), 9)
        },
      ),
    )
  })

  test('rotations stay unit, and the values outside are held', () => {
    const key = (angle: number): [number, number, number, number] => [0, 0, Math.sin(angle / 2), Math.cos(angle / 2)]
    const curve = {
      keys: [
        [0, key(0)],
        [1, key(2)],
      ] as [number, Quat][],
      interpolation: 'cubic' as const,
      tangents: [
        [
          [0, 0, 0.5, 0],
          [0, 0, 0.5, 0],
        ],
        [
          [0, 0, 0.3, -0.4],
          [0, 0, 0.3, -0.4],
        ],
      ] as [Quat, Quat][],
    }
    for (const t of [0.1, 0.5, 0.9]) expect(Math.hypot(...quatAt(curve, t))).toBeCloseTo(1, 12)
    expect(quatAt(curve, 5)).toEqual(key(2))
    expect(quatAt(curve, -5)).toEqual(key(0))
  })
})
