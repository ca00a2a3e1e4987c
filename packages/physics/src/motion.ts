/** Where everything is at any time: the simulation's every step, and keyframes for what is not simulated. */
import type { Quat, Vec3 } from '@dioramic/scene'

export interface Pose {
  /** The object's origin, metres, world. */
  readonly position: Vec3
  /** World from object. */
  readonly rotation: Quat
}

export interface Twist {
  /** m/s of the object's origin, world. */
  readonly linear: Vec3
  /** rad/s, world. */
  readonly angular: Vec3
}

/** Constant properties of a simulated body. */
export interface BodyProperties {
  /** Kilograms; Infinity for static and kinematic bodies. */
  readonly mass: number
  /** Centre of mass, scaled object frame, metres. */
  readonly centerOfMass: Vec3
  /** Principal moments of inertia about the centre of mass, kg m². */
  readonly inertia: Vec3
  /** Their axes: object from principal frame. */
  readonly inertiaFrame: Quat
  readonly friction: number
  readonly restitution: number
}

/** One contact between two objects, merged over the steps it lasted (DESIGN 5). */
export interface ContactEvent {
  /** Ids of the two objects, a < b. */
  readonly objects: readonly [number, number]
  /** Seconds, first and last step in touch. `end` is null when still touching at the end of the motion. */
  readonly begin: number
  readonly end: number | null
  /** Sum of normal impulses over the contact, N s. */
  readonly impulse: number
  /** Largest normal force of one step, N, and the time of that step. */
  readonly maxForce: number
  readonly maxForceTime: number
  /** Contact point at the first touching step, world. */
  readonly point: Vec3
  /** Unit normal at the first touching step, world, from objects[0] to objects[1]. */
  readonly normal: Vec3
  /** Velocity of objects[1] relative to objects[0] at the point just before the touch, m/s. */
  readonly relativeVelocity: Vec3
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

export interface Motion {
  /** Seconds: −1/fps and frames/fps, half of the longest readout of a rolling shutter before and after. Times outside are clamped. */
  readonly start: number
  readonly end: number
  /** Pose of an object at `t` seconds; slerp between steps. Static, kinematic and body-less objects answer too. */
  pose(objectId: number, t: number): Pose
  velocity(objectId: number, t: number): Twist
  /** Undefined for an object without a body. */
  body(objectId: number): BodyProperties | undefined
  /** In order of `begin`, then of ids. */
  readonly contacts: readonly ContactEvent[]
  /** Every contact point of every step, where they were asked for: by time, then by ids. */
  readonly rawContacts?: readonly RawContact[]
}
