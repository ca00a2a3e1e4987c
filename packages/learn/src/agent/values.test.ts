// Closed forms of the update rules.
import { Key } from '@dioramic/tensor'
import { describe, expect, it } from 'vitest'
import { Agent } from './agent.ts'
import { Draws } from './draws.ts'
import { oneHot, vectors } from './features.ts'
import { learnEpisode } from './interact.ts'
import { solve } from './linear-solve.ts'
import { LinearModel } from './model/linear.ts'
import { TableModel } from './model/table.ts'
import { belief, kalman } from './perception/belief.ts'
import { identity } from './perception/identity.ts'
import { dyna } from './planner/dyna.ts'
import { onPolicyDyna } from './planner/on-policy-dyna.ts'
import { prioritisedSweeping } from './planner/sweeping.ts'
import { greedy, greedyProbabilities } from './policy/greedy.ts'
import { random } from './policy/random.ts'
import { Softmax } from './policy/softmax.ts'
import { LinearActionValues } from './value/linear-action-values.ts'
import { LinearValue } from './value/linear-value.ts'
import { Loop } from './worlds/loop.ts'
import { RandomWalk } from './worlds/random-walk.ts'

const step = (state: number, action: number, reward: number, next: number, terminal = false) => ({ state, action, reward, next, terminal })

describe('values', () => {
  it('the error of r = 1, γ = 0.9, v = 2, v′ = 3 is 1.7', () => {
    const v = new LinearValue(oneHot(2), { discount: 0.9, rate: 0.1 })
    v.weights.set([2, 3])
    expect(v.learn([step(0, 0, 1, 1)])[0]).toBeCloseTo(1.7, 12)
    expect(v.value(0)).toBeCloseTo(2.17, 12)
  })

  it('a first Dyna update gives 0.1, and planning hands 0.0095 to what led there', () => {
    const q = new LinearActionValues(oneHot(3), { actions: 1, discount: 0.95, rate: 0.1 })
    q.learn([step(1, 0, 1, 2, true)])
    expect(q.value(1, 0)).toBeCloseTo(0.1, 12)
    q.learn([{ ...step(0, 0, 0, 1), imagined: true }])
    expect(q.value(0, 0)).toBeCloseTo(0.0095, 12)
  })

  it('λ = 1 without discount gives every state of an episode the same part of its return', () => {
    const v = new LinearValue(oneHot(3), { discount: 1, rate: 0.5, trace: 1 })
    v.learn([step(0, 0, 0, 1)])
    v.learn([step(1, 0, 0, 2)])
    v.learn([step(2, 0, 1, 2, true)])
    expect([...v.weights]).toEqual([0.5, 0.5, 0.5])
  })

  it('imagined steps leave no traces', () => {
    const v = new LinearValue(oneHot(3), { discount: 1, rate: 1, trace: 1 })
    v.learn([{ ...step(0, 0, 0, 1), imagined: true }])
    v.learn([step(1, 0, 1, 2, true)])
    expect([...v.weights]).toEqual([0, 1, 0])
  })

  it('the five-state walk: within 0.05 of 1/6 … 5/6 after 100 episodes (mean of 20 runs)', async () => {
    let total = 0
    for (let run = 0; run < 20; run++) {
      const key = Key.fromSeed(run)
      const value = new LinearValue(oneHot(5), { discount: 1, rate: 0.05 })
      value.weights.fill(0.5)
      const world = new RandomWalk()
      const agent = new Agent({ perception: identity<number>(), policy: random<number>(world.actions), value }, key)
      for (let e = 0; e < 100; e++) await learnEpisode(agent, world, { key: key.fork(e) })
      total += Math.sqrt(value.weights.reduce((sum, w, i) => sum + (w - (i + 1) / 6) ** 2 / 5, 0))
    }
    expect(total / 20).toBeLessThan(0.05)
  })

  it('a loop that pays 0, 2 has an average reward of 1 and differential values 1 apart', async () => {
    const value = new LinearValue(oneHot(2), { discount: 1, rate: 0.1, averageRate: 0.01 })
    const world = new Loop([0, 2])
    const agent = new Agent({ perception: identity<number>(), policy: random<number>(world.actions), value }, Key.fromSeed(0))
    await learnEpisode(agent, world, { key: Key.fromSeed(1), limit: 20_000 })
    expect(value.average).toBeCloseTo(1, 2)
    expect(value.value(1) - value.value(0)).toBeCloseTo(1, 2)
  })

  it('expected Sarsa follows the policy: ε-greedy over (0, 1) with ε = 0.2 is worth 0.9', () => {
    const q = new LinearActionValues(oneHot(2), { actions: 2, discount: 1, rate: 1, follow: v => greedyProbabilities(v, 0.2) })
    q.weights.set([0, 0, 0, 1])
    q.learn([step(0, 0, 0, 1)])
    expect(q.value(0, 0)).toBeCloseTo(0.9, 12)
  })
})

describe('policies', () => {
  it('softmax: preferences (0, 0), action 0, δ = 1, α = 0.1 → (+0.05, −0.05)', () => {
    const policy = new Softmax(oneHot(1), { actions: 2, rate: 0.1 })
    policy.learn([step(0, 0, 1, 0)], [1])
    expect(policy.preferences[0]).toBeCloseTo(0.05, 12)
    expect(policy.preferences[1]).toBeCloseTo(-0.05, 12)
  })

  it('greedy breaks ties evenly and explores with probability ε', () => {
    const q = new LinearActionValues(oneHot(1), { actions: 4, discount: 1, rate: 1 })
    q.weights.set([1, 0, 1, 0])
    const draws = Draws.fromSeed(3)
    const counts = [0, 0, 0, 0]
    for (let i = 0; i < 40_000; i++) counts[greedy(q, 0.2).sample(0, draws) as number]!++
    const p = greedyProbabilities([1, 0, 1, 0], 0.2)
    expect([...p]).toEqual([0.45, 0.05, 0.45, 0.05])
    // 4 standard deviations
    counts.forEach((c, a) => {
      expect(Math.abs(c / 40_000 - p[a]!)).toBeLessThan(4 * Math.sqrt((p[a]! * (1 - p[a]!)) / 40_000))
    })
  })
})

describe('perception', () => {
  it('belief: (0.5, 0.5), no change, likelihoods (0.8, 0.2) → (0.8, 0.2)', () => {
    const filter = belief<number, number>({
      start: [0.5, 0.5],
      transition: (from, _a, to) => (from === to ? 1 : 0),
      emission: s => [0.8, 0.2][s]!,
    })
    expect(filter.perceive(null, null, 0)).toEqual([0.8, 0.2])
    const again = filter.perceive([0.8, 0.2], 0, 0) as readonly number[]
    expect(again[0]).toBeCloseTo(0.64 / 0.68, 12)
    const blind = belief<number, number>({ start: [1], transition: () => 1, emission: () => 0 })
    expect(() => blind.perceive(null, null, 7)).toThrow('none of the 1 states gives the observation 7')
  })

  it('Kalman: P = 1, R = 1 has a gain of ½', () => {
    const filter = kalman({ start: { mean: 0, variance: 1 }, decay: 1, control: 1, process: 0, measurement: 1 })
    expect(filter.perceive(null, null, 1)).toEqual({ mean: 0.5, variance: 0.5 })
  })
})

describe('planning', () => {
  it('Dyna-Q+ adds κ √τ: κ = 1e-3 and τ = 400 is 0.02; untried actions are imagined as staying', () => {
    const model = new TableModel({ actions: 2, curiosity: 1e-3 })
    model.learn([step(0, 0, 0, 1)])
    for (let i = 0; i < 400; i++) model.learn([step(1, 0, 0, 1)])
    expect(model.predict([0], [0])[0]!.reward).toBeCloseTo(0.02, 12)
    expect(model.predict([0], [1])[0]).toMatchObject({ next: 0, terminal: false })
    expect(() => new TableModel({ actions: 2 }).predict([0], [1])).toThrow('has not seen action 1 in state 0')
  })

  it('chain A → B → end: prioritised sweeping needs exactly two backups, and gets 0.9 and 1', () => {
    const q = new LinearActionValues(oneHot(3), { actions: 1, discount: 0.9, rate: 1 })
    const model = new TableModel({ actions: 1 })
    const planner = prioritisedSweeping({ model, value: q })
    const [first, second] = [step(0, 0, 0, 1), step(1, 0, 1, 2, true)]
    model.learn([first, second])
    planner.notice!(first, 0)
    planner.notice!(second, 0)
    const draws = Draws.fromSeed(0)
    let plans = 0
    while (planner.plan!(draws)) plans++
    expect(plans).toBe(2)
    expect(q.backups).toBe(2)
    expect([q.value(0, 0), q.value(1, 0)]).toEqual([0.9, 1])
  })

  it('linear Dyna tends to (I − γFᵀ)⁻¹ b = (2.6744186, 2.6162791)', () => {
    const features = vectors(2)
    const model = new LinearModel({ state: 2, actions: 1, rate: 0.1 })
    const value = new LinearValue(features, { discount: 0.9, rate: 0.1 })
    const planner = onPolicyDyna({ model, value, policy: new Softmax(features, { actions: 1, rate: 0.1 }) })
    const draws = Draws.fromSeed(1)
    expect(planner.plan!(draws)).toBe(false)
    // So that both states are known to begin with; then the given model.
    const [first, second] = [Float64Array.of(1, 0), Float64Array.of(0, 1)]
    model.learn([first, second].map(state => ({ state, action: 0, reward: 0, next: first, terminal: false })))
    model.transition[0]!.set([0.5, 0.5, 0.2, 0.6])
    model.reward[0]!.set([1, 0])
    for (let i = 0; i < 20_000; i++) planner.plan!(draws)
    expect(value.weights[0]).toBeCloseTo(2.6744186, 6)
    expect(value.weights[1]).toBeCloseTo(2.6162791, 6)
    const exact = solve([Float64Array.of(1 - 0.45, -0.18), Float64Array.of(-0.45, 1 - 0.54)], Float64Array.of(1, 0))
    expect([...exact].map(x => x.toFixed(7))).toEqual(['2.6744186', '2.6162791'])
  })

  it('the linear model learns what is linear, of states that are no unit vectors too', () => {
    const model = new LinearModel({ state: 2, actions: 2, rate: 0.5 })
    const draws = Draws.fromSeed(5)
    // s' = (s₀ + s₁, −s₁), r = 2s₀ − s₁ of action 1; after action 0 nothing follows.
    for (let i = 0; i < 400; i++) {
      const state = Float64Array.of(draws.uniform(), draws.uniform())
      const next = Float64Array.of(state[0]! + state[1]!, -state[1]!)
      const both = [
        { state, action: 1, reward: 2 * state[0]! - state[1]!, next, terminal: false },
        { state, action: 0, reward: 0, next, terminal: true },
      ]
      model.learn(both)
    }
    const [on, over] = model.predict([Float64Array.of(0.3, 0.4), Float64Array.of(0.3, 0.4)], [1, 0])
    expect(on!.reward).toBeCloseTo(0.2, 6)
    expect(on!.next[0]).toBeCloseTo(0.7, 6)
    expect(on!.next[1]).toBeCloseTo(-0.4, 6)
    expect([...(over!.next as Float64Array)].map(x => Math.abs(x))).toEqual([0, 0])
    expect(() => model.predict([[1, 2, 3]], [0])).toThrow('a state of 3 numbers was given for 2 features')
  })

  it('stops when there is nothing to plan, and spends no more than the budget', async () => {
    const q = new LinearActionValues(oneHot(3), { actions: 1, discount: 0.9, rate: 1 })
    const model = new TableModel({ actions: 1 })
    const agent = new Agent(
      { perception: identity<number>(), policy: greedy(q), value: q, model, planner: dyna({ model, value: q }) },
      Key.fromSeed(0),
    )
    expect(await agent.plan({ plans: 10 })).toBe(0)
    model.learn([step(0, 0, 0, 1)])
    expect(await agent.plan({ plans: 10 })).toBe(10)
    expect(await agent.plan({ milliseconds: 5 })).toBeGreaterThan(0)
    await expect(agent.step(0, 1)).rejects.toThrow('call start(observation) first')
  })
})
