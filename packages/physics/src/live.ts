/** A simulation that runs with whoever acts in it, instead of from start to end. */
import { quat, type ResolvedScene, type Vec3, vec3 } from '@dioramic/scene'
import { addBodies, labelOf, type SimulatedBody } from './bodies.ts'
import { PhysicsError } from './error.ts'
import { keyframedPose } from './keyframed.ts'
import type { Pose, Twist } from './motion.ts'
import type { Rapier } from './rapier.ts'
import { Run } from './run.ts'
import { createWorld } from './world.ts'

export interface LiveMotion {
  /** Seconds since the start. */
  readonly time: number
  /** Now. @throws PhysicsError for an id without a body */
  pose(objectId: number): Pose
  /** Now, of the object's origin; zero for static bodies. */
  velocity(objectId: number): Twist
  /** Where a kinematic body shall be at the end of the next `advance`; it goes there evenly. Bodies that are not told stay where they are. */
  move(objectId: number, pose: Pose): void
  /** An impulse through the centre of mass of a dynamic body, N s, world. */
  push(objectId: number, impulse: Vec3): void
  /** Moves on by so many steps of 1/stepRate seconds. @returns ids of the pairs that pushed each other in any of them, as "a,b" with a < b */
  advance(steps: number): ReadonlySet<string>
  free(): void
}

/** See `Physics.live`. */
export function live(R: Rapier, resolved: ResolvedScene): LiveMotion {
  const { scene } = resolved
  const rate = scene.stepRate
  const world = createWorld(R, scene.gravity, rate)
  try {
    const bodies = addBodies(R, world.world, resolved, 0)
    const byId = new Map(bodies.list.map(b => [b.object.id, b]))
    const rest = (b: SimulatedBody) => keyframedPose(b.object, 0)
    /** Kinematic bodies: where from and where to in this advance. */
    const paths = new Map(bodies.list.filter(b => b.kind === 'kinematic').map(b => [b.object.id, { from: rest(b), to: rest(b) }]))
    const twists = new Map<number, Twist>()
    let [begun, ends, done] = [0, 0, 0]
    const run = new Run(world, bodies, scene.gravity, 0, rate, (object, t) => {
      const { from, to } = paths.get(object.id)!
      const u = Math.min(1, (t * rate - begun) / (ends - begun))
      return { position: vec3.lerp(from.position, to.position, u), rotation: quat.slerp(from.rotation, to.rotation, u) }
    })
    const find = (id: number, kind?: SimulatedBody['kind']): SimulatedBody => {
      const found = byId.get(id)
      if (!found) throw new PhysicsError(`there is no body with id ${id}; the scene has ${[...byId.keys()].join(', ') || 'none'}`, id)
      if (kind && found.kind !== kind)
        throw new PhysicsError(`${labelOf(found.object)} has a ${found.kind} body; this needs a ${kind} one`, id)
      return found
    }
    return {
      get time() {
        return done / rate
      },
      pose: id => {
        const { position, rotation } = run.state(find(id))
        return { position, rotation }
      },
      velocity: id => {
        const b = find(id)
        const { linear, angular, rotation } = run.state(b)
        if (b.kind !== 'dynamic') return twists.get(id) ?? { linear: [0, 0, 0], angular: [0, 0, 0] }
        return { linear: vec3.sub(linear, vec3.cross(angular, quat.rotate(rotation, b.inertia.centerOfMass))), angular }
      },
      move: (id, pose) => {
        find(id, 'kinematic')
        paths.get(id)!.to = pose
      },
      push: (id, impulse) => {
        const b = find(id, 'dynamic')
        run.kick(b, vec3.scale(impulse, 1 / b.properties.mass), [0, 0, 0])
      },
      advance: steps => {
        if (!Number.isInteger(steps) || steps < 1) throw new PhysicsError(`a simulation advances by whole steps from 1, not ${steps}`)
        begun = done
        ends = done + steps
        const touching = new Set<string>()
        for (; done < ends; done++) {
          for (const { touch } of run.step(done)) touching.add(touch.objects.join())
          for (const id of paths.keys()) {
            const { linear, angular } = run.state(find(id))
            twists.set(id, { linear, angular })
          }
          run.commit()
        }
        for (const path of paths.values()) path.from = path.to
        return touching
      },
      free: () => world.free(),
    }
  } catch (error) {
    world.free()
    throw error
  }
}
