import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TensorError } from '../error.ts'
import { createArena } from '../node/kernel.ts'
import { adam, axpy, clamp, firstNonFinite, lerp, power, scale, sgd, sumOfSquares } from './passes.ts'

const arena = await createArena(8 << 20)
const f = Math.fround

/** Lengths around the vector width and starts off any alignment but an element's. */
const slice = fc.record({ length: fc.nat(70), offset: fc.nat(7), seed: fc.nat(2 ** 30) })
/** A slice of normals times `spread` at `offset` in the arena, with guards around it that must stay. */
function make({ length, offset, seed }: { length: number; offset: number; seed: number }, tag: number, spread = 1): Float32Array {
  const all = arena.f32(length + offset + 8)
  const view = all.subarray(offset, offset + length)
  arena.call.fillNormal(view.byteOffset, length, seed, tag, 0)
  for (let i = 0; i < length; i++) view[i]! *= spread
  all.fill(GUARD, 0, offset).fill(GUARD, offset + length)
  guards.push(all.subarray(0, offset), all.subarray(offset + length))
  return view
}
const GUARD = 12345
const guards: Float32Array[] = []
function property(run: (place: { length: number; offset: number; seed: number }) => void) {
  fc.assert(
    fc.property(slice, place => {
      const mark = arena.mark()
      guards.length = 0
      run(place)
      for (const guard of guards) expect(guard.every(x => x === GUARD)).toBe(true)
      arena.release(mark)
    }),
  )
}
const near = (got: Float32Array, want: ArrayLike<number>, relative: number, absolute = 0) => {
  for (let i = 0; i < got.length; i++) {
    expect(Math.abs(got[i]! - want[i]!), `element ${i}: ${got[i]} for ${want[i]}`).toBeLessThanOrEqual(
      relative * Math.abs(want[i]!) + absolute,
    )
  }
}

describe('linear passes are their f32 formulas exactly', () => {
  test('scale, axpy, lerp', () => {
    property(place => {
      const [y, x] = [make(place, 1), make(place, 2)]
      const [y0, x0] = [y.slice(), x.slice()]
      scale(arena, y, 0.3)
      expect(y).toEqual(y0.map(v => f(v * f(0.3))))
      const y1 = y.slice()
      axpy(arena, y, -1.7, x)
      expect(y).toEqual(y1.map((v, i) => f(v + f(x0[i]! * f(-1.7)))))
      const y2 = y.slice()
      lerp(arena, y, x, 0.01)
      expect(y).toEqual(y2.map((v, i) => f(v + f(f(x0[i]! - v) * f(0.01)))))
      expect(x).toEqual(x0)
    })
  })
})

test('clamp holds to ± the bound; NaN stays', () => {
  property(place => {
    const y = make(place, 1)
    if (y.length > 0) y[place.seed % y.length] = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0.7][place.seed % 4]!
    const want = y.map(v => Math.min(Math.max(v, -f(0.7)), f(0.7)))
    clamp(arena, y, 0.7)
    expect(y).toEqual(want)
  })
  expect(() => clamp(arena, arena.f32(1), -1)).toThrow('clamp: the bound is a number from 0, not -1')
})

describe('sums of squares', () => {
  test('agree with f64 to its rounding, at any length and start', () => {
    property(place => {
      const x = make(place, 1, 1e3)
      const want = x.reduce((s, v) => s + v * v, 0)
      expect(Math.abs(sumOfSquares(arena, x) - want)).toBeLessThanOrEqual(1e-14 * want)
    })
  })
  test.each([1, 63, 64, 65, 1023, 1024, 1025, 16 * 64, 99_991, 1 << 18])('count ones exactly: %i', n => {
    const mark = arena.mark()
    expect(sumOfSquares(arena, arena.f32(n).fill(1))).toBe(n)
    arena.release(mark)
  })
  test('are finite exactly if every element is', () => {
    property(place => {
      const x = make(place, 1, 3e37)
      if (x.length > 0) x[place.seed % x.length] = 3.4e38
      expect(Number.isFinite(sumOfSquares(arena, x))).toBe(true)
      if (x.length === 0) return
      for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
        x[place.seed % x.length] = bad
        expect(Number.isFinite(sumOfSquares(arena, x))).toBe(false)
      }
    })
  })
  test('lose nothing where f32 would: 2^24 and 2^12 ones', () => {
    const x = arena.f32(4097).fill(1)
    x[4000] = 2 ** 24
    expect(sumOfSquares(arena, x)).toBe(2 ** 48 + 4096)
  })
})

test('the first element that is not finite is found', () => {
  property(place => {
    const x = make(place, 1)
    expect(firstNonFinite(arena, x)).toBe(-1)
    if (x.length === 0) return
    const [at, later] = [place.seed % x.length, (place.seed >>> 8) % x.length]
    x[Math.max(at, later)] = Number.NaN
    x[Math.min(at, later)] = Number.NEGATIVE_INFINITY
    expect(firstNonFinite(arena, x)).toBe(Math.min(at, later))
  })
})

/** Everything in f64, as PyTorch documents its optimisers. */
const reference = {
  sgd(
    p: number[],
    g: number[],
    b: number[],
    o: { lr: number; k: number; decay: number; l2: number; mu: number; tau: number; nesterov: boolean },
  ) {
    for (let i = 0; i < p.length; i++) {
      const grad = o.k * g[i]! + o.l2 * p[i]!
      b[i] = o.mu * b[i]! + (1 - o.tau) * grad
      const d = o.mu === 0 ? grad : o.nesterov ? grad + o.mu * b[i]! : b[i]!
      p[i] = p[i]! * (1 - o.lr * o.decay) - o.lr * d
    }
  },
  // biome-ignore format: one line an argument list
  adam(p: number[], g: number[], m: number[], v: number[], t: number, o: { lr: number; k: number; decay: number; l2: number; beta1: number; beta2: number; epsilon: number }) {
    for (let i = 0; i < p.length; i++) {
      const grad = o.k * g[i]! + o.l2 * p[i]!
      m[i] = o.beta1 * m[i]! + (1 - o.beta1) * grad
      v[i] = o.beta2 * v[i]! + (1 - o.beta2) * grad * grad
      const mean = m[i]! / (1 - o.beta1 ** t)
      const square = v[i]! / (1 - o.beta2 ** t)
      p[i] = p[i]! * (1 - o.lr * o.decay) - (o.lr * mean) / (Math.sqrt(square) + o.epsilon)
    }
  },
}

describe('sgd', () => {
  test.each([
    { mu: 0, tau: 0, nesterov: false, decay: 0, l2: 0, k: 1 },
    { mu: 0, tau: 0, nesterov: false, decay: 0.1, l2: 0.01, k: 0.5 },
    { mu: 0.9, tau: 0, nesterov: false, decay: 0, l2: 0.02, k: 1 },
    { mu: 0.9, tau: 0.5, nesterov: false, decay: 0.1, l2: 0, k: 2 },
    { mu: 0.8, tau: 0, nesterov: true, decay: 0.1, l2: 0.03, k: 0.25 },
  ])('follows f64 over ten steps: %o', o => {
    property(place => {
      const [p, b] = [make(place, 1), make(place, 2, 0)]
      const [want, buffer] = [[...p], [...b]]
      const options = {
        lr: 0.1,
        gradientScale: o.k,
        weightDecay: o.decay,
        l2: o.l2,
        momentum: o.mu,
        dampening: o.tau,
        nesterov: o.nesterov,
      }
      for (let t = 0; t < 10; t++) {
        const g = make(place, 10 + t)
        sgd(arena, p, g, o.mu === 0 ? undefined : b, options)
        reference.sgd(want, [...g], buffer, { ...o, lr: 0.1 })
      }
      near(p, want, 1e-6, 2e-6)
      if (o.mu !== 0) near(b, buffer, 1e-6, 2e-6)
    })
  })
  test('one step is −lr·g to the last bit', () => {
    const [p, g] = [arena.f32(5), Float32Array.of(1, -2, 3, 0.1, 7)]
    const grad = arena.f32(5)
    grad.set(g)
    sgd(arena, p, grad, undefined, { lr: 0.1 })
    expect(p).toEqual(g.map(x => -f(x * f(0.1))))
  })
})

describe('adam', () => {
  test.each([
    { decay: 0, l2: 0, k: 1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    { decay: 0.1, l2: 0, k: 0.3, beta1: 0.9, beta2: 0.95, epsilon: 1e-8 },
    { decay: 0, l2: 0.05, k: 1, beta1: 0, beta2: 0.99, epsilon: 1e-3 },
  ])('follows f64 over twenty steps: %o', o => {
    property(place => {
      const [p, m, v] = [make(place, 1), make(place, 2, 0), make(place, 3, 0)]
      const [want, mean, square] = [[...p], [...m], [...v]]
      const { k: gradientScale, decay: weightDecay, ...rest } = o
      for (let step = 1; step <= 20; step++) {
        const g = make(place, 10 + step)
        adam(arena, p, g, m, v, { ...rest, gradientScale, weightDecay, lr: 0.01, step })
        reference.adam(want, [...g], mean, square, step, { ...o, lr: 0.01 })
      }
      near(p, want, 2e-6, 2e-6)
      near(m, mean, 1e-6, 1e-6)
      near(v, square, 4e-6)
    })
  })
  test('the first step is lr·sign(g), whatever the size of g', () => {
    const sizes = [1e-3, 1, 1e9, -5, 1e-9]
    const [p, g, m, v] = [arena.f32(5), arena.f32(5), arena.f32(5), arena.f32(5)]
    g.set(sizes)
    adam(arena, p, g, m, v, { lr: 0.01, step: 1, epsilon: 1e-16 })
    near(
      p,
      sizes.map(x => -0.01 * Math.sign(x)),
      1e-6,
    )
  })
  test('under a constant gradient every step is lr·sign(g)', () => {
    const [p, g, m, v] = [arena.f32(6), arena.f32(6).fill(-3), arena.f32(6), arena.f32(6)]
    for (let step = 1; step <= 1000; step++) adam(arena, p, g, m, v, { lr: 1e-3, step })
    near(p, Array(6).fill(1), 1e-4)
  })
  test('without gradients, weights decay by (1 − lr·λ)^t: rates that f32 could not hold as a factor', () => {
    const [p, g, m, v] = [arena.f32(4).fill(1), arena.f32(4), arena.f32(4), arena.f32(4)]
    for (let step = 1; step <= 20_000; step++) adam(arena, p, g, m, v, { lr: 1e-3, weightDecay: 1e-2, step })
    // The factor 1 − 1e-5 rounds to f32 with 0.1 % of error in the decay; here only p itself is rounded.
    near(p, Array(4).fill((1 - 1e-5) ** 20_000), 3e-4)
  })
  test('steps are counted from 1', () => {
    const x = arena.f32(1)
    for (const step of [0, 1.5, -1])
      expect(() => adam(arena, x, x, x, x, { lr: 1, step })).toThrow(`adam counts its steps from 1, got ${step}`)
  })
})

test('powers are those of pow to a few units in the last place', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(100_000), (x, n) => {
      const want = x ** n
      expect(Math.abs(power(x, n) - want)).toBeLessThanOrEqual(1e-10 * want + 1e-300)
    }),
  )
  expect([power(0, 0), power(0.9, 1), power(2, 10)]).toEqual([1, 0.9, 1024])
})

describe('what does not fit is refused', () => {
  const [own, other] = [arena.f32(4), new Float32Array(4)]
  test('arrays of different lengths', () => {
    expect(() => axpy(arena, own, 1, arena.f32(5))).toThrow('acc has 4 elements and x 5: they must be as many')
  })
  test('arrays that are not of the arena', () => {
    expect(() => lerp(arena, own, other, 0.5)).toThrow('x is not a view of this arena: allocate it with arena.f32')
    expect(() => adam(arena, own, own, own, other, { lr: 1, step: 1 })).toThrow('v is not a view of this arena')
    expect(() => sumOfSquares(arena, other)).toThrow(TensorError)
    expect([arena.owns(own), arena.owns(other)]).toEqual([true, false])
  })
  test('momentum without its buffer', () => {
    expect(() => sgd(arena, own, own, undefined, { lr: 1, momentum: 0.9 })).toThrow('sgd with momentum needs its buffer')
  })
})
