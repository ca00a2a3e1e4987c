/** Physical tasks as worlds: Rapier moves the scene, the agent the bodies it controls. */
import { initPhysics, type LiveMotion, type Motion, type Physics, type Pose } from '@dioramic/physics'
import { NO_ASSETS, type ResolvedScene, resolveScene, type Scene, type SceneInput, sceneSchema } from '@dioramic/scene'
import type { Key } from '@dioramic/tensor'
import type { Outcome, Space, World } from '../../contracts.ts'
import { Draws } from '../../draws.ts'
import { AgentError } from '../../error.ts'
import type { Task } from './task.ts'

export class PhysicalWorld<A, G = unknown> implements World<Float64Array, A> {
  readonly name: string
  readonly actions: Space
  readonly task: Task<A, G>
  readonly resolved: ResolvedScene
  readonly #physics: Physics
  readonly #steps: number
  #live: LiveMotion | null = null
  #goal: G | null = null
  #step = 0
  #good = 0
  #over = true

  private constructor(task: Task<A, G>, physics: Physics, resolved: ResolvedScene) {
    this.name = task.name
    this.actions = task.actions
    this.task = task
    this.#physics = physics
    this.resolved = resolved
    this.#steps = resolved.scene.stepRate / task.rate
    if (!Number.isInteger(this.#steps))
      throw new AgentError(`${task.name}: ${resolved.scene.stepRate} physics steps a second are no multiple of ${task.rate} control steps`)
  }

  static async create<A, G>(task: Task<A, G>): Promise<PhysicalWorld<A, G>> {
    const scene = sceneSchema.parse({ ...task.scene, frames: task.limit + 1, fps: task.rate } satisfies SceneInput)
    return new PhysicalWorld(task, await initPhysics(), resolveScene(scene, NO_ASSETS))
  }

  /** Whether the last episode ended as its task wants. */
  get succeeded(): boolean {
    return this.#over && this.#good >= this.task.hold
  }

  get goal(): G {
    if (this.#goal === null) throw this.#early()
    return this.#goal
  }

  reset(key: Key): Float64Array {
    this.close()
    const { goal, placed } = this.task.begin(new Draws(key))
    const { scene } = this.resolved
    const objects = scene.objects.map(o => {
      const p = placed.get(o.id)
      if (!p) return o
      const body =
        o.body.type === 'dynamic'
          ? { ...o.body, ...(p.velocity && { velocity: p.velocity }), ...(p.angularVelocity && { angularVelocity: p.angularVelocity }) }
          : o.body
      return {
        ...o,
        ...(p.position && { position: p.position }),
        ...(p.rotation && { rotation: p.rotation }),
        body,
      } as Scene['objects'][number]
    })
    this.#live = this.#physics.live({ ...this.resolved, scene: { ...scene, objects } })
    this.#goal = goal
    this.#step = this.#good = 0
    this.#over = false
    return this.task.measure(this.#live, goal)
  }

  step(action: A): Outcome<Float64Array> {
    const live = this.#live
    const goal = this.#goal
    if (!live || goal === null || this.#over) throw this.#early()
    this.#check(action)
    this.task.act(live, action, goal)
    const touching = live.advance(this.#steps)
    const { reward, terminal, good } = this.task.judge(live, goal, touching)
    this.#step++
    this.#good = good ? this.#good + 1 : 0
    const truncated = !terminal && this.#step === this.task.limit
    this.#over = terminal || truncated
    return { observation: this.task.measure(live, goal), reward, terminal, truncated }
  }

  /** Where everything is now, bodies and painted things. */
  poses(): Map<number, Pose> {
    const live = this.#live
    if (!live || this.#goal === null) throw this.#early()
    const painted = this.task.painted(live, this.#goal)
    return new Map(
      this.resolved.scene.objects.map(o => {
        const still = { position: o.position, rotation: o.rotation } as Pose
        return [o.id, o.body.type === 'none' ? (painted.get(o.id) ?? still) : live.pose(o.id)]
      }),
    )
  }

  /** A motion that is always now: what a renderer needs to look at the world. */
  present(): Motion {
    return {
      start: 0,
      end: Number.POSITIVE_INFINITY,
      contacts: [],
      pose: id => this.poses().get(id)!,
      velocity: id => this.#live?.velocity(id) ?? { linear: [0, 0, 0], angular: [0, 0, 0] },
      body: () => undefined,
    }
  }

  close(): void {
    this.#live?.free()
    this.#live = null
    this.#over = true
  }

  #early(): AgentError {
    return new AgentError(`${this.name}: the episode is over or has not begun; call reset(key)`)
  }

  #check(action: A): void {
    const space = this.actions
    const good =
      space.type === 'discrete'
        ? Number.isInteger(action) && Number(action) >= 0 && Number(action) < space.count
        : ArrayBuffer.isView(action) || Array.isArray(action)
          ? space.low.every(
              (low, i) => (action as unknown as number[])[i]! >= low - 1e-9 && (action as unknown as number[])[i]! <= space.high[i]! + 1e-9,
            )
          : false
    if (!good) throw new AgentError(`${this.name}: ${String(action)} is not an action of ${JSON.stringify(space)}`)
  }
}
