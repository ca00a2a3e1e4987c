import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Key, threefry2x32 } from './key.ts'
import { length } from './maths/vec3.ts'

const hex = (w: readonly [number, number]) => w.map(x => x.toString(16).padStart(8, '0')).join(' ')

/** Upper 99.99 % point of χ² with n degrees of freedom (Wilson–Hilferty). */
const chi2Bound = (n: number) => n * (1 - 2 / (9 * n) + 3.719 * Math.sqrt(2 / (9 * n))) ** 3
function chi2(counts: readonly number[]): number {
  const expected = counts.reduce((a, b) => a + b, 0) / counts.length
  return counts.reduce((s, c) => s + (c - expected) ** 2 / expected, 0)
}

test('Threefry-2x32-20 gives the known answers of Random123', () => {
  expect(hex(threefry2x32(0, 0, 0, 0))).toBe('6b200159 99ba4efe')
  expect(hex(threefry2x32(0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff))).toBe('1cb996fc bb002be7')
  expect(hex(threefry2x32(0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3))).toBe('c4923a9c 483df7a0')
})

describe('seeds', () => {
  test('0 is a seed like any other', () => {
    const key = Key.fromSeed(0)
    expect(key.words).not.toEqual([0, 0])
    expect(key.words).not.toEqual(Key.fromSeed(1).words)
    expect(key.uniform()).toBeGreaterThan(0)
  })

  test('all safe integers differ, above 2^32 too', () => {
    const seen = new Set<string>()
    const seeds = [0, 1, 2, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 33, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER - 1]
    for (const s of seeds) seen.add(hex(Key.fromSeed(s).words))
    expect(seen.size).toBe(seeds.length)
  })

  test.each([-1, 0.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY])('%s is refused', seed => {
    expect(() => Key.fromSeed(seed)).toThrow(`seed must be an integer from 0 to 2^53-1, got ${seed}`)
  })
})

describe('fork', () => {
  const root = Key.fromSeed(7)

  test('the same name gives the same key, whatever was drawn before', () => {
    fc.assert(
      fc.property(fc.string(), name => {
        const before = root.fork(name).words
        root.uniform()
        root.fork('other').normal()
        expect(root.fork(name).words).toEqual(before)
      }),
    )
  })

  test('a million names and indices have a million keys', () => {
    const seen = new Set<number>()
    const add = (k: Key) => seen.add(k.words[0] * 2 ** 20 + (k.words[1] & 0xfffff))
    // 52 of the 64 bits: a chance collision has probability 1e12 / 2 / 2^52 = 1e-4.
    for (let i = 0; i < 500_000; i++) {
      add(root.fork(i))
      add(root.fork(`object-${i}`))
    }
    expect(seen.size).toBe(1_000_000)
  })

  test('names that look alike, their prefixes, order and indices do not meet', () => {
    const names = ['', 'a', 'b', 'aa', 'ab', 'ba', 'abc', 'a\0', '\0', '\0\0', '0', '1', 'é', 'e\u0301', '😀']
    const keys = [
      ...names.map(n => root.fork(n)),
      root.fork(0),
      root.fork(1),
      root.fork(97),
      root.fork('a').fork('b'),
      root.fork('b').fork('a'),
      root,
    ]
    expect(new Set(keys.map(k => hex(k.words))).size).toBe(keys.length)
  })

  test('is refused for what is no name', () => {
    for (const bad of [-1, 0.5, Number.NaN]) expect(() => root.fork(bad)).toThrow('forked by a name or an index')
  })

  test('forks are independent: pairs of neighbours fill the square evenly, bits do not correlate', () => {
    const cells = new Array<number>(256).fill(0)
    let flips = 0
    const n = 20_000
    for (let i = 0; i < n; i++) {
      const a = root.fork(i).uniform()
      const b = root.fork(i + 1).uniform()
      cells[Math.floor(a * 16) * 16 + Math.floor(b * 16)]!++
      let x = root.fork(i).bits() ^ root.fork(i + 1).bits()
      for (; x; x &= x - 1) flips++
    }
    expect(chi2(cells)).toBeLessThan(chi2Bound(255))
    // 32 n fair coins: five deviations.
    expect(Math.abs(flips - 16 * n)).toBeLessThan(5 * Math.sqrt(8 * n))
  })
})

describe('draws', () => {
  const keys = Key.fromSeed(11).times(40_000)

  test('uniform is uniform (χ², 100 cells) and in [0, 1)', () => {
    const cells = new Array<number>(100).fill(0)
    for (const k of keys) {
      const u = k.uniform()
      expect(u >= 0 && u < 1).toBe(true)
      cells[Math.floor(u * 100)]!++
    }
    expect(chi2(cells)).toBeLessThan(chi2Bound(99))
  })

  test('int reaches both ends, evenly', () => {
    const cells = new Array<number>(7).fill(0)
    for (const k of keys) cells[k.int(-3, 3) + 3]!++
    expect(chi2(cells)).toBeLessThan(chi2Bound(6))
    expect(Key.fromSeed(1).int(5, 5)).toBe(5)
  })

  test('shuffle: all 24 orders of four things come up equally often', () => {
    const counts = new Map<string, number>()
    for (const k of keys.slice(0, 12_000)) {
      const order = k.shuffle(['a', 'b', 'c', 'd']).join('')
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    expect(counts.size).toBe(24)
    expect(chi2([...counts.values()])).toBeLessThan(chi2Bound(23))
  })

  test('choice from an empty list is refused', () => {
    expect(() => Key.fromSeed(0).choice([])).toThrow('empty')
  })

  test('normal has mean 0, deviation 1 and the right share beyond 1 and 2', () => {
    const x = keys.map(k => k.normal())
    const n = x.length
    const mean = x.reduce((a, b) => a + b, 0) / n
    const variance = x.reduce((a, b) => a + b * b, 0) / n
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(n))
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / n))
    for (const [bound, p] of [
      [1, 0.31731],
      [2, 0.0455],
    ] as const) {
      const share = x.filter(v => Math.abs(v) > bound).length / n
      expect(Math.abs(share - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / n))
    }
  })

  test('direction is a unit vector, uniform by octant and height', () => {
    const octants = new Array<number>(8).fill(0)
    const heights = new Array<number>(20).fill(0)
    for (const k of keys) {
      const d = k.direction()
      expect(Math.abs(length(d) - 1)).toBeLessThan(1e-12)
      octants[(d[0] > 0 ? 1 : 0) + (d[1] > 0 ? 2 : 0) + (d[2] > 0 ? 4 : 0)]!++
      // Archimedes: z is uniform on a sphere.
      heights[Math.min(19, Math.floor((d[2] + 1) * 10))]!++
    }
    expect(chi2(octants)).toBeLessThan(chi2Bound(7))
    expect(chi2(heights)).toBeLessThan(chi2Bound(19))
  })

  test('rotation is a unit quaternion, uniform over SO(3)', () => {
    // The angle has density (1 − cos θ)/π: its distribution function is (θ − sin θ)/π.
    const cells = new Array<number>(20).fill(0)
    for (const k of keys) {
      const q = k.rotation()
      expect(Math.abs(q[0] ** 2 + q[1] ** 2 + q[2] ** 2 + q[3] ** 2 - 1)).toBeLessThan(1e-12)
      const angle = 2 * Math.acos(Math.min(1, Math.abs(q[3])))
      cells[Math.min(19, Math.floor(((angle - Math.sin(angle)) / Math.PI) * 20))]!++
    }
    expect(chi2(cells)).toBeLessThan(chi2Bound(19))
  })
})

test('the same words as ever', () => {
  const key = Key.fromSeed(42).fork('camera').fork(3)
  expect([hex(key.words), key.uniform(), key.normal(), key.rotation()]).toMatchInlineSnapshot(`
    [
      "9be24a39 6fe9fa05",
      0.18898598037593095,
      -0.16172835532457033,
      [
        -0.1819487292089153,
        -0.9764495318240868,
        -0.11502693025973904,
        0.014483682363389422,
      ],
    ]
  `)
})
