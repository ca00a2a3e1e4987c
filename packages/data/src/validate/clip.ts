/** One clip as checks see it, through one of its cameras: physical layers by frame (kept while neighbours need them), cameras and poses from −1 to the frame after the last. */

import { UNKNOWN_GEOMETRY } from '../formats/movi/read.ts'
import type { Layer } from '../layer.ts'
import type { SampleReader } from '../layout/reader.ts'
import type { CameraPose, Collision, InstanceTrack, Sample } from '../schema/sample.ts'
import type { State } from './camera/between.ts'
import { type Exposure, exposureOf } from './camera/exposure.ts'
import type { View } from './camera/view.ts'
import { type Rigid, rigid, type V3 } from './maths.ts'
import { sightsOf } from './points.ts'

/** A layer in physical values. */
export interface Values {
  readonly width: number
  readonly height: number
  readonly channels: number
  readonly data: Float32Array | Uint8Array | Uint16Array
}

export class Clip {
  readonly reader: SampleReader
  readonly sample: Sample
  readonly width: number
  readonly height: number
  readonly byId: ReadonlyMap<number, InstanceTrack>
  /** Name of the camera that it is seen through. */
  readonly name: string
  /** Path of the clip's record from the set's folder. */
  readonly record: string
  /** The same clip through each of its cameras, by name. */
  readonly views: ReadonlyMap<string, Clip>
  private readonly cache = new Map<string, Promise<Values | undefined>>()

  /** The clip through each of its cameras; `readers` as `SampleReader.views` gives them. */
  static through(readers: readonly SampleReader[], record: string): readonly Clip[] {
    const views = new Map<string, Clip>()
    for (const reader of readers) views.set(reader.sample.cameras[0]!.name, new Clip(reader, record, views))
    return [...views.values()]
  }

  private constructor(reader: SampleReader, record: string, views: ReadonlyMap<string, Clip>) {
    this.reader = reader
    this.name = reader.sample.cameras[0]!.name
    this.record = record
    this.views = views
    this.sample = reader.sample
    ;[this.width, this.height] = reader.sample.resolution
    this.byId = new Map(reader.sample.instances.map(i => [i.id, i]))
  }

  get frames(): number {
    return this.sample.frames
  }

  has(layer: string): boolean {
    return this.reader.has(layer)
  }

  /** Path of a layer's file from the set's folder; of the one it follows from, where it is not stored itself. */
  file(layer: string, frame: number): string {
    const stored = layer === 'depth' && !this.has('depth') ? 'distance' : layer
    const path = this.reader.layerPath(stored, frame)
    return this.reader.folder === '' ? path : `${this.reader.folder}/${path}`
  }

  files(frame: number, ...layers: readonly string[]): string[] {
    return layers.map(layer => this.file(layer, frame))
  }

  /** Undefined outside the clip, when there is no such layer, and when its file cannot be read (another check says so). Depth follows from distance. */
  values(layer: string, frame: number): Promise<Values | undefined> {
    const derived = layer === 'depth' && !this.has(layer) && this.has('distance')
    if (frame < 0 || frame >= this.frames || !(derived || this.has(layer))) return Promise.resolve(undefined)
    const key = `${frame} ${layer}`
    let found = this.cache.get(key)
    if (!found) {
      found = derived ? depthOf(this, frame) : this.load(layer, frame)
      this.cache.set(key, found)
    }
    return found
  }

  /** Several layers of a frame; undefined unless all are there. */
  async together(frame: number, ...layers: readonly string[]): Promise<readonly Values[] | undefined> {
    const found = await Promise.all(layers.map(layer => this.values(layer, frame)))
    return found.every(v => v !== undefined) ? found : undefined
  }

  /** Those of several layers of a frame that are there. */
  async *present(frame: number, layers: Iterable<string>): AsyncGenerator<readonly [name: string, layer: Values]> {
    for (const name of layers) {
      const layer = await this.values(name, frame)
      if (layer) yield [name, layer]
    }
  }

  /** The same of a frame and the next one, and the two files. */
  async *pairs(
    frame: number,
    layers: Iterable<string>,
  ): AsyncGenerator<readonly [name: string, now: Values, next: Values, compared: readonly string[]]> {
    for await (const [name, now] of this.present(frame, layers)) {
      const next = await this.values(name, frame + 1)
      if (next) yield [name, now, next, [this.file(name, frame), this.file(name, frame + 1)]]
    }
  }

  /** Integers stay as stored; the rest becomes physical. */
  private async load(name: string, frame: number): Promise<Values | undefined> {
    const layer: Layer | undefined = await this.reader.layer(name, frame).catch(() => undefined)
    if (!layer || layer.width !== this.width || layer.height !== this.height) return undefined
    const { scale, offset } = this.reader.spec(name)
    if (scale === 1 && offset === 0) return layer
    const data = new Float32Array(layer.data.length)
    for (let i = 0; i < data.length; i++) data[i] = layer.data[i]! * scale + offset
    return { ...layer, data }
  }

  /** How far a layer's values may be from the truth by the rounding of what is stored. */
  rounding(layer: string): number {
    return this.reader.rounding(layer)
  }

  /** Whether an object's bounds are known. */
  shaped(id: number): boolean {
    return this.byId.get(id)?.geometry !== UNKNOWN_GEOMETRY
  }

  private readonly notes = new Map<string, Promise<unknown>>()

  /** What checks derive and ask for again. Notes of a `frame` go with its layers; those of none stay and must be small. */
  note<T>(key: string, make: () => Promise<T>, frame?: number): Promise<T> {
    const name = frame === undefined ? key : `${frame} ${key}`
    const notes = frame === undefined ? this.notes : (this.cache as Map<string, Promise<unknown>>)
    const found = notes.get(name) ?? make()
    notes.set(name, found)
    return found as Promise<T>
  }

  /** Forgets frames that no check will ask for again. */
  release(before: number): void {
    for (const key of this.cache.keys()) if (Number(key.split(' ')[0]) < before) this.cache.delete(key)
  }

  /** Why the camera's geometry cannot be checked, or undefined. */
  get blind(): string | undefined {
    const { lens } = this.sample.cameras[0]! as { lens?: { model: string } }
    return this.exposure(0) ? undefined : `the validator knows no lens of model ${lens?.model}`
  }

  private readonly exposures = new Map<number, Exposure | undefined>()

  /** What the first camera sees in a frame, −1 and `frames` included where recorded. */
  exposure(frame: number): Exposure | undefined {
    if (!this.exposures.has(frame)) this.exposures.set(frame, exposureOf(this, frame))
    return this.exposures.get(frame)
  }

  /** The first camera at a frame's time, −1 and `frames` included where recorded. */
  cameraState(frame: number): CameraPose | undefined {
    const c = this.sample.cameras[0]!
    if (frame === -1) return c.before
    if (frame === this.frames) return c.after
    const [fx, fy, cx, cy] = [c.fx[frame], c.fy[frame], c.cx[frame], c.cy[frame]]
    const position = c.positions[frame]
    const rotation = c.rotations[frame]
    if (fx === undefined || fy === undefined || cx === undefined || cy === undefined || !position || !rotation) return undefined
    return { fx, fy, cx, cy, position, rotation }
  }

  /** The view at a frame's time, whatever its rows see. */
  camera(frame: number): View | undefined {
    return this.exposure(frame)?.view(this.height / 2)
  }

  /** Pose of an object at a frame, −1 and `frames` included where recorded, and its velocities per frame interval. */
  state(id: number, frame: number): State | undefined {
    const i = this.byId.get(id)
    if (!i) return undefined
    if (frame === -1) return i.before
    if (frame === this.frames) return i.after
    const position = i.positions[frame]
    const rotation = i.rotations[frame]
    if (!position || !rotation) return undefined
    const a = (v: V3 | undefined): V3 | undefined => v && (v.map(x => x / this.sample.fps) as unknown as V3)
    return { position, rotation, velocity: a(i.velocities?.[frame]), spin: a(i.angularVelocities?.[frame]) }
  }

  /** Whether an object has a skin or morph targets that move it: then its points keep no place in its frame. */
  deforms(id: number): boolean {
    return this.byId.get(id)?.['deforms'] === true
  }

  pose(id: number, frame: number): Rigid | undefined {
    const found = this.state(id, frame)
    return found && rigid(found)
  }

  /** Whether a contact of the object begins or ends from one frame (not rounded) to another. */
  struck(id: number, from: number, to: number): boolean {
    this.contacts ??= contactsOf(this.sample)
    const { fps } = this.sample
    const within = (t: number | null) => t !== null && t * fps >= from && t * fps <= to
    return (this.contacts.get(id) ?? []).some(c => within(c.begin) || within(c.end))
  }

  /** Whether the object touches anything from one frame (not rounded) to another. */
  touched(id: number, from: number, to: number): boolean {
    this.contacts ??= contactsOf(this.sample)
    const { fps } = this.sample
    return (this.contacts.get(id) ?? []).some(c => c.begin * fps <= to && (c.end === null || c.end * fps >= from))
  }

  private contacts: ReadonlyMap<number, readonly Collision[]> | undefined
}

async function depthOf(clip: Clip, frame: number): Promise<Values | undefined> {
  const distance = await clip.values('distance', frame)
  const rays = await sightsOf(clip, frame)
  return distance && rays && { ...distance, data: distance.data.map((d, p) => (d === Infinity ? d : d * rays.axial[p]!)) as Float32Array }
}

function contactsOf({ events }: Sample): ReadonlyMap<number, readonly Collision[]> {
  const out = new Map<number, Collision[]>()
  for (const c of events.collisions) for (const id of c.instances) out.set(id, [...(out.get(id) ?? []), c])
  return out
}
