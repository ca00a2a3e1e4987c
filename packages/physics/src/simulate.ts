/** Scene → Motion. */
import { portable, quat, type ResolvedScene, type SceneObject, type Vec3, vec3 } from '@dioramic/scene'
import { addBodies, type ColliderOwner, keyframedPose, type SimulatedBody } from './bodies.ts'
import { ContactRecorder, type FirstTouch, type Touch } from './contacts.ts'
import { PhysicsError } from './error.ts'
import { fly, type RigidState } from './flight.ts'
import { contactPoints } from './manifolds.ts'
import type { BodyProperties, ContactEvent, Motion, Pose, Twist } from './motion.ts'
import { fromRotation, fromVector, type Rapier, rotation, vector } from './rapier.ts'
import { Track } from './track.ts'
import { createWorld } from './world.ts'

export interface SimulateOptions {
  /** Also return every contact point of every step (large: some hundred a second for a resting box). */
  readonly rawContacts?: boolean
}

/** One contact point in one step. */
export interface RawContact {
  /** Seconds, the step's end. */
  readonly time: number
  /** Ids, a < b. */
  readonly objects: readonly [number, number]
  /** World, metres. */
  readonly point: Vec3
  /** Unit, world, from objects[0] to objects[1]. */
  readonly normal: Vec3
  /** Normal force, N: the point's impulse over the step. */
  readonly force: number
}

export interface SimulatedMotion extends Motion {
  /** Seconds of every recorded step. */
  readonly stepTimes: Float64Array
  /** Ordered by time, then ids; empty unless asked for. */
  readonly rawContacts: readonly RawContact[]
}

/** Bytes that the recorded steps of one clip may take. */
const MAX_BYTES = 2 ** 31
/** A body below this height or farther than `FAR` from the origin has left the world: it stays where it is. */
const FLOOR_OF_THE_WORLD = -100
const FAR = 1e4

/** See `Physics.simulate`. */
export function simulate(R: Rapier, resolved: ResolvedScene, options: SimulateOptions = {}): SimulatedMotion {
  const { scene } = resolved
  const rate = scene.stepRate
  const start = -1 / scene.fps
  const end = scene.frames / scene.fps
  const steps = Math.max(1, Math.ceil(((scene.frames + 1) / scene.fps) * rate - 1e-6))
  const count = scene.objects.filter(o => o.body.type === 'dynamic').length
  if (Track.bytes(steps) * count > MAX_BYTES) {
    throw new PhysicsError(
      `${steps} steps of ${count} dynamic bodies need ${Math.round((Track.bytes(steps) * count) / 2 ** 20)} MiB, more than ${MAX_BYTES / 2 ** 20}; ` +
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
      const { list, owners } = addBodies(R, world.world, resolved, start)
      for (const b of list) properties.set(b.object.id, b.properties)
      const dynamic = list.filter(b => b.kind === 'dynamic')
      for (const b of dynamic) {
        const track = new Track(steps, start, rate)
        track.store(0, b.initial, quat.rotate(b.initial.rotation, b.inertia.centerOfMass))
        tracks.set(b.object.id, track)
      }
      if (dynamic.length > 0) {
        const run = new Run(world, list, owners, scene.gravity, start, rate)
        const recorder = new ContactRecorder(start, rate)
        for (let i = 0; i < steps; i++) {
          const pairs = run.step(i)
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
    rawContacts,
    pose: (id, t) => tracks.get(id)?.pose(clamp(t)) ?? keyframedPose(find(id), clamp(t)),
    velocity: (id, t) => tracks.get(id)?.velocity(clamp(t)) ?? keyframedVelocity(find(id), clamp(t), start, end, 0.5 / rate),
    body: id => properties.get(find(id).id),
  }
}

/** Central difference of the keyframes over ±h (one-sided at the ends of the clip). */
function keyframedVelocity(object: SceneObject, t: number, start: number, end: number, h: number): Twist {
  const [t0, t1] = [Math.max(start, t - h), Math.min(end, t + h)]
  const [a, b] = [keyframedPose(object, t0), keyframedPose(object, t1)]
  return twistBetween(a, b, t1 - t0)
}

/** The constant velocities that take pose a to pose b in `dt` seconds. */
export function twistBetween(a: Pose, b: Pose, dt: number): Twist {
  const q = quat.multiply(b.rotation, quat.conjugate(a.rotation))
  const s = q[3] < 0 ? -1 : 1
  const n = Math.sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2])
  const k = n > 0 ? (2 * portable.atan2(n, s * q[3]) * s) / (n * dt) : 0
  return { linear: vec3.scale(vec3.sub(b.position, a.position), 1 / dt), angular: [q[0] * k, q[1] * k, q[2] * k] }
}

interface Pair {
  readonly touch: Touch
  /** Indices of the two bodies, in the order of `touch.objects`. */
  readonly bodies: readonly [number, number]
  readonly handles: (readonly [number, number])[]
}

/** The running simulation: what Rapier does not keep, and the order of a step. */
class Run {
  readonly #sim: ReturnType<typeof createWorld>
  readonly #list: readonly SimulatedBody[]
  readonly #owners: ReadonlyMap<number, ColliderOwner>
  readonly #gravity: Vec3
  readonly #start: number
  readonly #rate: number
  readonly #index: Map<SimulatedBody, number>
  /** States at the start of the step, and at its end. */
  #before: RigidState[]
  #after: RigidState[]
  readonly #gone = new Set<number>()

  constructor(
    sim: ReturnType<typeof createWorld>,
    list: readonly SimulatedBody[],
    owners: ReadonlyMap<number, ColliderOwner>,
    gravity: Vec3,
    start: number,
    rate: number,
  ) {
    this.#sim = sim
    this.#list = list
    this.#owners = owners
    this.#gravity = gravity
    this.#start = start
    this.#rate = rate
    this.#index = new Map(list.map((b, i) => [b, i]))
    this.#before = list.map(b => b.initial)
    this.#after = [...this.#before]
  }

  state(body: SimulatedBody): RigidState {
    return this.#before[this.#index.get(body)!]!
  }

  /** Steps the world from time i to i + 1 and returns the pairs that pushed each other, by ids. */
  step(i: number): Pair[] {
    const next = this.#start + (i + 1) / this.#rate
    for (const [k, b] of this.#list.entries()) {
      if (b.kind !== 'kinematic') continue
      const pose = keyframedPose(b.object, next)
      b.body.setNextKinematicTranslation(vector(pose.position))
      b.body.setNextKinematicRotation(rotation(pose.rotation))
      // For contacts, the body's velocity over the step; its centre of mass plays no part.
      const { linear, angular } = twistBetween(this.#before[k]!, pose, 1 / this.#rate)
      this.#before[k] = { ...this.#before[k]!, linear, angular }
      this.#after[k] = { ...pose, linear, angular }
    }
    this.#sim.world.step(this.#sim.events)
    const pairs = this.#pairs()
    const touched = new Set(pairs.flatMap(p => p.bodies))
    for (const [k, b] of this.#list.entries()) {
      if (b.kind === 'dynamic' && !this.#gone.has(k)) this.#after[k] = this.#advance(k, b, touched.has(k))
    }
    return pairs
  }

  /** Makes the end of the step the start of the next. */
  commit(): void {
    this.#before = [...this.#after]
  }

  #pairs(): Pair[] {
    const found = new Map<string, { bodies: [number, number]; impulse: number; handles: [number, number][] }>()
    this.#sim.events.drainContactForceEvents(event => {
      const impulse = event.totalForceMagnitude() / this.#rate
      if (!(impulse > 0)) return
      let handles: [number, number] = [event.collider1(), event.collider2()]
      let bodies = handles.map(h => this.#owners.get(h)!.bodyIndex) as [number, number]
      if (this.#list[bodies[0]]!.object.id > this.#list[bodies[1]]!.object.id) {
        handles = [handles[1], handles[0]]
        bodies = [bodies[1], bodies[0]]
      }
      const key = bodies.join()
      const pair = found.get(key)
      if (pair === undefined) found.set(key, { bodies, impulse, handles: [handles] })
      else {
        pair.impulse += impulse
        pair.handles.push(handles)
      }
    })
    return [...found.values()]
      .map(({ bodies, impulse, handles }): Pair => {
        const objects = bodies.map(k => this.#list[k]!.object.id) as [number, number]
        return { touch: { objects, impulse }, bodies, handles }
      })
      .sort((a, b) => a.touch.objects[0] - b.touch.objects[0] || a.touch.objects[1] - b.touch.objects[1])
  }

  #advance(k: number, b: SimulatedBody, touched: boolean): RigidState {
    const before = this.#before[k]!
    let after: RigidState
    if (touched) {
      after = {
        position: fromVector(b.body.translation()),
        rotation: quat.normalize(fromRotation(b.body.rotation())),
        linear: fromVector(b.body.linvel()),
        angular: fromVector(b.body.angvel()),
      }
    } else {
      after = fly(b.inertia, before, this.#gravity, 1 / this.#rate)
      b.body.setTranslation(vector(after.position), false)
      b.body.setRotation(rotation(after.rotation), false)
      b.body.setLinvel(vector(after.linear), false)
      b.body.setAngvel(vector(after.angular), false)
    }
    const { position: p } = after
    const finite = [...p, ...after.rotation, ...after.linear, ...after.angular].every(Number.isFinite)
    if (finite && p[2] > FLOOR_OF_THE_WORLD && Math.abs(p[0]) < FAR && Math.abs(p[1]) < FAR && p[2] < FAR) return after
    this.#gone.add(k)
    b.body.setEnabled(false)
    return { ...(finite ? after : before), linear: [0, 0, 0], angular: [0, 0, 0] }
  }

  #points(pair: Pair) {
    const [a, b] = pair.bodies.map(k => this.#before[k]!) as [RigidState, RigidState]
    return pair.handles.flatMap(h => contactPoints(this.#sim.world, h, [this.#owners.get(h[0])!, this.#owners.get(h[1])!], a, b))
  }

  /** Velocity of a point of body k, `tau` seconds into the step, nothing touching before. */
  #velocityAt(k: number, point: Vec3, tau: number): Vec3 {
    const b = this.#list[k]!
    const s = this.#before[k]!
    if (b.kind === 'static') return [0, 0, 0]
    const centre = vec3.add(s.position, quat.rotate(s.rotation, b.kind === 'dynamic' ? b.inertia.centerOfMass : [0, 0, 0]))
    const v = vec3.add(s.linear, vec3.cross(s.angular, vec3.sub(point, centre)))
    return b.kind === 'dynamic' ? vec3.add(v, vec3.scale(this.#gravity, tau)) : v
  }

  /** Time, place and approach of a contact that begins in step i: Rapier foresees it, so the moment inside the step is gap over closing speed. */
  first(pair: Pair, i: number): FirstTouch {
    const points = this.#points(pair)
    const [a, b] = pair.bodies
    let [weight, tau] = [0, 0]
    let [onA, onB, normal]: Vec3[] = [
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ]
    for (const p of points) {
      weight += p.impulse
      onA = vec3.add(onA!, vec3.scale(p.onA, p.impulse))
      onB = vec3.add(onB!, vec3.scale(p.onB, p.impulse))
      normal = vec3.add(normal!, vec3.scale(p.normal, p.impulse))
    }
    onA = vec3.scale(onA!, 1 / weight)
    onB = vec3.scale(onB!, 1 / weight)
    normal = vec3.normalize(normal!)
    const gap = vec3.dot(normal, vec3.sub(onB, onA))
    const closing = (at: number) => -vec3.dot(normal!, vec3.sub(this.#velocityAt(b, onB!, at), this.#velocityAt(a, onA!, at)))
    const speed = closing(0)
    if (gap > 0) tau = speed > 0 ? Math.min(1 / this.#rate, gap / speed) : 1 / this.#rate
    const [va, vb] = [this.#velocityAt(a, onA, tau), this.#velocityAt(b, onB, tau)]
    const point = vec3.lerp(vec3.add(onA, vec3.scale(va, tau)), vec3.add(onB, vec3.scale(vb, tau)), 0.5)
    return { time: this.#start + i / this.#rate + tau, point, normal, relativeVelocity: vec3.sub(vb, va) }
  }

  raw(pair: Pair, i: number): RawContact[] {
    const time = this.#start + (i + 1) / this.#rate
    return this.#points(pair).map(p => ({
      time,
      objects: pair.touch.objects,
      point: vec3.lerp(p.onA, p.onB, 0.5),
      normal: p.normal,
      force: p.impulse * this.#rate,
    }))
  }
}
