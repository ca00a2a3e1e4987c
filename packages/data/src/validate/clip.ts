/** One clip as checks see it: physical layers by frame (kept while neighbours need them), cameras and poses from −1 to the frame after the last. */
import type { Layer } from '../layer.ts'
import type { SampleReader } from '../layout/reader.ts'
import type { InstanceTrack, Sample } from '../schema/sample.ts'
import type { Distortion } from './distortion.ts'
import { type Rigid, rigid, type View, view } from './maths.ts'

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
  private readonly cache = new Map<string, Promise<Values | undefined>>()

  constructor(reader: SampleReader) {
    this.reader = reader
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

  /** Path of a layer's file from the set's folder. */
  file(layer: string, frame: number): string {
    return `${this.reader.folder}/${this.reader.layerPath(layer, frame)}`
  }

  get record(): string {
    return `${this.reader.folder}/sample.json`
  }

  /** Undefined outside the clip, when there is no such layer, and when its file cannot be read (another check says so). */
  values(layer: string, frame: number): Promise<Values | undefined> {
    if (frame < 0 || frame >= this.frames || !this.has(layer)) return Promise.resolve(undefined)
    const key = `${frame} ${layer}`
    let found = this.cache.get(key)
    if (!found) {
      found = this.load(layer, frame)
      this.cache.set(key, found)
    }
    return found
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

  /** Why the camera's geometry cannot be checked, or undefined: lenses that the validator does not know, and poses between frames, which no record has. */
  get blind(): string | undefined {
    const { lens, readout } = this.sample.cameras[0]! as { lens?: { model: string }; readout?: number }
    if (readout !== undefined) return 'a rolling shutter sees poses between frames, which are not recorded'
    return lens && lens.model !== 'brown-conrady' ? `${lens.model} lenses are not checked` : undefined
  }

  /** The first camera at a frame, −1 and `frames` included where recorded; undefined where `blind`. */
  camera(frame: number): View | undefined {
    const c = this.sample.cameras[0]!
    if (this.blind) return undefined
    const lens = c['lens'] as Distortion | undefined
    if (frame === -1) return c.before && view(c.before, lens)
    if (frame === this.frames) return c.after && view(c.after, lens)
    const [fx, fy, cx, cy] = [c.fx[frame], c.fy[frame], c.cx[frame], c.cy[frame]]
    const position = c.positions[frame]
    const rotation = c.rotations[frame]
    if (fx === undefined || fy === undefined || cx === undefined || cy === undefined || !position || !rotation) return undefined
    return view({ fx, fy, cx, cy, position, rotation }, lens)
  }

  /** Whether an object has a skin or morph targets that move it: then its points keep no place in its frame. */
  deforms(id: number): boolean {
    return this.byId.get(id)?.['deforms'] === true
  }

  /** Pose of an object at a frame, −1 and `frames` included where recorded. */
  pose(id: number, frame: number): Rigid | undefined {
    const i = this.byId.get(id)
    if (!i) return undefined
    if (frame === -1) return i.before && rigid(i.before)
    if (frame === this.frames) return i.after && rigid(i.after)
    const position = i.positions[frame]
    const rotation = i.rotations[frame]
    return position && rotation && rigid({ position, rotation })
  }
}
