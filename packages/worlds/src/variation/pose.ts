/** Other first poses of what the simulation moves. */
import { type Assets, type Key, portable, type Quat, quat, type SceneInput, type Vec3, vec3 } from '@dioramic/scene'
import { type Placed, placedObjects, withSpace } from './space.ts'
import type { Change } from './vary.ts'

const TRIALS = 100

/**
 * Every dynamic object that is not background is moved sideways by the severity times its radius and turned about +Z by the severity times half a turn,
 * where that leaves it clear of all others; where 100 directions do not, it stays. Heights, first velocities and what stands on what are not touched: the
 * simulation sees to the rest.
 */
export async function varyPose(scene: SceneInput, key: Key, severity: number, assets: Assets): Promise<Change> {
  const now = [...placedObjects(scene, assets)]
  const objects = [...(scene.objects ?? [])]
  let moved = 0
  for (const [i, o] of objects.entries()) {
    if (o.isBackground || o.body?.type !== 'dynamic') continue
    const self = now[i]!
    const step = severity * self.radius
    const near = now.filter(p => p.index !== i && vec3.distance(p.position, self.position) < p.radius + self.radius + step)
    const pose = await withSpace(near, space =>
      draw(key.fork('object').fork(o.id), self, severity, step, p => space.overlaps(self.item, p)),
    )
    if (!pose) continue
    moved++
    now[i] = { ...self, ...pose }
    objects[i] = {
      ...o,
      position: [...pose.position] as [number, number, number],
      rotation: [...pose.rotation] as [number, number, number, number],
    }
  }
  return { scene: { ...scene, objects }, draws: { moved } }
}

type Pose = { readonly position: Vec3; readonly rotation: Quat }

function draw(key: Key, from: Placed, severity: number, step: number, blocked: (pose: Pose) => string | null): Pose | null {
  for (let trial = 0; trial < TRIALS; trial++) {
    const k = key.fork(trial)
    const angle = k.fork('direction').uniform(0, 2 * Math.PI)
    const yaw = severity * Math.PI * (k.fork('side').uniform() < 0.5 ? 1 : -1)
    const pose = {
      position: vec3.add(from.position, [step * portable.cos(angle), step * portable.sin(angle), 0]),
      rotation: quat.normalize(quat.multiply(quat.fromAxisAngle([0, 0, 1], yaw), from.rotation)),
    }
    if (blocked(pose) === null) return pose
  }
  return null
}
