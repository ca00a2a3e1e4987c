/** Keeps what happens in a physical world, as a scene that shows it again. */
import type { Pose } from '@dioramic/physics'
import type { Scene, SceneInput } from '@dioramic/scene'
import type { Key } from '@dioramic/tensor'
import type { Outcome, Space, World } from '../../contracts.ts'
import { AgentError } from '../../error.ts'
import type { PhysicalWorld } from './world.ts'

type Objects = NonNullable<SceneInput['objects']>

export class Recorded<A, G = unknown> implements World<Float64Array, A> {
  readonly name: string
  readonly actions: Space
  readonly physical: PhysicalWorld<A, G>
  #poses: ReadonlyMap<number, Pose>[] = []
  #steps: { readonly action: A; readonly reward: number }[] = []

  constructor(physical: PhysicalWorld<A, G>) {
    this.name = physical.name
    this.actions = physical.actions
    this.physical = physical
  }

  reset(key: Key): Float64Array {
    const observation = this.physical.reset(key)
    this.#poses = [this.physical.poses()]
    this.#steps = []
    return observation
  }

  step(action: A): Outcome<Float64Array> {
    const outcome = this.physical.step(action)
    this.#poses.push(this.physical.poses())
    this.#steps.push({ action, reward: outcome.reward })
    return outcome
  }

  close(): void {
    this.physical.close()
  }

  /**
   * The episode so far as a scene of keyframes: what `diorama generate` renders and labels. Nothing is simulated anew. Frame f is the middle of control step f, so that a frame has
   * one velocity even where an action has changed it; the step's action and reward are at place f of the metadata.
   *
   * @param size pixels of the picture; by default the camera's own
   * @throws AgentError before the first step
   */
  scene(size?: readonly [number, number]): SceneInput {
    if (this.#steps.length === 0) throw new AgentError(`${this.name}: nothing has been recorded; reset and step first`)
    const { scene } = this.physical.resolved
    const times = this.#poses.map((_, k) => (k - 0.5) / scene.fps)
    const keys = <T>(of: (pose: Pose) => T, id: number) => ({
      keys: this.#poses.map((p, k) => [times[k]!, of(p.get(id)!)] as [number, T]),
      interpolation: 'linear' as const,
    })
    const moved = (id: number) => this.#poses.some(p => JSON.stringify(p.get(id)) !== JSON.stringify(this.#poses[0]!.get(id)))
    const objects = scene.objects.map(o => {
      const first = this.#poses[0]!.get(o.id)!
      const pose = moved(o.id)
        ? { position: keys(p => [...p.position], o.id), rotation: keys(p => [...p.rotation], o.id) }
        : { position: [...first.position], rotation: [...first.rotation] }
      return { ...o, ...pose, body: { type: 'none' } } as Objects[number]
    })
    return {
      ...(scene as Scene as SceneInput),
      frames: this.#steps.length,
      cameras: scene.cameras.map(c => ({ ...c, ...(size && { resolution: [...size] as [number, number] }) })) as SceneInput['cameras'],
      objects,
      metadata: {
        task: this.name,
        goal: this.physical.goal as never,
        success: this.physical.succeeded,
        actions: this.#steps.map(s => (typeof s.action === 'number' ? s.action : Array.from(s.action as ArrayLike<number>))),
        rewards: this.#steps.map(s => s.reward),
      },
    }
  }
}
