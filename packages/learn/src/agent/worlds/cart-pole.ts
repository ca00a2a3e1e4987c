import type { Key } from '@dioramic/tensor'
import type { Outcome, World } from '../contracts.ts'
import { Draws } from '../draws.ts'
import { AgentError } from '../error.ts'

const GRAVITY = 9.8
const CART = 1
const POLE = 0.1
const HALF_LENGTH = 0.5
const FORCE = 10
const STEP = 0.02
/** Beyond it (metres, radians) the episode is lost. */
const FAR = 2.4
const TILTED = (12 * Math.PI) / 180

/** Cart and pole (Barto, Sutton & Anderson 1983), with Gymnasium's constants and Euler steps of CartPole-v1: [x, ẋ, θ, θ̇], push left or right, 1 for every step, 500 steps at most. */
export class CartPole implements World<Float64Array, number> {
  readonly name = 'cart-pole'
  readonly actions = { type: 'discrete', count: 2 } as const
  #state: Float64Array | null = null
  #steps = 0

  reset(key: Key): Float64Array {
    const draws = new Draws(key)
    this.#state = Float64Array.from({ length: 4 }, () => draws.uniform() * 0.1 - 0.05)
    this.#steps = 0
    return this.#state
  }

  /** Begins in a given state. */
  resetTo(state: ArrayLike<number>): Float64Array {
    this.#steps = 0
    return (this.#state = Float64Array.from(state))
  }

  step(action: number): Outcome<Float64Array> {
    if (!this.#state) throw new AgentError('cart-pole: the episode is over or has not begun; call reset(key)')
    if (action !== 0 && action !== 1) throw new AgentError(`cart-pole: actions are 0 left and 1 right, not ${action}`)
    const [x, speed, angle, spin] = this.#state as unknown as [number, number, number, number]
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
    const mass = CART + POLE
    const push = ((action === 1 ? FORCE : -FORCE) + POLE * HALF_LENGTH * spin * spin * sin) / mass
    const turn = (GRAVITY * sin - cos * push) / (HALF_LENGTH * (4 / 3 - (POLE * cos * cos) / mass))
    const acceleration = push - (POLE * HALF_LENGTH * turn * cos) / mass
    const next = Float64Array.of(x + STEP * speed, speed + STEP * acceleration, angle + STEP * spin, spin + STEP * turn)
    this.#steps++
    const terminal = Math.abs(next[0]!) > FAR || Math.abs(next[2]!) > TILTED
    const truncated = !terminal && this.#steps === 500
    this.#state = terminal || truncated ? null : next
    return { observation: next, reward: 1, terminal, truncated }
  }
}
