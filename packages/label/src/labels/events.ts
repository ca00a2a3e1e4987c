/**
 * `events`: contacts of the clip, each merged over the steps it lasted, with the image of its first point through the camera *at that time*.
 * Objects are named by their stable ids, visible or not.
 */
import type { Motion } from '@dioramic/physics'
import { cameraAt, project, type ResolvedScene, type Vec3 } from '@dioramic/scene'
import { type GlobalLabel, LabelError } from '../label.ts'

export interface CollisionEvent {
  /** Ids of the two objects, the smaller first. */
  readonly instances: readonly [number, number]
  /** Seconds of the first and last step in touch; `end` is null when still in touch at the end of the simulation. */
  readonly begin: number
  readonly end: number | null
  /** The same as frame numbers, not rounded: time · fps. Negative before the first frame. */
  readonly frame: number
  readonly endFrame: number | null
  /** First point of contact, metres, world, and unit normal from instances[0] to instances[1]. */
  readonly position: Vec3
  readonly normal: Vec3
  /** m/s of instances[1] relative to instances[0] at the point, just before. */
  readonly relativeVelocity: Vec3
  /** N s, over the whole contact. */
  readonly impulse: number
  /** Largest normal force of one step, N, and that step's time, seconds. */
  readonly maxForce: number
  readonly maxForceTime: number
  /** [u, v] of `position`, raster pixels, through the camera at `begin`; null behind the camera. */
  readonly imagePosition: readonly [number, number] | null
  /** Metres along the optical axis, negative behind. */
  readonly depth: number
  /** `begin` is between the first and the last frame. */
  readonly inClip: boolean
  /** `imagePosition` is inside the picture. Another object may still hide it. */
  readonly inFrame: boolean
}

export const events: GlobalLabel = {
  kind: 'clip',
  name: 'events',
  definition:
    'Contacts between two instances (ids, ascending), merged over the steps they lasted: begin, end (s), frame, endFrame (the same times · fps, not rounded; null when still touching), position (m, world) and normal (from instances[0] to instances[1]) at the first touch, relativeVelocity (m/s), impulse (N s), maxForce (N) and maxForceTime (s), imagePosition ([u, v] raster pixels of position through the camera at begin; null behind it), depth (m), inClip, inFrame.',
}

/** Contact events of the clip as camera `camera` sees them, in order of `begin`. */
export function clipEvents(resolved: ResolvedScene, motion: Motion, camera = 0): readonly CollisionEvent[] {
  const { cameras, fps, frames } = resolved.scene
  const lens = cameras[camera]
  if (!lens) throw new LabelError(`Camera ${camera} does not exist: the scene has cameras 0 to ${cameras.length - 1}.`)
  return motion.contacts.map(contact => {
    const state = cameraAt(lens, contact.begin)
    const { u, v, depth, imaged } = project(state, contact.point)
    const frame = contact.begin * fps
    return {
      instances: contact.objects,
      begin: contact.begin,
      end: contact.end,
      frame,
      endFrame: contact.end === null ? null : contact.end * fps,
      position: contact.point,
      normal: contact.normal,
      relativeVelocity: contact.relativeVelocity,
      impulse: contact.impulse,
      maxForce: contact.maxForce,
      maxForceTime: contact.maxForceTime,
      imagePosition: imaged ? [u, v] : null,
      depth,
      inClip: frame >= 0 && frame <= frames - 1,
      inFrame: imaged && u >= 0 && u < state.width && v >= 0 && v < state.height,
    }
  })
}
