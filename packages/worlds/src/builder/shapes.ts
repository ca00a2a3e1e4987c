/** Objects to start from: embedded shapes, assets, meshes; and the floor. */
import { geometrySchema, type Key, type SceneInput, SHAPE_NAMES, type ShapeName, type Vec3 } from '@dioramic/scene'
import { randomColor } from '../toolkit/colors.ts'
import { material } from './material.ts'
import { type ObjectDraft, object } from './object.ts'

/** Shapes that are solids (all but the plane). */
export const SOLIDS = SHAPE_NAMES.filter(s => s !== 'plane')

/** An embedded shape; its longest edge is 1 m until `.scaled()`. */
export function shape(name: ShapeName, key?: Key): ObjectDraft {
  if (!SHAPE_NAMES.includes(name)) throw new RangeError(`shape: there is no shape "${name}"; there are ${SHAPE_NAMES.join(', ')}`)
  return object({ type: 'shape', shape: name }, key).category(name)
}

/**
 * An object of `--assets`, by id, at its own size and with its own materials.
 *
 * @param hulls `visual` collides with hulls of the mesh that is seen instead of those that came with it: slower to build, right to a millimetre
 */
export const asset = (id: string, key?: Key, hulls: 'given' | 'visual' = 'given'): ObjectDraft =>
  object(hulls === 'given' ? { type: 'asset', asset: id } : { type: 'asset', asset: id, hulls }, key).category(id)

type MeshInput = Omit<Extract<NonNullable<SceneInput['geometries']>[string], { type: 'mesh' }>, 'type'>

/** Triangles of your own: metres, counter-clockwise seen from outside. With a skin or morph targets, `posed` moves them. */
export function mesh(m: MeshInput, key?: Key): ObjectDraft {
  return object(geometrySchema.parse({ type: 'mesh', ...m }), key)
}

/** One of the solids in a random plain colour, its longest edge uniform in `size` metres. */
export function randomShape(key: Key, options: { size?: readonly [number, number]; shapes?: readonly ShapeName[] } = {}): ObjectDraft {
  const [low, high] = options.size ?? [0.2, 0.2]
  const name = key.fork('shape').choice(options.shapes ?? SOLIDS)
  const roughness = key.fork('roughness').uniform(0.15, 0.7)
  const paint = material(
    { baseColor: [...randomColor(key.fork('color'))], roughness, metallic: key.fork('metal').uniform() < 0.25 ? 1 : 0 },
    'paint',
  )
  return shape(name, key).scaled(key.fork('size').uniform(low, high)).material(paint)
}

/** A flat floor at z = 0, `size` metres square, matt grey unless given a material. */
export function floor(options: { size?: number; at?: Vec3; friction?: number; restitution?: number } = {}): ObjectDraft {
  const s = options.size ?? 40
  return object({ type: 'shape', shape: 'plane' })
    .named('floor')
    .category('floor')
    .asBackground()
    .at(options.at ?? [0, 0, 0])
    .scaled([s, s, 1])
    .material(material({ baseColor: [0.5, 0.5, 0.5], roughness: 0.9 }, 'floor'))
    .fixed({ friction: options.friction ?? 0.5, restitution: options.restitution ?? 0.3 })
}
