/** A task in a physical world: what is there, what the agent moves, what it sees, what it is paid for. */
import type { LiveMotion, Pose } from '@dioramic/physics'
import type { SceneInput, Vec3 } from '@dioramic/scene'
import type { Space } from '../../contracts.ts'
import type { Draws } from '../../draws.ts'

/** Where a thing is at the start of an episode; what is not said is as in the scene. */
export interface Placed {
  readonly position?: Vec3
  readonly rotation?: Pose['rotation']
  readonly velocity?: Vec3
  readonly angularVelocity?: Vec3
}

/** Where something is wanted on the level, metres from the middle. */
export interface Mark {
  readonly x: number
  readonly y: number
}

export interface Judged {
  readonly reward: number
  readonly terminal: boolean
  /** All is as the task wants it, now. */
  readonly good: boolean
}

/** G: what an episode is about (a mark, a colour), drawn at its start. */
export interface Task<A, G> {
  readonly name: string
  /** One scene for all episodes; its frames are the control steps, its camera the agent's eye. */
  readonly scene: SceneInput
  readonly actions: Space
  /** Numbers in a measured state. */
  readonly size: number
  /** Control steps a second; a whole number of physics steps each. */
  readonly rate: number
  /** Control steps in an episode. */
  readonly limit: number
  /** An episode succeeds if its last `hold` steps were good. */
  readonly hold: number
  begin(draws: Draws): { readonly goal: G; readonly placed: ReadonlyMap<number, Placed> }
  /** Tells the bodies what an action is. */
  act(motion: LiveMotion, action: A, goal: G): void
  /** The measured state: about −1 … 1 each. */
  measure(motion: LiveMotion, goal: G): Float64Array
  judge(motion: LiveMotion, goal: G, touching: ReadonlySet<string>): Judged
  /** Poses of what is seen but has no body. */
  painted(motion: LiveMotion, goal: G): ReadonlyMap<number, Pose>
  /** A competent hand-written controller, to measure learning against. */
  scripted(state: ArrayLike<number>): A
}
