import { z } from 'zod'
import { cameraSchema } from './camera.ts'
import { fogSchema } from './fog.ts'
import { geometrySchema } from './geometry.ts'
import { environmentSchema, lightSchema } from './light.ts'
import { isTexture, materialSchema, textureSchema } from './material.ts'
import { objectSchema } from './object.ts'
import { name, positive, vec3 } from './primitives.ts'

const shape = z.strictObject({
  version: z.literal(1).default(1),
  /** Frame f is at f / fps seconds, f = 0 … frames − 1. The simulation starts one frame earlier and ends one later, so that flow is defined at both ends. */
  frames: z.number().int().min(1).max(100_000).default(24),
  fps: positive.default(12),
  /** m/s². */
  gravity: vec3.default([0, 0, -9.81]),
  /** Physics steps a second. */
  stepRate: z.number().min(1).max(100_000).default(240),
  cameras: z.array(cameraSchema).min(1),
  lights: z.array(lightSchema).default([]),
  environment: environmentSchema.optional(),
  fog: fogSchema.optional(),
  geometries: z.record(name, geometrySchema).default({}),
  textures: z.record(name, textureSchema).default({}),
  materials: z.record(name, materialSchema).default({}),
  objects: z.array(objectSchema).default([]),
  /** All semantic classes that clips of its kind may hold, in the order of their numbers from 1. Without it, those of the scene's own objects, sorted. */
  categories: z.array(z.string().min(1)).optional(),
  /** Anything the world wants to record about the clip. */
  metadata: z.record(z.string(), z.json()).default({}),
})

/** A whole world as one frozen JSON value. Every cross-reference is checked here, so that inner code need not. */
export const sceneSchema: typeof shape = shape.superRefine((scene, context) => {
  const issue = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message })
  const unique = (kind: 'cameras' | 'lights' | 'objects', values: readonly (string | number)[], field: string) =>
    values.forEach((v, i) => {
      if (values.indexOf(v) !== i) issue([kind, i, field], `${field} ${JSON.stringify(v)} is used twice; each must be unique`)
    })
  unique(
    'cameras',
    scene.cameras.map(c => c.name),
    'name',
  )
  unique(
    'lights',
    scene.lights.map(l => l.name),
    'name',
  )
  unique(
    'objects',
    scene.objects.map(o => o.id),
    'id',
  )
  unique(
    'objects',
    scene.objects.map(o => o.name),
    'name',
  )
  const known = (record: object, ref: string, path: (string | number)[], kind: string) => {
    if (!Object.hasOwn(record, ref))
      issue(path, `there is no ${kind} named "${ref}"; the scene has: ${Object.keys(record).join(', ') || 'none'}`)
  }
  scene.categories?.forEach((c, i) => {
    if (scene.categories!.indexOf(c) !== i) issue(['categories', i], `category ${JSON.stringify(c)} is listed twice; each must be unique`)
  })
  scene.objects.forEach((o, i) => {
    if (scene.categories && !scene.categories.includes(o.category))
      issue(['objects', i, 'category'], `${JSON.stringify(o.category)} is not in categories; add it there: ${scene.categories.join(', ')}`)
    known(scene.geometries, o.geometry, ['objects', i, 'geometry'], 'geometry')
    for (const m of o.material === undefined ? [] : [o.material].flat()) known(scene.materials, m, ['objects', i, 'material'], 'material')
  })
  for (const [id, material] of Object.entries(scene.materials)) {
    for (const [field, value] of Object.entries(material)) {
      if (isTexture(value)) known(scene.textures, value.texture, ['materials', id, field], 'texture')
    }
  }
}) as typeof shape

export type Scene = Readonly<z.infer<typeof shape>>
/** What a person or a world writes: defaults may be left out. */
export type SceneInput = z.input<typeof shape>
