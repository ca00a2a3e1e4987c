// One suite over every implementation of every contract: what each must do, and that none reads anything but the arguments of its methods.
import { interpreter, Key } from '@dioramic/tensor'
import { createArena } from '@dioramic/tensor/node'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Agent } from './agent.ts'
import type {
  Critic,
  Imagination,
  Perception,
  Planner,
  ReactivePolicy,
  Space,
  Transition,
  TransitionModel,
  Vector,
  World,
} from './contracts.ts'
import { Draws } from './draws.ts'
import { lookup, oneHot, tileCoding, vectors } from './features.ts'
import { learnEpisode, testEpisode } from './interact.ts'
import { LinearModel } from './model/linear.ts'
import { networkModel } from './model/network.ts'
import { Replay } from './model/replay.ts'
import { TableModel } from './model/table.ts'
import { belief, kalman } from './perception/belief.ts'
import { encoded } from './perception/encoded.ts'
import { history, identity, withChange } from './perception/identity.ts'
import { picturePerception } from './perception/picture.ts'
import { recurrentPerception } from './perception/recurrent.ts'
import { trace } from './perception/trace.ts'
import { crossEntropy } from './planner/cross-entropy.ts'
import { dyna } from './planner/dyna.ts'
import { lookAhead } from './planner/look-ahead.ts'
import { onPolicyDyna } from './planner/on-policy-dyna.ts'
import { prioritisedSweeping } from './planner/sweeping.ts'
import { greedy } from './policy/greedy.ts'
import { random } from './policy/random.ts'
import { Softmax } from './policy/softmax.ts'
import { softActorCritic } from './sac.ts'
import { LinearActionValues } from './value/linear-action-values.ts'
import { LinearValue } from './value/linear-value.ts'
import { networkActionValues } from './value/network-action-values.ts'
import { networkValue } from './value/network-value.ts'
import { CartPole } from './worlds/cart-pole.ts'
import { DYNA_MAZE, GridWorld } from './worlds/grid.ts'
import { Loop } from './worlds/loop.ts'
import { balance } from './worlds/physical/balance.ts'
import { PhysicalWorld } from './worlds/physical/world.ts'
import { RandomWalk } from './worlds/random-walk.ts'
import { TMaze } from './worlds/t-maze.ts'

const engine = { runtime: interpreter(), arena: createArena }
const key = Key.fromSeed(11)
const BOX: Space = { type: 'box', low: [-1, -2], high: [1, 2] }
const tiles = tileCoding({ low: [-1, -1], high: [1, 1], tiles: 4 })
const net = { engine, state: 2, discount: 0.9, key, hidden: 8, rate: 1e-2 }

// biome-ignore lint/suspicious/noExplicitAny: the suite runs over implementations for states and actions of every kind.
type Any = any

/** Nothing may ask a global for chance or time. */
function poison(): void {
  vi.spyOn(Math, 'random').mockImplementation(() => expect.fail('Math.random was called'))
  vi.spyOn(Date, 'now').mockImplementation(() => expect.fail('Date.now was called'))
}
afterEach(() => void vi.restoreAllMocks())

const plain = (x: unknown): unknown =>
  JSON.parse(JSON.stringify(x, (_k, v) => (ArrayBuffer.isView(v) ? Array.from(v as unknown as number[]) : v)))
const states: { readonly table: readonly number[]; readonly vector: readonly Vector[] } = {
  table: [0, 1, 2],
  vector: [Float64Array.of(0.1, -0.4), Float64Array.of(-0.7, 0.2), Float64Array.of(0.5, 0.9)],
}
const DECLARED = new Set<string | symbol>(['state', 'action', 'reward', 'next', 'terminal', 'imagined', 'toJSON'])
/** A step of experience that lets nothing be read of it but what the contract declares, and nothing be written. */
const guarded = <S, A>(t: Transition<S, A>): Transition<S, A> =>
  new Proxy(t, {
    get: (target, name) => (DECLARED.has(name) ? Reflect.get(target, name) : expect.fail(`${String(name)} of a transition was read`)),
    set: (_target, name) => expect.fail(`${String(name)} of a transition was written`),
  })
const transition = (kind: 'table' | 'vector', action: unknown, more: Partial<Transition<Any, Any>> = {}): Transition<Any, Any> =>
  guarded({ state: states[kind][0], action, reward: 1, next: states[kind][1], terminal: false, ...more })
const actionOf = (space: Space, draws: Draws): unknown => random<never>(space).sample(0 as never, draws)

describe('worlds', () => {
  const worlds: Record<string, () => Promise<World<Any, Any>> | World<Any, Any>> = {
    maze: () => new GridWorld(DYNA_MAZE),
    'T-maze': () => new TMaze(4),
    'random walk': () => new RandomWalk(),
    loop: () => new Loop([0, 1, 2]),
    'cart and pole': () => new CartPole(),
    balance: () => PhysicalWorld.create(balance),
  }
  it.each(Object.entries(worlds))(
    '%s: same key and actions, same episode; errors before reset and for what is no action',
    async (_name, make) => {
      poison()
      const play = async (world: World<Any, Any>, seed: number) => {
        const draws = Draws.fromSeed(seed)
        const seen: unknown[] = [plain(await world.reset(key.fork(seed)))]
        for (let i = 0; i < 30; i++) {
          const o = await world.step(actionOf(world.actions, draws))
          seen.push(plain(o))
          if (o.terminal || o.truncated) break
        }
        return seen
      }
      const world = await make()
      const first = await play(world, 1)
      await play(world, 2)
      // The maze counts its steps, and nothing else is kept between episodes.
      expect(await play(world, 1)).toEqual(first)
      expect(await play(await make(), 1)).toEqual(first)
      const fresh = await make()
      if (!(fresh instanceof Loop))
        await expect((async () => fresh.step(actionOf(fresh.actions, Draws.fromSeed(0))))()).rejects.toThrow('call reset')
      await fresh.reset(key)
      if (fresh.actions.type === 'box' || fresh.actions.count > 1) await expect((async () => fresh.step(99))()).rejects.toThrow(/action/)
      await (world as World<Any, Any>).close?.()
      await (fresh as World<Any, Any>).close?.()
    },
  )
})

describe('perceptions', () => {
  const seen = [Float64Array.of(1, 0), Float64Array.of(0, 1), Float64Array.of(0.5, -1), Float64Array.of(2, 2)]
  const perceptions: Record<
    string,
    { make: () => Promise<Perception<Any, Any, Any>> | Perception<Any, Any, Any>; observations: readonly unknown[] }
  > = {
    identity: { make: () => identity(), observations: seen },
    encoded: { make: () => encoded(tiles), observations: seen },
    history: { make: () => history(3), observations: seen },
    change: { make: () => withChange(2), observations: seen },
    trace: { make: () => trace((o: Vector) => o, 0.8), observations: seen },
    belief: {
      make: () => belief({ start: [0.5, 0.5], transition: (f, _a, t) => (f === t ? 0.9 : 0.1), emission: (s, o) => (s === o ? 0.7 : 0.3) }),
      observations: [0, 1, 1, 0],
    },
    Kalman: {
      make: () => kalman({ start: { mean: 0, variance: 1 }, decay: 0.9, control: 0.1, process: 0.1, measurement: 0.5 }),
      observations: [1, 2, 0, -1],
    },
    picture: {
      make: () => picturePerception({ engine, width: 8, height: 8, size: 2, key }),
      observations: [0, 1, 2, 3].map(i => ({
        width: 8,
        height: 8,
        data: Float32Array.from({ length: 192 }, (_, k) => ((k * (i + 3)) % 11) / 11),
      })),
    },
    recurrent: { make: () => recurrentPerception({ engine, observation: 2, actions: 3, key, units: 4 }), observations: seen },
  }
  it.each(Object.entries(perceptions))(
    '%s: the state is a function of (previous state, last action, observation) alone',
    async (_name, { make, observations }) => {
      poison()
      const perception = await make()
      const walk = async (order: readonly number[]) => {
        let state: unknown = null
        const out: unknown[] = []
        for (const [i, o] of order.entries()) {
          const before = plain([state, observations[o]])
          const next: unknown = await perception.perceive(state, i === 0 ? null : 1, observations[o])
          expect(plain([state, observations[o]])).toEqual(before)
          state = next
          out.push(plain(state))
        }
        return out
      }
      const first = await walk([0, 1, 2, 3])
      await walk([3, 3, 1])
      expect(await walk([0, 1, 2, 3])).toEqual(first)
      // From a state alone, without its history: the same.
      let state: unknown = null
      for (const [i, o] of [0, 1].entries()) state = await perception.perceive(state, i === 0 ? null : 1, observations[o])
      await walk([2, 2, 2])
      expect(plain(await perception.perceive(state, 1, observations[2]))).toEqual(first[2])
    },
  )
})

describe('policies', () => {
  const q = new LinearActionValues(tiles, { actions: 3, discount: 0.9, rate: 0.1 })
  const policies: Record<
    string,
    { make: () => Promise<ReactivePolicy<Any, Any>> | ReactivePolicy<Any, Any>; space: Space; kind: 'table' | 'vector' }
  > = {
    random: { make: () => random(BOX), space: BOX, kind: 'vector' },
    'greedy over tiles': { make: () => greedy(q, 0.3), space: { type: 'discrete', count: 3 }, kind: 'vector' },
    'greedy over a network': {
      make: async () => greedy(await networkActionValues({ ...net, actions: 3 }), 0.3),
      space: { type: 'discrete', count: 3 },
      kind: 'vector',
    },
    'softmax over a table': {
      make: () => new Softmax(oneHot(3), { actions: 4, rate: 0.1 }),
      space: { type: 'discrete', count: 4 },
      kind: 'table',
    },
    'softmax over numbers': {
      make: () => new Softmax(vectors(2), { actions: 4, rate: 0.1 }),
      space: { type: 'discrete', count: 4 },
      kind: 'vector',
    },
    'softmax over tiles': {
      make: () => new Softmax(tiles, { actions: 4, rate: 0.1 }),
      space: { type: 'discrete', count: 4 },
      kind: 'vector',
    },
    'soft actor': { make: async () => (await softActorCritic({ ...net, actions: BOX })).policy, space: BOX, kind: 'vector' },
  }
  it.each(Object.entries(policies))('%s: actions of the space, by state and draws alone', async (_name, { make, space, kind }) => {
    poison()
    const policy = await make()
    const run = async () => {
      const draws = Draws.fromSeed(5)
      const out: unknown[] = []
      for (let i = 0; i < 12; i++) out.push(plain(await policy.sample(states[kind][i % 3], draws)))
      return out
    }
    const first = await run()
    expect(await run()).toEqual(first)
    expect(plain(await policy.mode(states[kind][1]))).toEqual(plain(await policy.mode(states[kind][1])))
    for (const a of first) {
      if (space.type === 'discrete') expect(Array.from({ length: space.count }, (_, i) => i)).toContain(a)
      else for (const [i, x] of (a as number[]).entries()) expect(x >= space.low[i]! && x <= space.high[i]!).toBe(true)
    }
    if (!policy.learn) return
    const untouched = plain(transition(kind, first[0]))
    const lesson = transition(kind, first[0])
    await policy.learn([lesson], [1])
    expect(plain(lesson)).toEqual(untouched)
  })

  it('softmax makes what was better than expected more likely, and what was worse less', () => {
    for (const error of [1, -1]) {
      const policy = new Softmax(oneHot(3), { actions: 4, rate: 0.1 })
      policy.learn([transition('table', 2)], [error])
      expect(Math.sign(policy.probabilities(0)[2]! - 0.25)).toBe(error)
      expect([...policy.probabilities(1)]).toEqual([0.25, 0.25, 0.25, 0.25])
    }
  })
})

describe('value functions', () => {
  type Make = () =>
    | Promise<Critic<Any, Any> & { value(s: Any, a?: Any): Promise<number> | number }>
    | (Critic<Any, Any> & { value(s: Any, a?: Any): Promise<number> | number })
  const critics: Record<string, { make: Make; kind: 'table' | 'vector'; action: unknown; entropy?: true }> = {
    'table of states': { make: () => new LinearValue(oneHot(3), { discount: 0.9, rate: 0.1 }), kind: 'table', action: 0 },
    'numbers of states': { make: () => new LinearValue(vectors(2), { discount: 0.9, rate: 0.5 }), kind: 'vector', action: 0 },
    'tiles of states': { make: () => new LinearValue(tiles, { discount: 0.9, rate: 0.1 }), kind: 'vector', action: 0 },
    'network of states': { make: () => networkValue(net), kind: 'vector', action: 0 },
    'table of actions': {
      make: () => new LinearActionValues(oneHot(3), { actions: 4, discount: 0.9, rate: 0.1 }),
      kind: 'table',
      action: 2,
    },
    'lookup of actions': {
      make: () => new LinearActionValues<number>(lookup(10), { actions: 4, discount: 0.9, rate: 0.1 }),
      kind: 'table',
      action: 2,
    },
    'tiles of actions': { make: () => new LinearActionValues(tiles, { actions: 4, discount: 0.9, rate: 0.1 }), kind: 'vector', action: 2 },
    'network of actions': { make: () => networkActionValues({ ...net, actions: 4 }), kind: 'vector', action: 2 },
    'soft critic': {
      make: async () => (await softActorCritic({ ...net, actions: BOX })).value,
      kind: 'vector',
      action: [0.5, -1],
      entropy: true,
    },
  }
  it.each(Object.entries(critics))(
    '%s: errors are those before learning, and learning shrinks them',
    async (_name, { make, kind, action, entropy }) => {
      poison()
      const critic = await make()
      const t = transition(kind, action, { terminal: true })
      const before = await critic.value(t.state, t.action)
      expect(await critic.value(t.state, t.action)).toBe(before)
      critic.begin?.()
      const [error] = Array.from(await critic.learn([t]))
      // At the end of an episode the target is the reward. (The soft critic answers with the lesser of two.)
      if (entropy) expect(error! <= 1 - before + 1e-5).toBe(true)
      else expect(error!).toBeCloseTo(1 - before, 5)
      for (let i = 0; i < 60; i++) {
        critic.begin?.()
        await critic.learn([t])
      }
      expect(Math.abs(1 - (await critic.value(t.state, t.action)))).toBeLessThan(Math.abs(1 - before) * 0.6)
      // By value, not by identity of the objects.
      const copy = plain(t) as Transition<Any, Any>
      critic.begin?.()
      expect(Array.from(await critic.learn([copy]))).toHaveLength(1)
      expect(plain(t)).toEqual(plain(copy))
    },
  )

  it.each(Object.entries(critics))('%s: the same lessons, the same values', async (_name, { make, kind, action }) => {
    const [a, b] = [await make(), await make()]
    for (let i = 0; i < 5; i++) for (const c of [a, b]) await c.learn([transition(kind, action)])
    expect(await a.value(states[kind][0], action)).toBe(await b.value(states[kind][0], action))
  })
})

it('policy and value function of soft actor–critic: what one learns, the other does not say', async () => {
  const { policy, value } = await softActorCritic({ ...net, actions: BOX })
  const [state, action] = [states.vector[0]!, Float64Array.of(0.5, -1)]
  const [said, worth] = [plain(await policy.mode(state)), await value.value(state, action)]
  await policy.learn!([transition('vector', action)], [1])
  expect(await value.value(state, action)).toBe(worth)
  const moved = plain(await policy.mode(state))
  expect(moved).not.toEqual(said)
  await value.learn([transition('vector', action)])
  expect(plain(await policy.mode(state))).toEqual(moved)
  expect(await value.value(state, action)).not.toBe(worth)
})

describe('models', () => {
  const models: Record<
    string,
    { make: () => Promise<Imagination<Any, Any>> | Imagination<Any, Any>; kind: 'table' | 'vector'; action: unknown; predicts: boolean }
  > = {
    table: { make: () => new TableModel({ actions: 4 }), kind: 'table', action: 1, predicts: true },
    linear: { make: () => new LinearModel({ state: 2, actions: 4, rate: 0.5 }), kind: 'vector', action: 1, predicts: true },
    replay: { make: () => new Replay(100), kind: 'vector', action: 1, predicts: false },
    network: {
      make: () => networkModel({ engine, state: 2, action: 2, key, hidden: 8, rate: 1e-2 }),
      kind: 'vector',
      action: [0.5, -1],
      predicts: true,
    },
  }
  it.each(Object.entries(models))(
    '%s: imagines nothing before it has seen anything, then what it has learned',
    async (_name, { make, kind, action, predicts }) => {
      poison()
      const model = await make()
      const draws = Draws.fromSeed(2)
      expect(await model.imagine(3, draws)).toEqual([])
      const t = transition(kind, action)
      for (let i = 0; i < 120; i++) await model.learn([t])
      const imagined = await model.imagine(3, draws)
      expect(imagined).toHaveLength(3)
      const near = (a: unknown, b: unknown) => {
        const [x, y] = [a, b].map(v => (typeof v === 'number' ? [v] : Array.from(v as number[])))
        for (const [k, v] of x!.entries()) expect(Math.abs(v - y![k]!)).toBeLessThan(0.1)
      }
      for (const i of imagined) {
        expect(i.imagined).toBe(true)
        expect(plain([i.state, i.action])).toEqual(plain([t.state, t.action]))
        near(i.next, t.next)
        near(i.reward, 1)
      }
      if (!predicts) return
      const [o] = await (model as TransitionModel<Any, Any>).predict([t.state], [action])
      near(o!.next, t.next)
      near(o!.reward, 1)
    },
  )
})

describe('planners', () => {
  const q = () => new LinearActionValues(oneHot(3), { actions: 2, discount: 0.9, rate: 0.5 })
  const table = () => new TableModel({ actions: 2 })
  type Made = { planner: Planner<Any, Any>; teach: () => unknown; decides?: { state: unknown; best: (a: Any) => boolean } }
  const lesson = [
    { state: 0, action: 0, reward: 0, next: 1, terminal: false },
    { state: 0, action: 1, reward: 0.5, next: 2, terminal: true },
    { state: 1, action: 0, reward: 1, next: 2, terminal: true },
  ].map(guarded)
  const planners: Record<string, () => Promise<Made> | Made> = {
    Dyna: () => {
      const model = table()
      return { planner: dyna({ model, value: q() }), teach: () => model.learn(lesson) }
    },
    'prioritised sweeping': () => {
      const model = table()
      const planner = prioritisedSweeping({ model, value: q() })
      return {
        planner,
        teach: () => {
          model.learn(lesson)
          for (const t of lesson) planner.notice!(t, 0)
        },
      }
    },
    'linear Dyna': () => {
      const features = vectors(3)
      const model = new LinearModel({ state: 3, actions: 2, rate: 0.5 })
      const unit = (i: number) => Float64Array.from({ length: 3 }, (_, k) => (k === i ? 1 : 0))
      const value = new LinearValue(features, { discount: 0.9, rate: 0.1 })
      const planner = onPolicyDyna({ model, value, policy: new Softmax(features, { actions: 2, rate: 0.1 }) })
      return { planner, teach: () => model.learn(lesson.map(t => guarded({ ...t, state: unit(t.state), next: unit(t.next) }))) }
    },
    'on-policy Dyna over a table': () => {
      const model = new TableModel({ actions: 2, curiosity: 1e-3 })
      const value = new LinearValue<number>(oneHot(3), { discount: 0.9, rate: 0.1 })
      const planner = onPolicyDyna({ model, value, policy: new Softmax(oneHot(3), { actions: 2, rate: 0.1 }) })
      return { planner, teach: () => model.learn(lesson) }
    },
    'look-ahead': () => {
      const model = table()
      const planner = lookAhead({ model, actions: 2, discount: 0.9, depth: 2, value: () => 0, knows: (s: number, a) => model.knows(s, a) })
      // 0.9 · 1 two steps away beats 0.5 now.
      return { planner, teach: () => model.learn(lesson), decides: { state: 0, best: a => a === 0 } }
    },
    'cross-entropy': () => {
      const model: TransitionModel<Vector, Vector> = {
        learn: () => {},
        imagine: () => [],
        predict: (s, a) =>
          s.map((x, k) => ({ next: Float64Array.of(x[0]! + a[k]![0]!), reward: -((x[0]! + a[k]![0]! - 0.3) ** 2), terminal: false })),
      }
      const planner = crossEntropy({ model, actions: { type: 'box', low: [-1], high: [1] }, discount: 1, horizon: 3, rounds: 5 })
      return { planner, teach: () => {}, decides: { state: Float64Array.of(0), best: a => Math.abs(a[0] - 0.3) < 0.1 } }
    },
  }
  it.each(Object.entries(planners))('%s: nothing to plan at first; then plans or decides, by its draws alone', async (_name, make) => {
    poison()
    const { planner, teach, decides } = await make()
    if (planner.plan) {
      expect(await planner.plan(Draws.fromSeed(0))).toBe(false)
      await teach()
      expect(await planner.plan(Draws.fromSeed(0))).toBe(true)
    } else await teach()
    if (!decides) return
    const first = await planner.decide!(decides.state, Draws.fromSeed(4))
    expect(decides.best(first)).toBe(true)
    const { planner: other, teach: again } = await make()
    await again()
    expect(plain(await other.decide!(decides.state, Draws.fromSeed(4)))).toEqual(plain(first))
  })
})

describe('the agent', () => {
  /** A world whose observations cannot be read any more once the agent has perceived them. */
  function sealed<A>(world: World<number, A>): { world: World<object, A>; perception: Perception<object, number, A> } {
    const opened = new WeakMap<object, () => void>()
    const seal = (value: number): object => {
      const { proxy, revoke } = Proxy.revocable({ value }, {})
      opened.set(proxy, revoke)
      return proxy
    }
    return {
      world: {
        name: world.name,
        actions: world.actions,
        reset: async k => seal(await world.reset(k)),
        step: async a => {
          const o = await world.step(a)
          return { ...o, observation: seal(o.observation) }
        },
      },
      perception: {
        perceive: (_state, _action, observation) => {
          const { value } = observation as { value: number }
          opened.get(observation)!()
          return value
        },
      },
    }
  }

  it('reads observations in perception and nowhere else', async () => {
    for (const planning of ['dyna', 'sweeping'] as const) {
      const { world, perception } = sealed(new GridWorld(DYNA_MAZE))
      const value = new LinearActionValues(oneHot(54), { actions: 4, discount: 0.95, rate: 0.5 })
      const model = new TableModel({ actions: 4 })
      const planner = planning === 'dyna' ? dyna({ model, value }) : prioritisedSweeping({ model, value })
      const agent = new Agent({ perception, policy: greedy(value, 0.1), value, model, planner }, key)
      const steps: number[] = []
      for (let e = 0; e < 8; e++) steps.push((await learnEpisode(agent, world, { key: key.fork(e), budget: { plans: 20 } })).steps)
      expect(steps.at(-1)).toBeLessThan(25)
      expect((await testEpisode(agent, world, { key, limit: 100 })).steps).toBe(14)
    }
  })

  it('makes the same decisions for the same key, whatever else runs beside it', async () => {
    const run = async (beside: boolean) => {
      const make = (k: Key) => {
        const value = new LinearActionValues(oneHot(54), { actions: 4, discount: 0.95, rate: 0.1 })
        const model = new TableModel({ actions: 4 })
        return new Agent({ perception: identity<number>(), policy: greedy(value, 0.1), value, model, planner: dyna({ model, value }) }, k)
      }
      const agent = make(key)
      const other = make(Key.fromSeed(99))
      const world = new GridWorld(DYNA_MAZE)
      const out: number[] = []
      for (let e = 0; e < 4; e++) {
        if (beside) await learnEpisode(other, new GridWorld(DYNA_MAZE), { key: key.fork('other'), budget: { plans: 3 } })
        out.push((await learnEpisode(agent, world, { key: key.fork(e), budget: { plans: 5 } })).steps)
      }
      return out
    }
    expect(await run(true)).toEqual(await run(false))
  })
})
