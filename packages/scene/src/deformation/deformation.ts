/** A rig and the movements that an object gives it: what a renderer and labels evaluate at any time. */
import type { Quat } from '../maths/quat.ts'
import type { Vec3 } from '../maths/vec3.ts'
import { MeshError } from '../mesh/check.ts'
import { type Curve, isKeyframes } from '../schema/animated.ts'
import type { SceneObject } from '../schema/object.ts'
import { suggest } from '../suggest.ts'
import { checkPose, jointOrder, type Rig } from './rig.ts'

/** A value over time, and whether its times are the clip's or the scene's. */
export interface Channel<T> {
  readonly value: Curve<T>
  readonly clip: boolean
}

export interface JointChannels {
  readonly translation: Channel<Vec3>
  readonly rotation: Channel<Quat>
  readonly scale: Channel<Vec3>
}

/** Clip time from scene time: (t − start) · speed, begun again at `duration` where it loops. */
interface Clock {
  readonly start: number
  readonly speed: number
  readonly duration: number
  readonly loop: boolean
}

export interface Deformation {
  readonly rig: Rig
  /** Parents first. */
  readonly order: Uint32Array
  /** One a joint of the rig. */
  readonly joints: readonly JointChannels[]
  /** One a morph target of the rig. */
  readonly morphs: readonly Channel<number>[]
  readonly clock: Clock
  /** Whether nothing of it changes over time. */
  readonly still: boolean
}

const NO_CLOCK: Clock = { start: 0, speed: 1, duration: 0, loop: false }

/** The deformation of an object with a pose or an animation. Throws `MeshError` naming what its geometry lacks. */
export function deformationOf(object: Pick<SceneObject, 'pose' | 'animation'>, rig: Rig | null): Deformation {
  if (!rig) throw new MeshError('it has a pose or an animation, but its geometry has neither skin nor morph targets; remove them')
  const { animation } = object
  const clip = animation && rig.clips.get(animation.clip)
  if (animation && !clip) throw new MeshError(`its geometry has no clip "${animation.clip}"; ${suggest(animation.clip, rig.clips.keys())}`)
  const pose = object.pose ?? { joints: {}, morphs: {} }
  checkPose('it', rig, pose)
  const channel = <T>(own: Curve<T> | undefined, clips: Curve<T> | undefined, rest: T): Channel<T> =>
    own !== undefined ? { value: own, clip: false } : { value: clips ?? rest, clip: clips !== undefined }
  const joints = rig.joints.map(({ name, translation, rotation, scale }): JointChannels => {
    const [own, clips] = [pose.joints[name], clip?.joints[name]]
    return {
      translation: channel<Vec3>(own?.translation, clips?.translation, translation),
      rotation: channel<Quat>(own?.rotation, clips?.rotation, rotation),
      scale: channel<Vec3>(own?.scale, clips?.scale, scale),
    }
  })
  const morphs = rig.morphs.map(({ name, weight }) => channel(pose.morphs[name], clip?.morphs[name], weight))
  const channels: readonly Channel<unknown>[] = [...joints.flatMap(j => [j.translation, j.rotation, j.scale]), ...morphs]
  return {
    rig,
    order: jointOrder('it', rig.joints),
    joints,
    morphs,
    clock: animation && clip ? { ...animation, duration: clip.duration } : NO_CLOCK,
    still: !channels.some(c => isKeyframes(c.value)),
  }
}

/** Seconds of the clip at `t` seconds of the scene. */
export function clipTime({ start, speed, duration, loop }: Clock, t: number): number {
  const u = (t - start) * speed
  return loop && duration > 0 && u > 0 ? u - Math.floor(u / duration) * duration : u
}
