import { beforeAll, describe, expect, it } from 'vitest'
import type { Arena } from '../kernel/arena.ts'
import { createArena } from '../node/kernel.ts'
import { Key } from '../random/key.ts'
import { fillNormal } from '../random/philox.ts'
import { adafactor, adam, adamw, chain, clipByGlobalNorm, freeze, type Method, noDecay, scaleUpdates, sgd } from './index.ts'

let arena: Arena
beforeAll(async () => {
  arena = await createArena(1 << 22)
})

const methods: Record<string, Method> = {
  sgd: sgd({ lr: 0.1 }),
  'sgd with l2 and decay': sgd({ lr: 0.1, l2: 0.05, weightDecay: 0.02 }),
  momentum: sgd({ lr: 0.1, momentum: 0.9, dampening: 0.1 }),
  nesterov: sgd({ lr: 0.1, momentum: 0.9, nesterov: true }),
  adam: adam({ lr: 0.01, betas: [0.8, 0.95], epsilon: 1e-6, l2: 0.1 }),
  adamw: adamw({ lr: 0.01, weightDecay: 0.1 }),
  adafactor: adafactor({ lr: 0.02 }),
  'adafactor, relative': adafactor({ lr: 0.5, relative: 1e-3, weightDecay: 0.01, clip: 0.7 }),
}

const random = (n: number, name: string): Float32Array => {
  const out = new Float32Array(n)
  fillNormal(out, Key.fromSeed(7).fork(name).words)
  return out
}

describe('every method, by the kernel and in double precision', () => {
  for (const [name, method] of Object.entries(methods))
    for (const [shape, stack] of [
      [[37], 1],
      [[5, 6], 1],
      [[3, 4, 5], 3],
      [[3, 7], 3],
    ] as const)
      it(`${name} on [${shape}]`, () => {
        const n = shape.reduce((a, b) => a * b, 1)
        const lengths = Object.entries(method.memory(shape, stack))
        const fast = {
          value: arena.f32(n),
          gradient: arena.f32(n),
          memory: Object.fromEntries(lengths.map(([k, m]) => [k, arena.f32(m)])),
          shape,
          stack,
        }
        fast.value.set(random(n, 'p'))
        const slow = {
          value: Float64Array.from(fast.value),
          gradient: new Float64Array(n),
          memory: Object.fromEntries(lengths.map(([k, m]) => [k, new Float64Array(m)])),
          shape,
          stack,
        }
        for (let step = 1; step <= 25; step++) {
          const g = random(n, `g${step}`)
          fast.gradient.set(g)
          slow.gradient.set(g)
          const at = { step, lr: method.lr(step - 1), weightDecay: method.weightDecay * 0.5, gradientScale: 0.7 }
          method.pass(arena, fast, at)
          method.reference(slow, at)
        }
        for (let i = 0; i < n; i++) expect(Math.abs(fast.value[i]! - slow.value[i]!), `element ${i}`).toBeLessThan(2e-5)
      })
})

describe('closed forms', () => {
  const one = (method: Method, p: number, gs: readonly number[], weightDecay = method.weightDecay): number => {
    const target = {
      value: Float64Array.of(p),
      gradient: new Float64Array(1),
      memory: Object.fromEntries(Object.entries(method.memory([1], 1)).map(([k, n]) => [k, new Float64Array(n)])),
      shape: [1],
      stack: 1,
    }
    gs.forEach((g, i) => {
      target.gradient[0] = g
      method.reference(target, { step: i + 1, lr: method.lr(i), weightDecay, gradientScale: 1 })
    })
    return target.value[0]!
  }

  it('Adam moves by the rate against the sign of the first gradient, whatever its size', () => {
    expect(one(adam({ lr: 0.1, epsilon: 0 }), 1, [1e-4])).toBeCloseTo(0.9, 12)
    expect(one(adam({ lr: 0.1, epsilon: 0 }), 1, [-3e4])).toBeCloseTo(1.1, 12)
  })
  it('Adam under a constant gradient moves by the rate each time', () => {
    expect(one(adam({ lr: 0.1, epsilon: 0 }), 1, [2, 2, 2, 2])).toBeCloseTo(0.6, 12)
  })
  it('decoupled decay shrinks geometrically where there is no gradient; L2 does not in Adam', () => {
    expect(one(adamw({ lr: 0.1, weightDecay: 0.5 }), 8, [0, 0, 0])).toBeCloseTo(8 * 0.95 ** 3, 12)
  })
  it('momentum under a constant gradient g moves by lr·g·(1, 1.5, 1.75)', () => {
    expect(one(sgd({ lr: 1, momentum: 0.5 }), 0, [1, 1, 1])).toBeCloseTo(-4.25, 12)
    // Nesterov: g + μ·b with b = 1, 1.5, 1.75.
    expect(one(sgd({ lr: 1, momentum: 0.5, nesterov: true }), 0, [1, 1, 1])).toBeCloseTo(-(1.5 + 1.75 + 1.875), 12)
  })
  it('Adafactor of a matrix of rank one in its squares divides it to ±1 at the first update', () => {
    const method = adafactor({ lr: 0.25 })
    const target = {
      value: new Float64Array(6),
      gradient: Float64Array.of(1, -2, 3, 2, 4, -6),
      memory: { row: new Float64Array(2), column: new Float64Array(3) },
      shape: [2, 3],
      stack: 1,
    }
    method.reference(target, { step: 1, lr: 0.25, weightDecay: 0, gradientScale: 1 })
    for (const [i, sign] of [-1, 1, -1, -1, -1, 1].entries()) expect(target.value[i]).toBeCloseTo(0.25 * sign, 9)
  })
})

describe('chain', () => {
  it('multiplies factors and joins what is frozen', () => {
    const rule = chain(
      clipByGlobalNorm(2),
      adamw({ lr: 1 }),
      noDecay(),
      scaleUpdates(p => (p.startsWith('a') ? { lr: 0.5, decay: 2 } : {})),
      freeze('c', p => p.endsWith('z')),
    )
    expect(rule.clipNorm).toBe(2)
    expect(rule.factors('a/w')).toEqual({ lr: 0.5, decay: 2, stack: 1 })
    expect(rule.factors('a/b')).toEqual({ lr: 0.5, decay: 0, stack: 1 })
    expect(['c', 'c/w', 'cc', 'x/z'].map(rule.frozen)).toEqual([true, true, false, true])
  })
  it('wants one method, and each setting once', () => {
    expect(() => chain(clipByGlobalNorm(1))).toThrow(/one method/)
    expect(() => chain(sgd({ lr: 1 }), clipByGlobalNorm(1), clipByGlobalNorm(2))).toThrow(/clipNorm is given 2 times/)
    expect(() => clipByGlobalNorm(0)).toThrow(/above 0/)
  })
})
