/** Kubric's own folders, read into this project's terms: ids, units, axes and signs as everywhere here. */
import type { z } from 'zod'
import { DataError } from '../../error.ts'
import type { Layer, LayerSpec } from '../../layer.ts'
import { SampleReader } from '../../layout/reader.ts'
import { check } from '../../schema/check.ts'
import { parseJson } from '../../schema/json.ts'
import type { Collision, InstanceTrack, Sample } from '../../schema/sample.ts'
import { type BlobStore, MissingBlob } from '../../store/blob-store.ts'
import { MOVI_LAYERS, type MoviLayer, moviFile } from './layers.ts'
import { type MoviEvents, type MoviInstance, type MoviMetadata, type MoviRanges, moviEvents, moviMetadata, moviRanges } from './schema.ts'

/** Id of all that MOVi’s segmentation numbers 0: floor, dome, walls, and what is never seen. */
export const MOVI_BACKGROUND = 65535
/** Geometry of objects whose bounds are not told. */
export const UNKNOWN_GEOMETRY = ''
const METADATA = 'metadata.json'

type V3 = [number, number, number]
type Q = [number, number, number, number]

/** Folders of a store that hold a MOVi clip, '' for the store itself. */
export async function findMovi(store: BlobStore): Promise<readonly string[]> {
  const files = new Set((await store.list('')).map(f => f.path))
  return [...files]
    .filter(f => f === METADATA || f.endsWith(`/${METADATA}`))
    .map(f => f.slice(0, -METADATA.length))
    .filter(f => files.has(`${f}segmentation_00000.png`) || files.has(`${f}rgba_00000.png`))
    .map(f => f.replace(/\/$/, ''))
    .sort()
}

export class MoviReader extends SampleReader {
  /** Kubric has no flow where there is nothing. */
  override readonly skyMoves = false
  readonly metadata: MoviMetadata
  readonly events: MoviEvents
  readonly ranges: MoviRanges
  private readonly present: readonly MoviLayer[]

  constructor(
    store: BlobStore,
    folder: string,
    sample: Sample,
    present: readonly MoviLayer[],
    json: { metadata: MoviMetadata; events: MoviEvents; ranges: MoviRanges },
  ) {
    super(
      store,
      folder,
      sample,
      present.map(l => l.spec),
    )
    this.present = present
    this.metadata = json.metadata
    this.events = json.events
    this.ranges = json.ranges
  }

  override get layers(): readonly LayerSpec[] {
    return this.present.map(l => l.spec)
  }

  /** Path of a file from the store. */
  path(file: string): string {
    return this.folder === '' ? file : `${this.folder}/${file}`
  }

  override file(path: string): Promise<Uint8Array> {
    return this.store.get(this.path(path))
  }

  private of(name: string): MoviLayer {
    const found = this.present.find(l => l.spec.name === name)
    if (!found) throw new DataError(`${this.folder || this.store.name} has no files of "${name}"`)
    return found
  }

  private rangeOf = ({ file }: MoviLayer) => (this.ranges as Record<string, { min: number; max: number } | undefined>)[file]

  override layerPath(name: string, frame: number): string {
    return moviFile(this.of(name), frame)
  }

  override rounding(name: string): number {
    const layer = this.of(name)
    return layer.rounding(this.rangeOf(layer))
  }

  override async layer(name: string, frame: number): Promise<Layer> {
    const found = this.of(name)
    const path = moviFile(found, frame)
    let layer: Layer
    try {
      layer = found.decode(await this.file(path), this.rangeOf(found))
    } catch (e) {
      if (e instanceof MissingBlob) throw e
      throw new DataError(`${this.path(path)}: ${(e as Error).message}`)
    }
    if (name !== 'segmentation') return layer
    // 0 is background where there is something to see.
    const far = this.has('distance') ? (await this.layer('distance', frame)).data : undefined
    return { ...layer, data: (layer.data as Uint16Array).map((id, p) => (id > 0 ? id : far?.[p] === Infinity ? 0 : MOVI_BACKGROUND)) }
  }

  override async arrays(): Promise<undefined> {
    return undefined
  }
}

/** Opens one clip. Throws `DataError` where its JSON files are broken; pictures are read when asked for. */
export async function openMovi(store: BlobStore, folder: string, index: number): Promise<MoviReader> {
  const at = (file: string) => (folder === '' ? file : `${folder}/${file}`)
  const json = async <T extends z.ZodType>(file: string, schema: T, otherwise?: z.output<T>): Promise<z.output<T>> => {
    const bytes = await store.get(at(file)).catch(e => {
      if (e instanceof MissingBlob) return undefined
      throw e
    })
    if (!bytes && otherwise !== undefined) return otherwise
    if (!bytes) throw new DataError(`${at(file)} is not there`)
    return check(schema, parseJson(bytes, at(file)), at(file))
  }
  const metadata = await json(METADATA, moviMetadata)
  const events = await json('events.json', moviEvents, { collisions: [] })
  const ranges = await json('data_ranges.json', moviRanges, {})
  const files = new Set((await store.list(folder === '' ? '' : `${folder}/`)).map(f => f.path))
  const present = MOVI_LAYERS.filter(l => files.has(at(moviFile(l, 0))))
  return new MoviReader(store, folder, sampleOf(metadata, events, index), present, { metadata, events, ranges })
}

const xyzw = ([w, x, y, z]: Q): Q => {
  const n = Math.sqrt(w * w + x * x + y * y + z * z) || 1
  return [x / n, y / n, z / n, w / n]
}

function sampleOf(m: MoviMetadata, events: MoviEvents, index: number): Sample {
  const { resolution, frame_rate: fps, num_frames: frames } = m.metadata
  const [width, height] = resolution
  const { camera } = m
  const every = <T>(value: T) => Array.from({ length: frames }, () => value)
  const focal = (camera.focal_length / camera.sensor_width) * width
  const rest = { position: [0, 0, 0] as V3, rotation: [0, 0, 0, 1] as Q }
  return {
    version: 1,
    world: 'movi',
    config: {},
    configHash: '0'.repeat(64),
    seed: 0,
    index,
    bytesEpoch: 0,
    hashes: {},
    resolution,
    fps,
    frames,
    gravity: m.metadata.gravity ?? [0, 0, -10],
    metadata: {},
    cameras: [
      {
        name: 'camera',
        width,
        height,
        fx: every(focal),
        fy: every(focal),
        cx: every(width / 2),
        cy: every(height / 2),
        positions: camera.positions,
        rotations: camera.quaternions.map(xyzw),
        apertures: every(0),
        focusDistances: every(null),
      },
    ],
    lights: [],
    environment: null,
    instances: [
      ...m.instances.map((o, k) => instanceOf(o, k, m)),
      {
        id: MOVI_BACKGROUND,
        name: 'background',
        category: 'background',
        isBackground: true,
        geometry: UNKNOWN_GEOMETRY,
        metadata: {},
        bounds: { min: [0, 0, 0], max: [0, 0, 0] },
        scale: [1, 1, 1],
        positions: every(rest.position),
        rotations: every(rest.rotation),
        before: rest,
        after: rest,
      },
    ],
    events: { collisions: events.collisions.map(c => collisionOf(c, m)) },
    files: {},
  }
}

function instanceOf(o: MoviInstance, k: number, m: MoviMetadata): InstanceTrack {
  const [width, height] = m.metadata.resolution
  const text = (...keys: string[]) => keys.map(key => o[key]).find(v => typeof v === 'string') as string | undefined
  const what = text('asset_id', 'shape', 'shape_label') ?? 'object'
  const rotations = o.quaternions.map(xyzw)
  const boxes = o.bbox_frames && new Map(o.bbox_frames.map((f, i) => [f, o.bboxes?.[i]]))
  return {
    id: k + 1,
    name: `${what}-${k + 1}`,
    category: text('category', 'shape_label', 'shape', 'asset_id') ?? 'object',
    isBackground: false,
    geometry: o.bboxes_3d ? what : UNKNOWN_GEOMETRY,
    metadata: {},
    bounds: boundsOf(o, rotations),
    scale: [1, 1, 1],
    mass: o.mass ?? null,
    friction: o.friction ?? null,
    restitution: o.restitution ?? null,
    positions: o.positions,
    rotations,
    ...(o.velocities ? { velocities: o.velocities } : {}),
    ...(o.angular_velocities ? { angularVelocities: o.angular_velocities } : {}),
    ...(o.visibility ? { visiblePixels: o.visibility } : {}),
    ...(boxes
      ? {
          boxes2d: Array.from({ length: m.metadata.num_frames }, (_, f) => {
            const b = boxes.get(f)
            return b ? ([b[1] * width, b[0] * height, b[3] * width, b[2] * height] as Q) : null
          }),
        }
      : {}),
    ...(o.bboxes_3d ? { boxes3d: o.bboxes_3d as unknown as NonNullable<InstanceTrack['boxes3d']> } : {}),
    ...(o.image_positions ? { projectedCentres: o.image_positions.map(([x, y]): [number, number] => [x * width, y * height]) } : {}),
  }
}

/** The object's own bounds, which metadata.json lacks: the middle of what its corners are in its frame, so that one wrong frame does not decide. */
function boundsOf(o: MoviInstance, rotations: readonly Q[]): { min: V3; max: V3 } {
  const middle = (corner: number, axis: number) => {
    const found = (o.bboxes_3d ?? []).map((box, f) => {
      const [x, y, z, w] = rotations[f]!
      const d = [0, 1, 2].map(k => box[corner]![k]! - o.positions[f]![k]!) as V3
      // Turned back by the conjugate quaternion.
      const [a, b, c] = [-x, -y, -z]
      const t = [2 * (b * d[2] - c * d[1]), 2 * (c * d[0] - a * d[2]), 2 * (a * d[1] - b * d[0])] as V3
      const turned = [d[0] + w * t[0] + b * t[2] - c * t[1], d[1] + w * t[1] + c * t[0] - a * t[2], d[2] + w * t[2] + a * t[1] - b * t[0]]
      return turned[axis]!
    })
    return found.sort((p, q) => p - q)[found.length >> 1] ?? 0
  }
  const at = (corner: number): V3 => [middle(corner, 0), middle(corner, 1), middle(corner, 2)]
  return { min: at(0), max: at(7) }
}

/** Frames from the first picture: Kubric counts from the start of its simulation, one frame before. */
export const pictureFrame = (frame: number, m: MoviMetadata): number => frame - Number(m.flags?.['frame_start'] ?? 1)

function collisionOf(c: MoviEvents['collisions'][number], m: MoviMetadata): Collision {
  const id = (k: number) => (k < 0 || k >= m.instances.length ? MOVI_BACKGROUND : k + 1)
  const frame = pictureFrame(c.frame, m)
  const time = frame / m.metadata.frame_rate
  return {
    instances: [id(c.instances[0]), id(c.instances[1])],
    begin: time,
    end: time,
    frame,
    impulse: c.force / 240,
    maxForce: c.force,
    maxForceTime: time,
    position: c.position,
    normal: c.contact_normal,
    relativeVelocity: [0, 0, 0],
  }
}
