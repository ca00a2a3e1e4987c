/** What the factors share: the scene as bodies, its middle, directions of a given length. */
import { initPhysics, type PlacementItem, type PlacementSpace } from '@dioramic/physics'
import {
  type Animated,
  type Assets,
  isKeyframes,
  type Key,
  type Quat,
  quatAt,
  resolveScene,
  type SceneInput,
  sceneSchema,
  type Vec3,
  vec3,
  vec3At,
} from '@dioramic/scene'
import { withoutLooks } from '../builder/follow.ts'

/** An object of a scene with the pose it begins with. */
export interface Placed {
  readonly index: number
  readonly item: PlacementItem
  readonly position: Vec3
  readonly rotation: Quat
  /** Of a ball about its origin that holds it, metres. */
  readonly radius: number
  readonly collides: boolean
}

export function placedObjects(input: SceneInput, assets: Assets): readonly Placed[] {
  const scene = sceneSchema.parse(withoutLooks(input))
  const { objects } = resolveScene(scene, assets)
  return scene.objects.map((o, index) => {
    const source = objects[index]!
    const { min, max } = source.bounds
    const far = [0, 1, 2].map(a => Math.max(Math.abs(min[a]!), Math.abs(max[a]!)) * Math.abs(o.scale[a]!)) as unknown as Vec3
    return {
      index,
      item: { label: o.name, geometry: scene.geometries[o.geometry]!, source, scale: o.scale, moves: o.body.type === 'dynamic' },
      position: vec3At(o.position as Animated<Vec3>, 0),
      rotation: quatAt(o.rotation as Animated<Quat>, 0),
      radius: vec3.length(far),
      collides: o.body.type !== 'none',
    }
  })
}

/** Runs with a space of placed objects and gives its memory back. */
export async function withSpace<T>(objects: readonly Placed[], use: (space: PlacementSpace) => T): Promise<T> {
  const space = (await initPhysics()).placement()
  try {
    for (const o of objects) if (o.collides) space.add(o.item, o)
    return use(space)
  } finally {
    space.free()
  }
}

/** The middle of what a scene is about: mean place of its objects that are not background; the origin without any. */
export function middleOf({ objects = [] }: SceneInput): Vec3 {
  const places = objects.filter(o => !o.isBackground).map(o => vec3At((o.position ?? [0, 0, 0]) as Animated<Vec3>, 0))
  return vec3.scale(
    places.reduce((a, b) => vec3.add(a, b), [0, 0, 0] as Vec3),
    1 / Math.max(1, places.length),
  )
}

/** A vector of `n` numbers of the given length in a uniform direction. */
export function directionOf(key: Key, n: number, length: number): number[] {
  const normals = key.times(n).map(k => k.normal())
  const norm = Math.sqrt(normals.reduce((s, x) => s + x * x, 0))
  return normals.map(x => (x * length) / norm)
}

/** Every value of an animated field changed. */
export function mapAnimated<T>(value: T, change: (v: never) => unknown): T {
  return (
    isKeyframes(value as never)
      ? { ...(value as object), keys: (value as unknown as { keys: [number, never][] }).keys.map(([t, v]) => [t, change(v)]) }
      : change(value as never)
  ) as T
}
