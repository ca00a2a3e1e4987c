/** Cameras that go after an object wherever the simulation takes it. */
import { initPhysics } from '@dioramic/physics'
import { type Assets, type Camera, resolveScene, type SceneInput, sceneSchema, type Vec3 } from '@dioramic/scene'
import { followPath } from '../toolkit/camera-paths.ts'
import { type CameraOptions, movingCamera } from '../toolkit/cameras.ts'
import type { ObjectDraft } from './object.ts'

export interface FollowOptions extends Omit<CameraOptions, 'position' | 'lookAt' | 'rotation' | 'roll'> {
  /** From the object to the camera, metres, world; it does not turn with the object. */
  readonly offset: Vec3
  /** Seconds that the camera is behind (mean of the last `lag` seconds); 0.25. */
  readonly lag?: number
}

/** A camera whose path is known once everything has been placed and simulated. */
export interface Follower {
  readonly draft: ObjectDraft
  readonly options: FollowOptions
}

/** A scene as the simulation sees it: without lights, materials and cameras of its own. */
export function withoutLooks(input: SceneInput): SceneInput {
  const { environment: _environment, lights: _lights, materials: _materials, textures: _textures, ...rest } = input
  const objects = (input.objects ?? []).map(({ material: _material, ...o }) => o)
  return { ...rest, cameras: [{ position: [0, 0, 0], rotation: [0, 0, 0, 1] }], objects }
}

/** The cameras of followers: the clip is simulated without its looks, then each goes after its object, with four keys a frame. */
export async function followerCameras(
  followers: readonly { readonly id: number; readonly options: FollowOptions }[],
  input: SceneInput,
  assets: Assets,
): Promise<Camera[]> {
  const scene = sceneSchema.parse(withoutLooks(input))
  const motion = (await initPhysics()).simulate(resolveScene(scene, assets))
  const [start, end] = [-1 / scene.fps, scene.frames / scene.fps]
  const keys = 4 * (scene.frames + 1) + 1
  return followers.map(({ id, options: { offset, lag = 0.25, ...camera } }) =>
    movingCamera({ ...camera, start, end, keys, path: followPath(t => motion.pose(id, Math.max(start, t)).position, offset, lag) }),
  )
}
