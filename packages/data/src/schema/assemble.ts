/** Frame records, made by workers in any order, become one columnar sample. */
import { DataError } from '../error.ts'
import type { Language } from '../language/schema.ts'
import { check } from './check.ts'
import { CAMERA_CONSTANT, COLUMN, CONSTANT } from './columns.ts'
import { type Json, toJson } from './json.ts'
import type { CameraPose, SampleBody } from './sample.ts'
import { sampleSchema } from './sample.ts'

/** One camera in one frame: `CameraState` of the scene package fits, with a name. */
export interface CameraRecord extends CameraPose {
  readonly name: string
  readonly width: number
  readonly height: number
  readonly aperture: number
  readonly focusDistance: number
}

/** What labels say of one object in one frame, and its id. */
export type InstanceRecord = { readonly id: number } & Readonly<Record<string, unknown>>

export interface FrameRecord {
  readonly frame: number
  readonly cameras: readonly CameraRecord[]
  /** One record a light; fields that change over the clip become columns. */
  readonly lights: readonly Readonly<Record<string, unknown>>[]
  readonly instances: readonly InstanceRecord[]
  /** What cameras after the first see, in their order. */
  readonly views?: readonly (readonly InstanceRecord[])[]
}

/** Poses one frame outside the clip. */
export interface OutsideRecord {
  readonly cameras: readonly CameraPose[]
  readonly instances: readonly { readonly id: number; readonly position: unknown; readonly rotation: unknown }[]
}

/** What does not change over the clip. */
export interface SampleHead
  extends Pick<
    SampleBody,
    | 'world'
    | 'config'
    | 'configHash'
    | 'seed'
    | 'index'
    | 'bytesEpoch'
    | 'hashes'
    | 'resolution'
    | 'fps'
    | 'frames'
    | 'gravity'
    | 'metadata'
    | 'environment'
  > {
  /** In the scene's order. `geometry` is the shape's name or the asset's id. */
  readonly objects: readonly {
    readonly id: number
    readonly name: string
    readonly category: string
    readonly isBackground: boolean
    readonly geometry: string
    readonly metadata: Readonly<Record<string, unknown>>
    readonly bounds: { readonly min: readonly number[]; readonly max: readonly number[] }
    readonly scale: readonly number[]
    readonly [constant: string]: unknown
  }[]
  readonly collisions: readonly Readonly<Record<string, unknown>>[]
  /** One a camera after the first, in their order. */
  readonly views?: readonly {
    readonly camera: string
    readonly resolution: readonly [number, number]
    readonly collisions: readonly Readonly<Record<string, unknown>>[]
  }[]
  readonly language?: Language
}

const same = (a: Json | undefined, b: Json | undefined) => JSON.stringify(a) === JSON.stringify(b)

/** Columns of one thing over all frames. `constant` decides which fields collapse to one value. */
function columns(
  records: readonly Readonly<Record<string, unknown>>[],
  where: string,
  constant: (field: string, values: readonly Json[]) => boolean,
) {
  const out: Record<string, Json> = {}
  const fields = new Set(records.flatMap(r => Object.keys(r)))
  fields.delete('id')
  for (const field of fields) {
    const values = records.map((r, f) => toJson(r[field] === undefined ? null : r[field], `${where}.${field}[frame ${f}]`))
    if (constant(field, values)) {
      const odd = values.findIndex(v => !same(v, values[0]))
      if (odd > 0) throw new DataError(`${where}: ${field} must be the same in every frame, but frame ${odd} differs from frame 0`)
      out[field] = values[0]!
    } else out[COLUMN[field] ?? field] = values
  }
  return out
}

/**
 * Joins the records of all frames (any order) into one sample without files. Columns have one entry a frame. Throws `DataError` when a frame is
 * missing or twice, when frames disagree about objects or cameras, or when a value is NaN.
 */
export function assembleSample(
  head: SampleHead,
  frames: readonly FrameRecord[],
  outside: { readonly before?: OutsideRecord; readonly after?: OutsideRecord } = {},
): SampleBody {
  const where = `sample ${head.index}`
  const ordered = [...frames].sort((a, b) => a.frame - b.frame)
  if (ordered.length !== head.frames || ordered.some((r, f) => r.frame !== f))
    throw new DataError(`${where}: needs frames 0 to ${head.frames - 1} once each, got ${ordered.map(r => r.frame).join(', ') || 'none'}`)
  const first = ordered[0]!
  const pick = (p: CameraPose) => ({ fx: p.fx, fy: p.fy, cx: p.cx, cy: p.cy, position: p.position, rotation: p.rotation })
  const cameras = first.cameras.map((camera, c) => {
    const records = ordered.map(r => {
      if (r.cameras[c]?.name !== camera.name) throw new DataError(`${where}: frame ${r.frame} lacks camera "${camera.name}"`)
      return r.cameras[c]
    })
    return {
      ...columns(records as unknown as Record<string, unknown>[], `${where}.cameras.${camera.name}`, f => CAMERA_CONSTANT.has(f)),
      ...(outside.before ? { before: toJson(pick(outside.before.cameras[c]!)) } : {}),
      ...(outside.after ? { after: toJson(pick(outside.after.cameras[c]!)) } : {}),
    }
  })
  const lights = first.lights.map((_, i) =>
    columns(
      ordered.map(r => r.lights[i] ?? {}),
      `${where}.lights[${i}]`,
      (_f, v) => v.every(x => same(x, v[0])),
    ),
  )
  const edge = (o: OutsideRecord | undefined, id: number) => {
    const found = o?.instances.find(i => i.id === id)
    return found && toJson({ position: found.position, rotation: found.rotation }, `${where}.instances[id ${id}]`)
  }
  const columnsOf = (object: SampleHead['objects'][number], of: (r: FrameRecord) => readonly InstanceRecord[]) => {
    const records = ordered.map((r, f) => {
      const record = of(r).find(i => i.id === object.id)
      if (!record) throw new DataError(`${where}: frame ${f} has no record of object ${object.id} ("${object.name}")`)
      return record
    })
    return columns(records, `${where}.instances.${object.name}`, f => CONSTANT.has(f))
  }
  const instances = head.objects.map(object => {
    const before = edge(outside.before, object.id)
    const after = edge(outside.after, object.id)
    return {
      ...(toJson(object, `${where}.objects.${object.name}`) as Record<string, Json>),
      ...columnsOf(object, r => r.instances),
      ...(before ? { before } : {}),
      ...(after ? { after } : {}),
    }
  })
  const { objects: _objects, collisions, views: heads, ...rest } = head
  const different = (mine: Readonly<Record<string, Json>>, first: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(Object.entries(mine).filter(([key, value]) => !same(value, first[key] as Json | undefined)))
  const views = heads?.map((view, v) => ({
    camera: view.camera,
    resolution: view.resolution,
    instances: head.objects.map((object, k) => ({
      id: object.id,
      ...different(
        columnsOf(object, r => r.views?.[v] ?? []),
        instances[k]!,
      ),
    })),
    collisions: view.collisions.map((c, k) =>
      different(toJson(c, `${where}.views`) as Record<string, Json>, toJson(collisions[k]!, where) as Record<string, Json>),
    ),
  }))
  const body = {
    ...(toJson(rest, where) as object),
    cameras,
    lights,
    instances,
    events: { collisions: toJson(collisions, `${where}.collisions`) },
    ...(views ? { views } : {}),
  }
  return check(bodySchema, body, where) as SampleBody
}

const bodySchema = sampleSchema.omit({ files: true, version: true })
