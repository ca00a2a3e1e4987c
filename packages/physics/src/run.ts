/** A running simulation: what Rapier does not keep, and the order of a step. */
import { quat, type SceneObject, type Vec3, vec3 } from '@dioramic/scene'
import type { Bodies, SimulatedBody } from './bodies.ts'
import type { FirstTouch, Touch } from './contacts.ts'
import { angularMomentum, fly, type RigidState } from './flight.ts'
import { keyframedPose, twistBetween } from './keyframed.ts'
import { type ContactPoint, contactPoints } from './manifolds.ts'
import type { Pose, RawContact } from './motion.ts'
import { fromRotation, fromVector, rotation, vector } from './rapier.ts'
import type { PhysicsWorld } from './world.ts'

/** A body below this height or farther than `FAR` from the origin has left the world: it stays where it is. */
const FLOOR_OF_THE_WORLD = -100
const FAR = 1e4
/**
 * Rolling resistance of balls, cylinders and cones, as a fraction of their radius: a firm ball on a kitchen floor (handbooks: 0.001–0.003 for
 * steel on steel, 0.01–0.02 for rubber). Without it a ball never comes to rest on a floor that is level to a hundredth, as a scanned pan's.
 */
const ROLLING_RESISTANCE = 0.015
/**
 * Rapier (0.36 of the engine) keeps a pair's contact points until the two have moved by 5 cm against each other, with no switch for it: small things
 * came to rest millimetres off or in each other. A pair with a hook is found anew; the hook here filters sensors, of which there are none. Bodies slower
 * than `CALM` (m/s, at the radius of gyration) are found anew every `PERIOD` steps only, since points that change every step keep them trembling.
 */
const CALM = 0.01
const PERIOD = 8
/** Rapier's ActiveHooks.FILTER_INTERSECTION_PAIRS. */
const SENSOR_HOOK = 2

export interface Pair {
  readonly touch: { -readonly [K in keyof Touch]: Touch[K] }
  /** Indices of the two bodies, in the order of `touch.objects`. */
  readonly bodies: readonly [number, number]
  readonly handles: readonly { readonly pair: readonly [number, number]; readonly impulse: number }[]
  /** Read at the first step of a contact, or always on request. */
  points: readonly ContactPoint[]
}

export class Run {
  readonly #sim: PhysicsWorld
  readonly #list: readonly SimulatedBody[]
  readonly #owners: Bodies['owners']
  readonly #gravity: Vec3
  readonly #start: number
  readonly #rate: number
  readonly #index: ReadonlyMap<SimulatedBody, number>
  /** States at the start of the step, and at its end. */
  #before: RigidState[]
  #after: RigidState[]
  readonly #gone = new Set<number>()
  readonly #anew = new Map<number, boolean>()
  /** Pairs that pushed each other in the last step. */
  #touching: ReadonlySet<string> = new Set()

  readonly #driven: (object: SceneObject, t: number) => Pose

  /** Step i runs from start + i / rate to start + (i + 1) / rate. `driven` says where kinematic bodies are; by default their keyframes do. */
  constructor(sim: PhysicsWorld, bodies: Bodies, gravity: Vec3, start: number, rate: number, driven = keyframedPose) {
    this.#driven = driven
    this.#sim = sim
    this.#list = bodies.list
    this.#owners = bodies.owners
    this.#gravity = gravity
    this.#start = start
    this.#rate = rate
    this.#index = new Map(bodies.list.map((b, i) => [b, i]))
    this.#before = bodies.list.map(b => b.initial)
    this.#after = [...this.#before]
  }

  state(body: SimulatedBody): RigidState {
    return this.#before[this.#index.get(body)!]!
  }

  /** Adds to the velocities of a dynamic body: of its centre of mass, m/s, and rad/s. */
  kick(body: SimulatedBody, linear: Vec3, angular: Vec3): void {
    const k = this.#index.get(body)!
    const before = this.#before[k]!
    this.#before[k] = { ...before, linear: vec3.add(before.linear, linear), angular: vec3.add(before.angular, angular) }
    body.body.setLinvel(vector(this.#before[k]!.linear), false)
    body.body.setAngvel(vector(this.#before[k]!.angular), false)
  }

  /**
   * Steps the world from time i to i + 1 and returns the pairs that pushed each other, by ids; with the points of new pairs, of all, or of none. Bounces
   * are Rapier's own where points are not read.
   */
  step(i: number, points: 'new' | 'all' | 'none' = 'new'): Pair[] {
    const next = this.#start + (i + 1) / this.#rate
    for (const [k, b] of this.#list.entries()) {
      if (b.kind !== 'kinematic') continue
      const pose = this.#driven(b.object, next)
      b.body.setNextKinematicTranslation(vector(pose.position))
      b.body.setNextKinematicRotation(rotation(pose.rotation))
      // For contacts, the body's velocity over the step; its centre of mass plays no part.
      const { linear, angular } = twistBetween(this.#before[k]!, pose, 1 / this.#rate)
      this.#before[k] = { ...this.#before[k]!, linear, angular }
      this.#after[k] = { ...pose, linear, angular }
    }
    this.#findContacts(i)
    this.#sim.world.step(this.#sim.events)
    const pairs = this.#pairs()
    for (const pair of pairs)
      if (points === 'all' || (points === 'new' && !this.#touching.has(pair.bodies.join()))) pair.points = this.#read(pair)
    /** Sum of the normal impulses on each touched body, N s. */
    const touched = new Map<number, number>()
    for (const { bodies, touch } of pairs) for (const k of bodies) touched.set(k, (touched.get(k) ?? 0) + touch.impulse)
    for (const [k, b] of this.#list.entries()) {
      if (b.kind === 'dynamic' && !this.#gone.has(k)) this.#after[k] = this.#advance(k, b, touched.get(k) ?? 0)
    }
    const touches = new Map<number, number>()
    for (const { bodies } of pairs) for (const k of bodies) touches.set(k, (touches.get(k) ?? 0) + 1)
    for (const pair of pairs) {
      const alone = pair.bodies.every(k => this.#list[k]!.kind !== 'dynamic' || (touches.get(k) === 1 && !this.#gone.has(k)))
      if (alone && !this.#touching.has(pair.bodies.join())) this.#bounce(pair)
    }
    this.#touching = new Set(pairs.map(p => p.bodies.join()))
    return pairs
  }

  /** Says whose contacts must not be kept from the step before. */
  #findContacts(i: number): void {
    for (const [k, b] of this.#list.entries()) {
      if (b.kind !== 'dynamic') continue
      const { linear, angular } = this.#before[k]!
      const gyration = Math.sqrt(Math.max(...b.inertia.moments) / b.properties.mass)
      const anew = i % PERIOD === 0 || vec3.length(linear) + vec3.length(angular) * gyration > CALM
      if (anew === (this.#anew.get(k) ?? false)) continue
      this.#anew.set(k, anew)
      for (let c = 0; c < b.body.numColliders(); c++) b.body.collider(c).setActiveHooks(anew ? SENSOR_HOOK : 0)
    }
  }

  /**
   * A clean bounce, resolved inside the step. Rapier spends the whole step in which it foresees a touch on reaching the surface, and
   * reflects the velocity of the step's start: a bounce loses up to 2 g dt / (e v) of its height. Here the two bodies fly to the moment of
   * touch, take Rapier's impulse scaled to the closing speed of that moment, and fly on.
   */
  #bounce(pair: Pair): void {
    if (pair.points.length === 0) return
    const { tau, scale, normal } = this.#approach(pair)
    const dt = 1 / this.#rate
    if (!(tau > 0 && tau < dt)) return
    const [a, b] = pair.bodies.map(k => this.#after[k]!.linear) as [Vec3, Vec3]
    // Bodies that stay together are Rapier's to hold.
    if (vec3.dot(normal, vec3.sub(b, a)) < 4 * vec3.length(this.#gravity) * dt) return
    const g = this.#gravity
    // Rapier's change of velocity holds a step of gravity; but across a surface that does not move, the rebound has replaced it.
    const free = pair.bodies.every(k => this.#list[k]!.kind === 'dynamic')
    const fell = free ? g : vec3.sub(g, vec3.scale(normal, vec3.dot(normal, g)))
    const kicks = pair.bodies.flatMap(k => {
      const body = this.#list[k]!
      if (body.kind !== 'dynamic') return []
      const [before, after] = [this.#before[k]!, this.#after[k]!]
      const touch = fly(body.inertia, before, g, tau)
      const linear = vec3.scale(vec3.sub(vec3.sub(after.linear, before.linear), vec3.scale(fell, dt)), scale)
      const angular = vec3.scale(vec3.sub(after.angular, before.angular), scale)
      return [{ k, body, touch, linear, angular }]
    })
    const still = pair.bodies.every(k => this.#list[k]!.kind !== 'kinematic')
    const share = still ? energyShare(kicks) : 1
    for (const { k, body, touch, linear, angular } of kicks) {
      pair.touch.impulse = Math.abs(vec3.dot(linear, normal)) * share * body.properties.mass
      const kicked = {
        ...touch,
        linear: vec3.add(touch.linear, vec3.scale(linear, share)),
        angular: vec3.add(touch.angular, vec3.scale(angular, share)),
      }
      this.#after[k] = fly(body.inertia, kicked, g, dt - tau)
      this.#write(k)
    }
  }

  /** Gives Rapier the state that this class has worked out. */
  #write(k: number): void {
    const { body } = this.#list[k]!
    const { position, rotation: q, linear, angular } = this.#after[k]!
    body.setTranslation(vector(position), false)
    body.setRotation(rotation(q), false)
    body.setLinvel(vector(linear), false)
    body.setAngvel(vector(angular), false)
  }

  /** Makes the end of the step the start of the next. */
  commit(): void {
    this.#before = [...this.#after]
  }

  #pairs(): Pair[] {
    const found = new Map<string, { bodies: [number, number]; impulse: number; handles: { pair: [number, number]; impulse: number }[] }>()
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
      if (pair === undefined) found.set(key, { bodies, impulse, handles: [{ pair: handles, impulse }] })
      else {
        pair.impulse += impulse
        pair.handles.push({ pair: handles, impulse })
      }
    })
    return [...found.values()]
      .map(({ bodies, impulse, handles }): Pair => {
        const objects = bodies.map(k => this.#list[k]!.object.id) as [number, number]
        return { touch: { objects, impulse }, bodies, handles, points: [] }
      })
      .sort((a, b) => a.touch.objects[0] - b.touch.objects[0] || a.touch.objects[1] - b.touch.objects[1])
  }

  #advance(k: number, b: SimulatedBody, impulse: number): RigidState {
    const before = this.#before[k]!
    let after: RigidState
    if (impulse > 0) {
      after = {
        position: fromVector(b.body.translation()),
        rotation: quat.normalize(fromRotation(b.body.rotation())),
        linear: fromVector(b.body.linvel()),
        angular: fromVector(b.body.angvel()),
      }
      const spin = vec3.length(after.angular)
      if (b.rollingRadius > 0 && spin > 0) {
        const brake = (ROLLING_RESISTANCE * b.rollingRadius * impulse) / Math.max(...b.inertia.moments)
        after = { ...after, angular: vec3.scale(after.angular, Math.max(0, 1 - brake / spin)) }
        b.body.setAngvel(vector(after.angular), false)
      }
    } else {
      after = fly(b.inertia, before, this.#gravity, 1 / this.#rate)
      this.#after[k] = after
      this.#write(k)
    }
    const { position: p } = after
    const finite = [...p, ...after.rotation, ...after.linear, ...after.angular].every(Number.isFinite)
    if (finite && p[2] > FLOOR_OF_THE_WORLD && Math.abs(p[0]) < FAR && Math.abs(p[1]) < FAR && p[2] < FAR) return after
    this.#gone.add(k)
    b.body.setEnabled(false)
    return { ...(finite ? after : before), linear: [0, 0, 0], angular: [0, 0, 0] }
  }

  #read(pair: Pair): readonly ContactPoint[] {
    const [a, b] = pair.bodies.map(k => this.#before[k]!) as [RigidState, RigidState]
    return pair.handles.flatMap(({ pair: h, impulse }) =>
      contactPoints(this.#sim.world, h, [this.#owners.get(h[0])!, this.#owners.get(h[1])!], a, b, impulse),
    )
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

  /**
   * How a pair comes together in the step: where, along which normal, and `tau`, the seconds into the step when the first point touches
   * (Rapier foresees contacts, so there is a gap to close). `scale` is the closing speed then over that at the step's start.
   */
  #approach(pair: Pair) {
    const [a, b] = pair.bodies
    let weight = 0
    let [onA, onB, normal]: [Vec3, Vec3, Vec3] = [
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ]
    const { points } = pair
    for (const p of points) {
      weight += p.impulse
      onA = vec3.add(onA, vec3.scale(p.onA, p.impulse))
      onB = vec3.add(onB, vec3.scale(p.onB, p.impulse))
      normal = vec3.add(normal, vec3.scale(p.normal, p.impulse))
    }
    onA = vec3.scale(onA, 1 / weight)
    onB = vec3.scale(onB, 1 / weight)
    normal = vec3.normalize(normal)
    const closing = (at: number, pa: Vec3, pb: Vec3) =>
      -vec3.dot(normal, vec3.sub(this.#velocityAt(b, pb, at), this.#velocityAt(a, pa, at)))
    let tau = 1 / this.#rate
    for (const p of points) {
      const gap = vec3.dot(normal, vec3.sub(p.onB, p.onA))
      const speed = closing(0, p.onA, p.onB)
      // Half of gravity's share of the step is in the mean speed.
      const mean = (speed + closing(speed > 0 ? Math.min(1 / this.#rate, Math.max(0, gap) / speed) : 0, p.onA, p.onB)) / 2
      tau = Math.min(tau, gap <= 0 ? 0 : mean > 0 ? gap / mean : tau)
    }
    const start = closing(0, onA, onB)
    const scale = start > 0 ? Math.min(2, Math.max(1, closing(tau, onA, onB) / start)) : 1
    return { tau, scale, normal, onA, onB }
  }

  /** Time, place and approach of a contact that begins in step i. */
  first(pair: Pair, i: number): FirstTouch {
    const { tau, normal, onA, onB } = this.#approach(pair)
    const [a, b] = pair.bodies
    const [va, vb] = [this.#velocityAt(a, onA, tau), this.#velocityAt(b, onB, tau)]
    const point = vec3.lerp(vec3.add(onA, vec3.scale(va, tau)), vec3.add(onB, vec3.scale(vb, tau)), 0.5)
    return { time: this.#start + i / this.#rate + tau, point, normal, relativeVelocity: vec3.sub(vb, va) }
  }

  raw(pair: Pair, i: number): RawContact[] {
    const time = this.#start + (i + 1) / this.#rate
    const { points } = pair
    const known = points.reduce((sum, p) => sum + p.impulse, 0)
    return points.map(p => ({
      time,
      objects: pair.touch.objects,
      point: vec3.lerp(p.onA, p.onB, 0.5),
      normal: p.normal,
      force: (p.impulse / known) * pair.touch.impulse * this.#rate,
    }))
  }
}

interface Kick {
  readonly body: SimulatedBody
  /** State at the moment of touch, before it. */
  readonly touch: RigidState
  /** Changes of the velocities. */
  readonly linear: Vec3
  readonly angular: Vec3
}

/** The share, at most 1, of the kicks that leaves no more kinetic energy than there was: several points, each with its own restitution, can add some. */
function energyShare(kicks: readonly Kick[]): number {
  let [first, second] = [0, 0]
  for (const { body, touch, linear, angular } of kicks) {
    const m = body.properties.mass
    const spun = angularMomentum(body.inertia, touch.rotation, angular)
    first += m * vec3.dot(touch.linear, linear) + vec3.dot(touch.angular, spun)
    second += (m * vec3.dot(linear, linear) + vec3.dot(angular, spun)) / 2
  }
  return second > 0 ? Math.min(1, Math.max(0, -first / second)) : 1
}
