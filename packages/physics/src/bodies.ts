/** Scene objects as Rapier bodies: shapes, masses, surface properties. */
import type { Collider, RigidBody, World } from '@dimforge/rapier3d-deterministic-compat'
import { isKeyframes, quat, type ResolvedScene, type SceneObject, vec3 } from '@dioramic/scene'
import { type CollisionPart, collisionParts } from './collision.ts'
import { PhysicsError } from './error.ts'
import type { Inertia, RigidState } from './flight.ts'
import { keyframedPose } from './keyframed.ts'
import type { BodyProperties, Pose } from './motion.ts'
import { colliderDesc, compoundDesc, fromRotation, fromVector, type Rapier, rotation, vector } from './rapier.ts'

export interface Limits {
  /** Bodies in one scene. */
  readonly bodies: number
  /** Largest over smallest dynamic mass; the solver works in 24-bit floats. */
  readonly massRatio: number
  /** m/s at the start; Rapier clamps beyond. */
  readonly speed: number
}
export const LIMITS: Limits = { bodies: 10_000, massRatio: 1e7, speed: 400 }

/** An object that takes part in the simulation. */
export interface SimulatedBody {
  readonly object: SceneObject
  readonly kind: 'dynamic' | 'static' | 'kinematic'
  readonly body: RigidBody
  readonly properties: BodyProperties
  readonly inertia: Inertia
  /** Radius of a single ball, cylinder or cone; 0 for what has facets. */
  readonly rollingRadius: number
  /** The state at the start; static and kinematic bodies have zero velocities here. */
  readonly initial: RigidState
}

/** A Rapier collider's owner and its place in the owner's frame. */
export interface ColliderOwner {
  /** Index into the list of simulated bodies. */
  readonly bodyIndex: number
  readonly part: CollisionPart
}

export interface Bodies {
  readonly list: readonly SimulatedBody[]
  readonly owners: ReadonlyMap<number, ColliderOwner>
}

/** How errors call an object. */
export const labelOf = (object: SceneObject): string => `object "${object.name}" (id ${object.id})`

/**
 * Adds every body of the scene to `world`, in the order of the scene's objects; `joined` bodies have one collider for all their pieces, whose contact points cannot be read.
 *
 * @throws PhysicsError naming the object.
 */
export function addBodies(R: Rapier, world: World, resolved: ResolvedScene, start: number, joined = false): Bodies {
  const list: SimulatedBody[] = []
  const owners = new Map<number, ColliderOwner>()
  const simulated = resolved.objects.filter(o => resolved.scene.objects[o.index]!.body.type !== 'none')
  if (simulated.length > LIMITS.bodies)
    throw new PhysicsError(
      `the scene has ${simulated.length} bodies; physics takes at most ${LIMITS.bodies}. Give the others a body of type 'none'`,
    )
  for (const item of simulated) {
    const object = resolved.scene.objects[item.index]!
    const geometry = resolved.scene.geometries[object.geometry]!
    const label = labelOf(object)
    check(object, label)
    const moves = object.body.type === 'dynamic'
    const parts = collisionParts(geometry, item, object.scale, moves, label, object.id)
    const pose = keyframedPose(object, start)
    const body = world.createRigidBody(bodyDesc(R, object, pose))
    const colliders = (joined ? [parts] : parts.map(part => [part])).map(own => addCollider(R, world, body, own, object, label))
    for (const [i, collider] of colliders.entries()) owners.set(collider.handle, { bodyIndex: list.length, part: parts[i]! })
    const rollingRadius = Math.min(...parts.map(p => p.rollingRadius))
    list.push({ ...finish(object, body, colliders, pose, label), rollingRadius })
  }
  checkMasses(list)
  return { list, owners }
}

function check(object: SceneObject, label: string): void {
  const { body } = object
  const animated = isKeyframes(object.position) || isKeyframes(object.rotation)
  if (animated && body.type !== 'kinematic') {
    throw new PhysicsError(
      `${label} has keyframes but a ${body.type} body; use a kinematic body to move it by keyframes, or give it one position and rotation`,
      object.id,
    )
  }
  if (body.type !== 'dynamic') return
  for (const [what, v, limit] of [
    ['velocity', body.velocity, LIMITS.speed],
    ['angular velocity', body.angularVelocity, Number.POSITIVE_INFINITY],
  ] as const) {
    const speed = vec3.length(v)
    if (!(speed <= limit) || !Number.isFinite(speed))
      throw new PhysicsError(
        `${label} starts with a ${what} of ${speed}; it must be finite${limit < 1e9 ? ` and at most ${limit} m/s` : ''}`,
        object.id,
      )
  }
}

function bodyDesc(R: Rapier, object: SceneObject, pose: Pose) {
  const { type } = object.body
  const desc =
    type === 'dynamic'
      ? R.RigidBodyDesc.dynamic()
      : type === 'kinematic'
        ? R.RigidBodyDesc.kinematicPositionBased()
        : R.RigidBodyDesc.fixed()
  desc.setTranslation(...(pose.position as [number, number, number])).setRotation(rotation(pose.rotation))
  // A sleeping body is frozen where its speed is merely small: a slowly rolling ball would stop dead. Clips are short, so none sleeps.
  desc.setCanSleep(false)
  // Contacts are foreseen over one step's travel, so fast things stop at the surface instead of in it or behind it.
  if (type === 'dynamic') desc.setSoftCcdPrediction(10)
  return desc
}

function addCollider(
  R: Rapier,
  world: World,
  body: RigidBody,
  parts: readonly CollisionPart[],
  object: SceneObject,
  label: string,
): Collider {
  const surface = object.body as Exclude<SceneObject['body'], { type: 'none' }>
  const desc = (parts.length === 1 ? colliderDesc(R, parts[0]!) : compoundDesc(R, parts))
    // Geometric mean of the pair: √a · √b.
    .setFriction(Math.sqrt(surface.friction))
    .setFrictionCombineRule(R.CoefficientCombineRule.Multiply)
    .setRestitution(surface.restitution)
    .setRestitutionCombineRule(R.CoefficientCombineRule.Max)
    .setContactSkin(0)
    .setDensity(surface.type === 'dynamic' ? surface.density : 0)
  if (surface.type === 'dynamic') desc.setActiveEvents(R.ActiveEvents.CONTACT_FORCE_EVENTS).setContactForceEventThreshold(0)
  try {
    return world.createCollider(desc, body)
  } catch (cause) {
    throw new PhysicsError(
      `${label}: its ${parts[0]!.shape.type} was refused by the physics engine (${cause}); simplify or repair its collision mesh`,
      object.id,
      {
        cause,
      },
    )
  }
}

function finish(
  object: SceneObject,
  body: RigidBody,
  colliders: Collider[],
  pose: Pose,
  label: string,
): Omit<SimulatedBody, 'rollingRadius'> {
  const surface = object.body as Exclude<SceneObject['body'], { type: 'none' }>
  const { friction, restitution } = surface
  const still: RigidState = { ...pose, linear: [0, 0, 0], angular: [0, 0, 0] }
  if (surface.type !== 'dynamic') {
    const infinite: Inertia = { centerOfMass: [0, 0, 0], moments: [Infinity, Infinity, Infinity], frame: quat.IDENTITY }
    const properties = {
      mass: Infinity,
      centerOfMass: infinite.centerOfMass,
      inertia: infinite.moments,
      inertiaFrame: infinite.frame,
      friction,
      restitution,
    }
    return { object, kind: surface.type, body, properties, inertia: infinite, initial: still }
  }
  const volume = colliders.reduce((sum, c) => sum + c.volume(), 0)
  if (!(volume > 0) || !Number.isFinite(volume))
    throw new PhysicsError(
      `${label} has a collision volume of ${volume} m³; a dynamic body needs a solid. Check its mesh and scale`,
      object.id,
    )
  if (surface.mass !== undefined) for (const c of colliders) c.setDensity(surface.mass / volume)
  body.recomputeMassPropertiesFromColliders()
  const mass = surface.mass ?? surface.density * volume
  const inertia: Inertia = {
    centerOfMass: fromVector(body.localCom()),
    moments: fromVector(body.principalInertia()),
    frame: quat.normalize(fromRotation(body.principalInertiaLocalFrame())),
  }
  if (![mass, ...inertia.centerOfMass, ...inertia.moments].every(Number.isFinite) || !inertia.moments.every(m => m > 0))
    throw new PhysicsError(
      `${label} has a mass of ${mass} kg and moments of inertia ${inertia.moments}; check its mass, density and scale`,
      object.id,
    )
  const arm = quat.rotate(pose.rotation, inertia.centerOfMass)
  const initial: RigidState = {
    ...pose,
    linear: vec3.add(surface.velocity, vec3.cross(surface.angularVelocity, arm)),
    angular: surface.angularVelocity,
  }
  body.setLinvel(vector(initial.linear), true)
  body.setAngvel(vector(initial.angular), true)
  const { centerOfMass, moments, frame } = inertia
  const properties = { mass, centerOfMass, inertia: moments, inertiaFrame: frame, friction, restitution }
  return { object, kind: 'dynamic', body, properties, inertia, initial }
}

function checkMasses(list: readonly SimulatedBody[]): void {
  const dynamic = list.filter(b => b.kind === 'dynamic').sort((a, b) => a.properties.mass - b.properties.mass)
  const [light, heavy] = [dynamic[0], dynamic.at(-1)]
  if (light && heavy && heavy.properties.mass / light.properties.mass > LIMITS.massRatio) {
    throw new PhysicsError(
      `${labelOf(heavy.object)} weighs ${heavy.properties.mass} kg and ${labelOf(light.object)} ${light.properties.mass} kg; ` +
        `a ratio above ${LIMITS.massRatio} cannot be solved. Check units, or make one of them static`,
      heavy.object.id,
    )
  }
}
