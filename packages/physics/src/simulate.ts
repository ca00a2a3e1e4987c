/** Scene → Motion. */
import type { ResolvedScene, SceneObject } from '@dioramic/scene'
import { quat } from '@dioramic/scene'
import { addBodies } from './bodies.ts'
import { ContactRecorder } from './contacts.ts'
import { PhysicsError } from './error.ts'
import { keyframedPose, keyframedVelocity } from './keyframed.ts'
import type { BodyProperties, ContactEvent, Motion, RawContact } from './motion.ts'
import type { Rapier } from './rapier.ts'
import { Run } from './run.ts'
import { Track } from './track.ts'
import { createWorld } from './world.ts'

export interface SimulateOptions {
  /** Also return every contact point of every step (large: some hundred a second for a resting box). */
  readonly rawContacts?: boolean
}

export interface SimulatedMotion extends Motion {
  /** Seconds of every recorded step. */
  readonly stepTimes: Float64Array
}

/** Bytes that the recorded steps of one clip may take. */
const MAX_BYTES = 0x8000_0000
/** Steps of a clip, whether anything moves in it or not: an hour at the default rate is a million. */
const MAX_STEPS = 0x400_0000
/** See `Physics.simulate`. */
export function simulate(R: Rapier, resolved: ResolvedScene, options: SimulateOptions = {}): SimulatedMotion {
  const { scene } = resolved
  const rate = scene.stepRate
  // A rolling shutter reads half of its rows before the frame's time and half after it.
  const readout = Math.max(...scene.cameras.map(c => c.readout))
  const start = -1 / scene.fps - readout / 2
  const end = scene.frames / scene.fps + readout / 2
  const steps = Math.max(1, Math.ceil(((scene.frames + 1) / scene.fps + readout) * rate - 1e-6))
  if (!(steps <= MAX_STEPS)) {
    throw new PhysicsError(
      `the scene lasts ${(end - start).toPrecision(3)} s, ${steps.toPrecision(3)} steps, more than ${MAX_STEPS}; ` +
        `raise fps (${scene.fps}) or lower frames (${scene.frames}), stepRate (${rate}) or the cameras' readout (${readout} s)`,
    )
  }
  const count = scene.objects.filter(o => o.body.type === 'dynamic').length
  if (Track.bytes(steps) * count > MAX_BYTES) {
    throw new PhysicsError(
      `${steps} steps of ${count} dynamic bodies need ${Math.round((Track.bytes(steps) * count) / 0x10_0000)} MiB, more than ${MAX_BYTES / 0x10_0000}; ` +
        `lower stepRate (${rate}) or frames (${scene.frames})`,
    )
  }
  const tracks = new Map<number, Track>()
  const properties = new Map<number, BodyProperties>()
  const rawContacts: RawContact[] = []
  let contacts: readonly ContactEvent[] = []
  if (scene.objects.some(o => o.body.type !== 'none')) {
    const world = createWorld(R, scene.gravity, rate)
    try {
      const bodies = addBodies(R, world.world, resolved, start)
      for (const b of bodies.list) properties.set(b.object.id, b.properties)
      const dynamic = bodies.list.filter(b => b.kind === 'dynamic')
      for (const b of dynamic) {
        const track = new Track(steps, start, rate)
        track.store(0, b.initial, quat.rotate(b.initial.rotation, b.inertia.centerOfMass))
        tracks.set(b.object.id, track)
      }
      if (dynamic.length > 0) {
        const run = new Run(world, bodies, scene.gravity, start, rate)
        const recorder = new ContactRecorder(start, rate)
        for (let i = 0; i < steps; i++) {
          const pairs = run.step(i, options.rawContacts ? 'all' : 'new')
          recorder.step(
            i,
            pairs.map(p => p.touch),
            touch => run.first(pairs.find(p => p.touch === touch)!, i),
          )
          if (options.rawContacts) rawContacts.push(...pairs.flatMap(p => run.raw(p, i)))
          run.commit()
          for (const b of dynamic) {
            const state = run.state(b)
            tracks.get(b.object.id)!.store(i + 1, state, quat.rotate(state.rotation, b.inertia.centerOfMass))
          }
        }
        contacts = recorder.finish()
      }
    } finally {
      world.free()
    }
  }
  const byId = new Map<number, SceneObject>(scene.objects.map(o => [o.id, o]))
  const find = (id: number): SceneObject => {
    const object = byId.get(id)
    if (object === undefined)
      throw new PhysicsError(`there is no object with id ${id}; the scene has ${[...byId.keys()].join(', ') || 'none'}`, id)
    return object
  }
  const clamp = (t: number) => Math.min(Math.max(t, start), end)
  const stepTimes = Float64Array.from({ length: steps + 1 }, (_, i) => start + i / rate)
  return {
    start,
    end,
    contacts,
    stepTimes,
    ...(options.rawContacts && { rawContacts }),
    pose: (id, t) => tracks.get(id)?.pose(clamp(t)) ?? keyframedPose(find(id), clamp(t)),
    velocity: (id, t) => tracks.get(id)?.velocity(clamp(t)) ?? keyframedVelocity(find(id), clamp(t), start, end, 0.5 / rate),
    body: id => properties.get(find(id).id),
  }
}
