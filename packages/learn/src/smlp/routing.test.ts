import {
  f32,
  fillNormal,
  fillUniform,
  i64,
  interpret,
  Key,
  type NDArray,
  nn,
  numbersOf,
  spec,
  type Tensor,
  type Tree,
  trace,
  zeros,
} from '@dioramic/tensor'
import { describe, expect, test } from 'vitest'
import { balancedAssignment } from './assignment.ts'
import { capacityOf } from './capacity.ts'
import {
  balancedHash,
  balanceOf,
  baseRouter,
  denseRouter,
  gshardRouter,
  hashRouter,
  type Router,
  randomHash,
  switchRouter,
  tokenIds,
} from './index.ts'
import { assignSlots, droppedShare, fromSlots, loadOf, toSlots } from './slots.ts'

const key = Key.fromSeed(20220306)
const run = (f: (...x: Tensor[]) => Tree<Tensor>, ...inputs: NDArray[]): number[][] =>
  interpret(
    trace(
      f,
      inputs.map(a => spec(a.dtype === 'f64' ? 'f32' : a.dtype, a.shape)),
    ).graph,
    inputs,
  ).map(a => [...numbersOf(a)])
const context = (train: boolean, k?: Tensor) => new nn.Context({ train, key: k })

function normals(shape: readonly number[], name: string): NDArray {
  const data = new Float32Array(shape.reduce((a, b) => a * b, 1))
  fillNormal(data, key.fork(name).words)
  return f32(data, shape)
}

test('capacity: ⌊factor · choices · ⌈rows / experts⌉⌋', () => {
  expect(capacityOf(10, 4, { factor: 1 })).toBe(3)
  expect(capacityOf(10, 4, { factor: 1, choices: 2 })).toBe(6)
  expect(capacityOf(32, 4, { factor: 1.25 })).toBe(10)
  expect(() => capacityOf(10, 4, { factor: 0 })).toThrow(/capacity factor of 0 leaves 4 experts room for 0 of 10 rows/)
  expect(() => capacityOf(10, 0, { factor: 1 })).toThrow(/number of experts is a whole number from 1, not 0/)
})

describe('slots', () => {
  test('first come, first served: first choices of all rows before second ones', () => {
    // Row 0 wants 1 then 0, row 1 wants 1 then void, row 2 wants 1 then 0; room for two each.
    const expert = i64([
      [1, 1, 1],
      [0, 2, 0],
    ])
    const [slotOf, choiceOf, asked, dropped, load] = run(e => {
      const s = assignSlots(e, 2, 2)
      return [s.slotOf, s.choiceOf, s.asked, droppedShare(s), loadOf(s)]
    }, expert)
    expect(slotOf).toEqual([2, 3, 4, 0, 4, 1])
    expect(choiceOf).toEqual([3, 5, 0, 1])
    expect(asked).toEqual([2, 3])
    expect(dropped![0]).toBeCloseTo(1 / 5)
    expect(load![0]).toBeCloseTo(2 / 5)
  })

  test('there and back, every row that found room is itself and the others are zeros', () => {
    const x = normals([7, 3], 'there')
    const expert = i64([[0, 2, 0, 0, 2, 1, 3]])
    const [slots, back] = run(
      (x, e) => {
        const s = assignSlots(e, 3, 2)
        return [toSlots(x, s), fromSlots(toSlots(x, s), s)]
      },
      x,
      expert,
    )
    const rows = (i: number) => [...numbersOf(x)].slice(3 * i, 3 * i + 3)
    const none = [0, 0, 0]
    expect(slots).toEqual([rows(0), rows(2), rows(5), none, rows(1), rows(4)].flat())
    expect(back).toEqual([rows(0), rows(1), rows(2), none, rows(4), rows(5), none].flat())
  })
})

describe('balanced assignment', () => {
  test("the paper's example: greed would send all rows to the first expert", () => {
    const [expert] = balancedAssignment(
      f32([
        [5, 1],
        [4, 0],
        [3, 2.5],
        [2, 0],
      ]),
    )
    const list = [...numbersOf(expert)]
    expect(list).toEqual([0, 0, 1, 1])
  })

  test('as good as the best of all assignments, on random scores with ties', () => {
    let seed = 1
    for (const [rows, experts] of [
      [6, 2],
      [6, 3],
      [8, 4],
      [8, 2],
      [4, 4],
      [9, 3],
    ] as const)
      for (let trial = 0; trial < 12; trial++) {
        const scores = new Float32Array(rows * experts)
        fillUniform(scores, key.fork('scores').fork(seed++).words)
        if (trial % 3 === 0) for (let i = 0; i < scores.length; i++) scores[i] = Math.round(scores[i]! * 4)
        if (trial % 3 === 1) for (let i = 0; i < rows; i++) scores[i * experts]! += 2
        const [found] = balancedAssignment(f32(scores, [rows, experts]))
        const list = [...numbersOf(found)]
        for (let e = 0; e < experts; e++) expect(list.filter(v => v === e).length).toBe(rows / experts)
        const total = list.reduce((s, e, i) => s + scores[i * experts + e]!, 0)
        expect(total, `seed ${seed - 1}`).toBeCloseTo(bestTotal(scores, rows, experts), 5)
      }
  })

  test('a thousand rows that all want one expert: no circle of exchanges gains anything, so none is better', () => {
    const rows = 1024
    const experts = 8
    const scores = normals([rows, experts], 'crowd')
    const at = (row: number, e: number) => Number(scores.data[row * experts + e])
    for (let i = 0; i < rows; i++) (scores.data as Float32Array)[i * experts + 3]! += 5
    const expert = [...numbersOf(balancedAssignment(scores)[0])]
    for (let e = 0; e < experts; e++) expect(expert.filter(v => v === e).length).toBe(rows / experts)
    // The most that moving one row from a to b gains, then along any chain (Floyd & Warshall).
    const gain = Array.from({ length: experts }, (_, a) =>
      Array.from({ length: experts }, (_, b) =>
        Math.max(...expert.map((e, row) => (e === a ? at(row, b) - at(row, a) : Number.NEGATIVE_INFINITY))),
      ),
    )
    for (let k = 0; k < experts; k++)
      for (let a = 0; a < experts; a++) for (let b = 0; b < experts; b++) gain[a]![b] = Math.max(gain[a]![b]!, gain[a]![k]! + gain[k]![b]!)
    for (let e = 0; e < experts; e++) expect(gain[e]![e]!).toBeLessThan(1e-9)
  })

  test('what it refuses', () => {
    expect(() => balancedAssignment(f32(new Float32Array(10), [5, 2]))).toThrow(/5 rows do not divide into 2 experts/)
    expect(() =>
      balancedAssignment(
        f32([
          [1, 2],
          [Number.NaN, 0],
        ]),
      ),
    ).toThrow(/score of row 1 for expert 0 is NaN/)
  })
})

/** The best total over all balanced assignments, by trying them. */
function bestTotal(scores: Float32Array, rows: number, experts: number): number {
  const left = new Array<number>(experts).fill(rows / experts)
  const from = (row: number): number => {
    if (row === rows) return 0
    let best = Number.NEGATIVE_INFINITY
    for (let e = 0; e < experts; e++) {
      if (left[e] === 0) continue
      left[e]!--
      best = Math.max(best, scores[row * experts + e]! + from(row + 1))
      left[e]!++
    }
    return best
  }
  return from(0)
}

describe('routers', () => {
  const route = (router: Router, params: Record<string, NDArray>, x: NDArray, experts: number, train: boolean) => {
    const names = Object.keys(params)
    return run(
      (x, k, ...p) => {
        const r = router.route(Object.fromEntries(names.map((n, i) => [n, p[i]!])), x, { experts, context: context(train, k) })
        const s = assignSlots(r.expert, experts, r.capacity)
        return [r.expert, r.weight, s.slotOf, ...(r.balance ? [r.balance] : []), ...(r.probabilities ? [r.probabilities] : [])]
      },
      x,
      i64(key.toInt64(), [2]),
      ...names.map(n => params[n]!),
    )
  }
  const identity = f32([
    [1, 0],
    [0, 1],
  ])

  test('Switch on the example: P, f, the loss, and who is dropped at a capacity of 2', () => {
    const logits = f32([
      [1, 0],
      [2, 0],
      [0, 1],
      [1, 0],
    ])
    const [expert, weight, slotOf, balance, p] = route(switchRouter({ capacityFactor: 1, balance: 1 }), { w: identity }, logits, 2, true)
    expect(expert).toEqual([0, 0, 1, 0])
    expect(slotOf).toEqual([0, 1, 2, 4])
    expect(balance![0]).toBeCloseTo(1.152964, 6)
    const mean = [0, 1].map(e => [0, 1, 2, 3].reduce((s, i) => s + p![2 * i + e]!, 0) / 4)
    expect(mean[0]).toBeCloseTo(0.652964, 6)
    expect(mean[1]).toBeCloseTo(0.347036, 6)
    expect(weight![1]).toBeCloseTo(1 / (1 + Math.exp(-2)), 6)
    // Evaluation drops nobody.
    expect(route(switchRouter({ capacityFactor: 1 }), { w: identity }, logits, 2, false)[2]).toEqual([0, 1, 4, 2])
  })

  test('the balance loss is 1 where all is even and E where one expert has all', () => {
    const [even] = run((p, e) => balanceOf(p, e), f32(new Float32Array(16).fill(0.25), [4, 4]), i64([0, 1, 2, 3]))
    expect(even![0]).toBeCloseTo(1, 6)
    const [one] = run(
      (p, e) => balanceOf(p, e),
      f32([
        [1, 0, 0],
        [1, 0, 0],
      ]),
      i64([0, 0]),
    )
    expect(one![0]).toBeCloseTo(3, 6)
  })

  test('GShard: two experts, weights that add up to 1, the second kept as often as 2·g₂ says', () => {
    const rows = 4000
    const x = f32(
      Float32Array.from({ length: rows * 3 }, (_, i) => [2, 1, 0][i % 3]!),
      [rows, 3],
    )
    const eye = f32([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ])
    const [expert, weight] = route(gshardRouter({ capacityFactor: 3 }), { w: eye }, x, 3, true)
    const g2 = 1 / (1 + Math.E)
    expect(weight![0]! + weight![rows]!).toBeCloseTo(1, 6)
    expect(weight![rows]!).toBeCloseTo(g2, 6)
    expect(expert!.slice(0, rows).every(e => e === 0)).toBe(true)
    const second = expert!.slice(rows)
    expect(second.every(e => e === 1 || e === 3)).toBe(true)
    const kept = second.filter(e => e === 1).length / rows
    expect(Math.abs(kept - 2 * g2)).toBeLessThan(4 * Math.sqrt((2 * g2 * (1 - 2 * g2)) / rows))
    expect(
      route(gshardRouter(), { w: eye }, x, 3, false)[0]!
        .slice(rows)
        .every(e => e === 1),
    ).toBe(true)
    expect(() => gshardRouter().parameters(8, 1)).toThrow(/two experts; there is 1/)
  })

  test('BASE: exactly rows / experts each in training, the best of each row in evaluation', () => {
    const x = normals([32, 4], 'base')
    const w = normals([4, 4], 'base w')
    ;(w.data as Float32Array).forEach((v, i) => {
      if (i % 4 === 0) (w.data as Float32Array)[i] = 10 * v
    })
    const [trained] = route(baseRouter(), { w }, x, 4, true)
    for (let e = 0; e < 4; e++) expect(trained!.filter(v => v === e).length).toBe(8)
    const [greedy] = route(baseRouter(), { w }, x, 4, false)
    const affinity = (i: number, e: number) => [0, 1, 2, 3].reduce((s, k) => s + Number(x.data[4 * i + k]) * Number(w.data[4 * k + e]), 0)
    greedy!.forEach((e, i) => {
      expect([0, 1, 2, 3].every(o => affinity(i, e) >= affinity(i, o))).toBe(true)
    })
    expect(() => route(baseRouter(), { w }, normals([30, 4], 'odd'), 4, true)).toThrow(/4 experts equally many rows, which 30 are not/)
  })

  test('hash: tables are as even as they can be, and route by token', () => {
    const counts = [50, 20, 20, 10, 10, 5, 5]
    const table = balancedHash(counts, 2)
    const load = [0, 1].map(e => counts.reduce((s, n, i) => s + (table[i] === e ? n : 0), 0))
    expect(load).toEqual([60, 60])
    const random = randomHash(10, 3, key)
    expect([0, 1, 2].map(e => random.filter(v => v === e).length)).toEqual([4, 3, 3])
    expect(randomHash(10, 3, key)).toEqual(random)
    const ids = tokenIds()
    const [expert] = run(
      t => {
        const c = context(false)
        ids.apply({}, {}, t, c)
        return hashRouter({ ids, table }).route({}, zeros([6, 4]), { experts: 2, context: c }).expert
      },
      i64([
        [0, 1, 2],
        [3, 0, 0],
      ]),
    )
    expect(expert).toEqual([0, 1, 2, 3, 0, 0].map(t => table[t]))
    expect(() => hashRouter({ ids, table: [0, 2] }).parameters(4, 2)).toThrow(/sends token 1 to expert 2; there are 2/)
  })

  test('dense: every row to every expert', () => {
    const [expert, weight] = route(
      denseRouter(),
      { w: identity },
      f32([
        [1, 0],
        [0, 3],
      ]),
      2,
      true,
    )
    expect(expert).toEqual([0, 0, 1, 1])
    expect(weight![0]! + weight![2]!).toBeCloseTo(1, 6)
  })
})
