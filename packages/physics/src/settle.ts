/** Lets a scene come to rest before its clip begins. */
import { type ResolvedScene, vec3 } from '@dioramic/scene'
import { addBodies } from './bodies.ts'
import type { Pose } from './motion.ts'
import type { Rapier } from './rapier.ts'
import { Run } from './run.ts'
import { createWorld } from './world.ts'

export interface SettleOptions {
  /** Simulated seconds at most; default 8. */
  readonly seconds?: number
  /** Rest is: no body's surface faster than this, m/s, for a quarter of a second; default 0.01. */
  readonly maxSpeed?: number
  /** Surface while settling, for all bodies; defaults friction 1 and restitution 0 (as Kubric), so that rest comes soon. */
  readonly friction?: number
  readonly restitution?: number
  /** Share of its spin that a body loses each second, so that what rolls comes to rest too; 0. */
  readonly damping?: number
  /**
   * Whether the convex pieces of a thing are one collider, false. A step of big heaps of many pieces then costs half; but what stands on thin legs trembles at a few cm/s,
   * so it is for a `maxSpeed` above that.
   */
  readonly joined?: boolean
}

export interface Settled {
  /** Poses at rest of the dynamic objects, by id. */
  readonly poses: ReadonlyMap<number, Pose>
  /** Ids still moving when time was up; empty when all is at rest. */
  readonly moving: readonly number[]
  /** Simulated seconds it took. */
  readonly seconds: number
}

/** See `Physics.settle`. */
export function settle(R: Rapier, resolved: ResolvedScene, options: SettleOptions = {}): Settled {
  const { seconds = 8, maxSpeed = 0.01, friction = 1, restitution = 0, damping = 0, joined = false } = options
  const { scene } = resolved
  const objects = scene.objects.map(o => {
    if (o.body.type === 'none') return o
    const still =
      o.body.type === 'dynamic'
        ? { velocity: [0, 0, 0] as [number, number, number], angularVelocity: [0, 0, 0] as [number, number, number] }
        : {}
    return { ...o, body: { ...o.body, friction, restitution, ...still } }
  })
  const start = -1 / scene.fps
  const world = createWorld(R, scene.gravity, scene.stepRate)
  try {
    // Kinematic bodies stand where the clip begins.
    const bodies = addBodies(R, world.world, { ...resolved, scene: { ...scene, objects } }, start, joined)
    const dynamic = bodies.list.filter(b => b.kind === 'dynamic')
    for (const b of dynamic) b.body.setAngularDamping(damping)
    const run = new Run(
      world,
      { ...bodies, list: bodies.list.map(b => (b.kind === 'kinematic' ? { ...b, kind: 'static' as const } : b)) },
      scene.gravity,
      start,
      scene.stepRate,
    )
    const limit = Math.ceil(seconds * scene.stepRate)
    const calm = Math.ceil(0.25 * scene.stepRate)
    let quiet = 0
    let i = 0
    for (; i < limit && quiet < calm && dynamic.length > 0; i++) {
      run.step(i, joined ? 'none' : 'new')
      run.commit()
      quiet = dynamic.some(b => speedOf(run, b) > maxSpeed) ? 0 : quiet + 1
    }
    return {
      poses: new Map(dynamic.map(b => [b.object.id, { position: run.state(b).position, rotation: run.state(b).rotation }])),
      moving: quiet < calm ? dynamic.filter(b => speedOf(run, b) > maxSpeed).map(b => b.object.id) : [],
      seconds: i / scene.stepRate,
    }
  } finally {
    world.free()
  }
}

/** Speed bound of the surface: centre of mass plus spin at the radius of gyration, m/s. */
function speedOf(run: Run, body: Parameters<Run['state']>[0]): number {
  const { linear, angular } = run.state(body)
  const gyration = Math.sqrt(Math.max(...body.inertia.moments) / body.properties.mass)
  return vec3.length(linear) + vec3.length(angular) * gyration
}
