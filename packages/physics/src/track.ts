/** The recorded path of one dynamic body: a row of f64 for every step. */
import { type Quat, quat, type Vec3, vec3 } from '@dioramic/scene'
import type { RigidState } from './flight.ts'
import type { Pose, Twist } from './motion.ts'

/** position 3, rotation 4, linear velocity of the origin 3, angular velocity 3. */
const ROW = 13

export class Track {
  readonly rows: Float64Array
  readonly #start: number
  readonly #rate: number
  readonly #last: number

  /** @param steps rows are 0 … steps, row i at start + i / rate seconds. */
  constructor(steps: number, start: number, rate: number) {
    this.rows = new Float64Array(ROW * (steps + 1))
    this.#start = start
    this.#rate = rate
    this.#last = steps
  }

  /** Bytes of a track, for limits. */
  static bytes(steps: number): number {
    return 8 * ROW * (steps + 1)
  }

  /** Stores row i. `state.linear` is the velocity of the centre of mass, `arm` runs from the origin to it (world). */
  store(i: number, state: RigidState, arm: Vec3): void {
    const v = vec3.sub(state.linear, vec3.cross(state.angular, arm))
    this.rows.set([...state.position, ...state.rotation, ...v, ...state.angular], ROW * i)
  }

  pose(t: number): Pose {
    const [i, u] = this.#bracket(t)
    const a = ROW * i
    if (u === 0) return { position: this.#vec(a), rotation: this.#quat(a + 3) }
    const b = a + ROW
    return { position: vec3.lerp(this.#vec(a), this.#vec(b), u), rotation: quat.slerp(this.#quat(a + 3), this.#quat(b + 3), u) }
  }

  velocity(t: number): Twist {
    const [i, u] = this.#bracket(t)
    const a = ROW * i
    if (u === 0) return { linear: this.#vec(a + 7), angular: this.#vec(a + 10) }
    const b = a + ROW
    return { linear: vec3.lerp(this.#vec(a + 7), this.#vec(b + 7), u), angular: vec3.lerp(this.#vec(a + 10), this.#vec(b + 10), u) }
  }

  #bracket(t: number): readonly [number, number] {
    const x = Math.min(Math.max((t - this.#start) * this.#rate, 0), this.#last)
    const i = Math.floor(x)
    return [i, x - i]
  }

  #vec(k: number): Vec3 {
    const r = this.rows
    return [r[k]!, r[k + 1]!, r[k + 2]!]
  }

  #quat(k: number): Quat {
    const r = this.rows
    return [r[k]!, r[k + 1]!, r[k + 2]!, r[k + 3]!]
  }
}
