/** Random scenes, most of them extreme, some of them nonsense. A pure function of the key. */
import { type Key, quat, type SceneInput, sceneSchema, TEXTURE_GENERATORS, vec3 } from '@dioramic/scene'
import { z } from 'zod'
import { type Drawing, draw, type Schema } from './draw.ts'
import { JOINTS, MORPHS, randomGeometry } from './meshes.ts'

type Fields = Record<string, unknown>
interface Draft extends Fields {
  cameras: Fields[]
  lights: Fields[]
  geometries: Fields
  textures: Fields
  materials: Fields
  objects: Fields[]
}

const schema = z.toJSONSchema(sceneSchema, { io: 'output', unrepresentable: 'any' }) as Schema
const part = (name: string): Schema => schema.properties![name]!
const element = (name: string): Schema => part(name).items as Schema
const entry = (name: string) => (part(name) as unknown as { additionalProperties: Schema }).additionalProperties

const TEXTURES = ['one', 'two'] as const
const MATERIALS = ['a', 'b', 'c', 'glass'] as const

const arity = (s: Schema): number => (s.anyOf ? Math.max(...s.anyOf.map(arity)) : (s.prefixItems?.length ?? 0))

/** Where the schema asks for four numbers: a unit quaternion, or keyframes of them. An environment turns by an angle. */
const rotation = (key: Key, s: Schema, drawing: Drawing): unknown => {
  if (arity(s) !== 4) return draw(key, s, drawing)
  if (key.fork('keyed?').uniform() < 0.7) return key.rotation()
  return {
    keys: key
      .fork('keys')
      .times(key.fork('n').int(1, 12))
      .map((k, i) => [i * 0.02, k.rotation()]),
  }
}

/** Mostly coefficients that a lens could have: larger ones fold, which is refused. */
const distortion = (key: Key, s: Schema, drawing: Drawing): unknown => {
  if (key.fork('none').uniform() < 0.5) return undefined
  if (key.fork('any').uniform() < 0.1) return draw(key, s, drawing)
  const small = (n: number) =>
    key
      .fork(n)
      .uniforms(n)
      .map(u => (u - 0.5) * 0.02)
  return s.type === 'array' ? small(4) : { k: small(3), p: small(2) }
}

const FIELDS: Drawing['fields'] = {
  rotation,
  distortion,
  texture: key => key.choice(TEXTURES),
  generator: key => key.choice(TEXTURE_GENERATORS),
  parameters: () => ({}),
  resolution: key => [key.fork('w').int(1, 12), key.fork('h').int(1, 12)],
  /** Of pictures that take time to make. */
  height: key => key.int(16, 32),
  size: (key, s, drawing) => (s.type === 'integer' ? key.int(1, 16) : draw(key, s, drawing)),
  /** Pictures that came from elsewhere are not here, but for those of the package. */
  asset: key => key.choice(['nowhere', 'studio', 'studio', 'studio']),
  name: key => key.choice(['a', 'b', 'c', 'd', 'e', 'f']),
  metadata: () => undefined,
  pose: () => undefined,
  animation: () => undefined,
}

function randomPose(key: Key, drawing: Drawing): Fields {
  const number: Schema = { type: 'number' }
  const joint = (k: Key) => ({ rotation: k.rotation(), translation: [0, 1, 2].map(i => draw(k.fork(i), number, drawing)) })
  return {
    joints: Object.fromEntries(JOINTS.map(j => [j, joint(key.fork(j))])),
    morphs: Object.fromEntries(MORPHS.map(m => [m, draw(key.fork(m), number, drawing)])),
  }
}

/** A scene for the key. What `SceneInput` would not allow is meant. */
export function randomScene(key: Key): SceneInput {
  const wild = key.fork('wild').choice([0, 0, 0.01, 0.03, 0.1])
  const drawing: Drawing = { wild, fields: FIELDS }
  const drawn = (k: Key, s: Schema) => draw(k, s, drawing) as Fields
  const named = (names: readonly string[], k: Key, make: (k: Key, i: number) => Fields) =>
    Object.fromEntries(names.map((n, i) => [n, make(k.fork(n), i)]))
  const place = (k: Key, within: number) => k.uniforms(3).map(u => (u * 2 - 1) * within)
  const names = ['g0', 'g1', 'g2']
  const geometries = named(names, key.fork('geometries'), k => randomGeometry(k) as Fields)
  const draft: Draft = {
    frames: key.fork('frames').int(1, 2),
    fps: key.fork('fps').choice([12, 24, 1000, 0.5]),
    stepRate: key.fork('stepRate').choice([240, 60, 30]),
    cameras: key
      .fork('cameras')
      .times(key.fork('cameras?').choice([1, 1, 1, 2]))
      .map((k, i) => camera(k, i, drawn(k, element('cameras')))),
    lights: key
      .fork('lights')
      .times(key.fork('lights?').int(0, 3))
      .map((k, i) => {
        const light = drawn(k, element('lights'))
        const near = 'position' in light && k.fork('near').uniform() < 0.7
        return { ...light, name: `light-${i}`, ...(near ? { position: place(k, 2) } : {}) }
      }),
    geometries,
    textures: named(TEXTURES, key.fork('textures'), k => {
      const one = drawn(k, entry('textures'))
      // A picture from nowhere ends the scene: rarely.
      return one['type'] === 'image' && k.fork('keep').uniform() < 0.95 ? { type: 'procedural', generator: 'checker', size: 8 } : one
    }),
    materials: {
      ...named(MATERIALS, key.fork('materials'), k => drawn(k, entry('materials'))),
      glass: { transmission: 1, roughness: key.fork('rough').choice([0, 0.3, 1]), ior: key.fork('ior').uniform(1, 4) },
    },
    objects: key
      .fork('objects')
      .times(key.fork('objects?').int(0, 6))
      .map((k, i) => ({
        ...drawn(k, element('objects')),
        id: i + 1,
        name: `object-${i}`,
        geometry: k.fork('geometry').choice(names),
        material: k.fork('material').choice(MATERIALS),
        ...(k.fork('near').uniform() < 0.7 ? { position: place(k, 1) } : {}),
      })),
  }
  draft.objects.forEach((o, i) => {
    // Only what nothing pushes follows keyframes: mostly.
    const body = o['body'] as Fields | undefined
    if ((body?.['type'] === 'dynamic' || body?.['type'] === 'static') && key.fork('keep').fork(i).uniform() < 0.95)
      for (const field of ['position', 'rotation']) if (!Array.isArray(o[field])) delete o[field]
    const { skin, morphs } = geometries[o['geometry'] as string] as Fields
    const k = key.fork('poses').fork(i)
    if ((skin || morphs) && k.fork('?').uniform() < 0.8) Object.assign(o, { pose: randomPose(k, drawing), body: { type: 'none' } })
  })
  if (key.fork('environment?').uniform() < 0.7) draft['environment'] = drawn(key.fork('environment'), part('environment'))
  for (const [name, situation] of Object.entries(SITUATIONS)) {
    const k = key.fork(name)
    if (k.fork('?').uniform() < situation.chance) situation.make(draft, k)
  }
  return draft as unknown as SceneInput
}

/** Most cameras look at the middle of things. */
function camera(key: Key, index: number, drawn: Fields): Fields {
  const named = { ...drawn, name: `camera-${index}` }
  if (key.fork('free').uniform() < 0.2) return named
  const position = vec3.scale(key.fork('from').direction(), key.fork('far').uniform(0.2, 5))
  return { ...named, position, rotation: quat.lookAt(position, [0, 0, 0]) }
}

/** What goes wrong in other renderers: each changes a scene in place. */
const SITUATIONS: Readonly<Record<string, { readonly chance: number; readonly make: (draft: Draft, key: Key) => void }>> = {
  nestedGlass: {
    chance: 0.12,
    make(draft, key) {
      draft.geometries['ball'] = { type: 'shape', shape: key.fork('shape').choice(['sphere', 'cube', 'cylinder']) }
      const gap = key.fork('gap').choice([0, 1e-7, 0.02, 0.2])
      const shells = Array.from({ length: key.fork('n').int(2, 8) }, (_, i) => 1.5 * (1 - gap) ** i)
      draft.objects.push(
        ...shells.map((s, i) => ({ id: 100 + i, name: `shell-${i}`, geometry: 'ball', material: 'glass', scale: [s, s, s] })),
      )
    },
  },
  blade: {
    chance: 0.1,
    make(draft, key) {
      const axis = key.fork('axis').direction()
      const turn = key.fork('turn').uniform(0.1, 3.1)
      const at = (i: number) => quat.fromAxisAngle(axis, i * turn)
      draft.geometries['blade'] = { type: 'shape', shape: 'plane' }
      draft.objects.push({
        id: 200,
        name: 'blade',
        geometry: 'blade',
        scale: [2, key.fork('width').uniform(0.001, 1), 1],
        rotation: { keys: Array.from({ length: 400 }, (_, i) => [(i - 100) * 0.001, at(i)]) },
      })
      for (const c of draft.cameras) c['shutter'] = 1
    },
  },
  spinning: {
    chance: 0.06,
    make(draft, key) {
      const speed = 10 ** key.fork('speed').uniform(1, 6)
      draft.geometries['top'] = { type: 'shape', shape: 'cone' }
      const body = { type: 'dynamic', angularVelocity: key.direction().map(x => x * speed) }
      draft.objects.push({ id: 201, name: 'spinning', geometry: 'top', body })
    },
  },
  lampInside: {
    chance: 0.15,
    make(draft, key) {
      const at = (draft.objects[0]?.['position'] ?? [0, 0, 0]) as unknown
      draft.lights.push({
        type: 'point',
        name: 'inside',
        position: at,
        radius: key.fork('radius').choice([0, 1e-6, 0.1, 5]),
        power: 10,
        visible: true,
      })
    },
  },
  cameraInside: {
    chance: 0.1,
    make(draft) {
      const at = draft.objects[0]?.['position']
      if (at) draft.cameras[0]!['position'] = at
    },
  },
  /** All objects in one place. */
  coincident: {
    chance: 0.08,
    make(draft) {
      for (const o of draft.objects) {
        o['position'] = [0, 0, 0]
        o['geometry'] = 'g0'
      }
    },
  },
  many: {
    chance: 0.03,
    make(draft, key) {
      draft.objects.push(
        ...Array.from({ length: 150 }, (_, i) => ({
          id: 1000 + i,
          name: `many-${i}`,
          geometry: 'g0',
          position: key
            .fork(i)
            .uniforms(3)
            .map(u => u * 2 - 1),
          scale: [0.1, 0.1, 0.1],
        })),
      )
    },
  },
  far: {
    chance: 0.1,
    make(draft, key) {
      const by = key.fork('by').choice([1e4, 1e6, 1e7, 1e9])
      const move = (p: unknown): unknown => {
        if (Array.isArray(p)) return [(p[0] as number) + by, ...p.slice(1)]
        const { keys, ...rest } = p as { keys: [number, number[]][] }
        return { ...rest, keys: keys.map(([t, v]) => [t, move(v)]) }
      }
      for (const o of [...draft.objects, ...draft.cameras, ...draft.lights])
        if (o['type'] !== 'sun') o['position'] = move(o['position'] ?? [0, 0, 0])
    },
  },
  flatScale: {
    chance: 0.08,
    make(draft, key) {
      for (const [i, o] of draft.objects.entries()) {
        const s = [1, 1, 1]
        s[key.fork(i).int(0, 2)] = key.fork('s').choice([0, 1e-300, 1e-20, 1e-7, 1e7, 1e20])
        o['scale'] = s
      }
    },
  },
  nothing: {
    chance: 0.03,
    make(draft) {
      draft.objects.length = 0
    },
  },
  /** One value anywhere is not what belongs there. */
  poison: {
    chance: 0.15,
    make(draft, key) {
      const places: [Fields, string][] = []
      const walk = (value: unknown) => {
        if (typeof value !== 'object' || value === null) return
        for (const [k, v] of Object.entries(value)) {
          places.push([value as Fields, k])
          walk(v)
        }
      }
      walk(draft)
      const [parent, name] = key.fork('where').choice(places)
      const values = [NaN, Infinity, -Infinity, null, -1, 0, 1e308, '', 'text', [], {}, true, undefined]
      parent[name] = key.fork('what').choice(values)
    },
  },
}
