/** Soft actor–critic (Haarnoja et al. 2018, arXiv 1812.05905): a policy and an action-value function as networks, for actions of a box. */
import {
  add,
  clip,
  compile,
  concat,
  exp,
  f32,
  type Key,
  mean,
  minimum,
  mul,
  type NDArray,
  neg,
  numbersOf,
  optim,
  randomNormal,
  slice,
  softplus,
  sub,
  sum,
  type Tensor,
  type Tree,
  tanh,
  trainStep,
} from '@dioramic/tensor'
import type { ActionValueFunction, ReactivePolicy, Space, Transition, Vector } from './contracts.ts'
import type { Draws } from './draws.ts'
import { AgentError } from './error.ts'
import { column, type Engine, mlp, rows, training } from './network/engine.ts'

export interface SacOptions {
  readonly engine: Engine
  /** Numbers in a state. */
  readonly state: number
  readonly actions: Space
  readonly discount: number
  readonly key: Key
  /** Units of the two hidden layers. Default 64. */
  readonly hidden?: number
  /** Adam's rate for both. Default 1e-3. */
  readonly rate?: number
  /** Share of the target that stays at each update. Default 0.995. */
  readonly keep?: number
  /** Entropy that the temperature aims at, nats. Default −(numbers in an action). */
  readonly entropy?: number
}

type Params = Tree<Tensor>
/** −½ ln 2π */
const HALF_LOG_2PI = 0.9189385332046727

/** A normal squashed by tanh to (−1, 1), scaled to the box. */
export interface GaussianPolicy extends ReactivePolicy<Vector, Float64Array> {
  /** Weight of entropy in the objective, learned. */
  readonly temperature: number
  readonly params: Tree<NDArray>
}

export interface SoftActorCritic {
  readonly policy: GaussianPolicy
  readonly value: ActionValueFunction<Vector, Vector>
  dispose(): Promise<void>
}

/** Policy and value function, to be joined by a planner that hands them batches: `dyna({ model: new Replay(…), value, policy, batch: 128 })`. */
export async function softActorCritic(options: SacOptions): Promise<SoftActorCritic> {
  const { engine, state: d, actions, discount, key, hidden = 64, rate = 1e-3, keep = 0.995 } = options
  if (actions.type !== 'box') throw new AgentError('softActorCritic acts in boxes; for countable actions use networkActionValues')
  const { low, high } = actions
  const n = low.length
  const { entropy = -n } = options
  const scale = low.map((l, i) => (high[i]! - l) / 2)
  const middle = low.map((l, i) => (high[i]! + l) / 2)
  const actor = mlp([d, hidden, hidden, 2 * n])
  const critics = [mlp([d + n, hidden, hidden, 1]), mlp([d + n, hidden, hidden, 1])] as const
  let temperature = 0.1

  const head = (p: Params, s: Tensor) => {
    const [y] = actor.apply(p, {}, s)
    const logSigma = clip(slice(y, [null, [n]]), -5, 2)
    return { mu: slice(y, [null, [0, n]]), logSigma }
  }
  /** An action in (−1, 1) and its log density, by the reparametrisation u = μ + σ ε. */
  const draw = (p: Params, s: Tensor, noise: Tensor) => {
    const { mu, logSigma } = head(p, s)
    const u = add(mu, mul(exp(logSigma), noise))
    // ln N(u) − ln(1 − tanh² u), the second as 2(ln 2 − u − softplus(−2u)).
    const density = sub(neg(add(mul(mul(noise, noise), 0.5), logSigma)), HALF_LOG_2PI)
    const squash = mul(sub(sub(Math.LN2, u), softplus(mul(u, -2))), 2)
    return { action: tanh(u), log: sum(sub(density, squash), 1, true) }
  }
  const judge = (p: Params, s: Tensor, a: Tensor) => {
    const x = concat([s, a], 1)
    const both = p as readonly Params[]
    return critics.map((c, i) => c.apply(both[i]!, {}, x)[0]) as [Tensor, Tensor]
  }

  const first = critics.map((c, i) => c.init(key.fork('critic').fork(i)).params)
  const critic = await trainStep(
    (p, _s, b: { s: Tensor; a: Tensor; y: Tensor }) => {
      const [q1, q2] = judge(p, b.s, b.a)
      const [e1, e2] = [sub(q1, b.y), sub(q2, b.y)]
      return add(mean(mul(e1, e1)), mean(mul(e2, e2)))
    },
    optim.chain(optim.adam({ lr: rate }), optim.ema(keep)),
    { ...engine, params: first, key: key.fork('critic-steps') },
  )
  const policy = await training(
    engine,
    actor,
    (p, state, b: { s: Tensor; critic: Params; temperature: Tensor }, k) => {
      const { action, log } = draw(p, b.s, randomNormal(k, [b.s.shape[0]!, n]))
      const [q1, q2] = judge(b.critic, b.s, action)
      return [mean(sub(mul(b.temperature, log), minimum(q1, q2))), state, { log: mean(log) }]
    },
    optim.chain(optim.adam({ lr: rate })),
    key.fork('actor'),
  )
  /** Targets and the errors before learning. */
  const targets = compile(
    (b: {
      actor: Params
      target: Params
      critic: Params
      s: Tensor
      a: Tensor
      r: Tensor
      next: Tensor
      live: Tensor
      t: Tensor
      key: Tensor
    }) => {
      const { action, log } = draw(b.actor, b.next, randomNormal(b.key, [b.next.shape[0]!, n]))
      const [q1, q2] = judge(b.target, b.next, action)
      const after = sub(minimum(q1, q2), mul(b.t, log))
      const y = add(b.r, mul(mul(b.live, discount), after))
      const [now] = judge(b.critic, b.s, b.a)
      return { y, error: sub(y, now) }
    },
    engine.runtime,
  )
  const acting = compile((p: Params, s: Tensor) => {
    const { mu, logSigma } = head(p, s)
    return { mu, sigma: exp(logSigma) }
  }, engine.runtime)
  const judging = compile((p: Params, s: Tensor, a: Tensor) => minimum(...judge(p, s, a)), engine.runtime)

  const box = (squashed: ArrayLike<number>) => Float64Array.from(squashed, (x, i) => middle[i]! + scale[i]! * x)
  const unit = (a: Vector) => Float32Array.from(a, (x, i) => (x - middle[i]!) / scale[i]!)
  const forward = async (state: Vector) => {
    const { mu, sigma } = (await acting(policy.params, rows([state], d))) as { mu: NDArray; sigma: NDArray }
    return { mu: numbersOf(mu), sigma: numbersOf(sigma) }
  }
  let step = 0
  const stepKey = key.fork('targets')
  return {
    policy: {
      get temperature() {
        return temperature
      },
      params: policy.params,
      async sample(state, draws: Draws) {
        const { mu, sigma } = await forward(state)
        return box(Array.from(mu, (m, i) => Math.tanh(m + sigma[i]! * draws.normal())))
      },
      async mode(state) {
        const { mu } = await forward(state)
        return box(Array.from(mu, Math.tanh))
      },
      async learn(batch) {
        const states = rows(
          batch.map(t => t.state),
          d,
        )
        const { metrics } = await policy.step({ s: states, critic: critic.params, temperature: f32([temperature], []) })
        // The temperature follows the entropy: up where there is too little.
        temperature *= Math.exp(rate * Math.min(1, Math.max(-1, metrics['log']! + entropy)))
      },
    },
    value: {
      async value(state, action) {
        const [v] = numbersOf((await judging(critic.params, rows([state], d), rows([unit(action)], n))) as NDArray)
        return v!
      },
      async learn(batch: readonly Transition<Vector, Vector>[]) {
        const s = rows(
          batch.map(t => t.state),
          d,
        )
        const a = rows(
          batch.map(t => unit(t.action)),
          n,
        )
        const { y, error } = (await targets({
          actor: policy.params,
          target: critic.ema!,
          critic: critic.params,
          s,
          a,
          r: column(batch.map(t => t.reward)),
          next: rows(
            batch.map(t => t.next),
            d,
          ),
          live: column(batch.map(t => (t.terminal ? 0 : 1))),
          t: f32([temperature], []),
          key: { dtype: 'i64', shape: [2], data: stepKey.fork(step++).toInt64() },
        })) as { y: NDArray; error: NDArray }
        await critic.step({ s, a, y })
        return numbersOf(error) as Vector
      },
    },
    async dispose() {
      await Promise.all([critic.dispose(), policy.dispose(), targets.dispose(), acting.dispose(), judging.dispose()])
    },
  }
}
