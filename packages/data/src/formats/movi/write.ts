/** A clip as Kubric's MOVi workers leave it: a folder of pictures with metadata.json, events.json and data_ranges.json. The pictures' names count from 0. */
import { DataError } from '../../error.ts'
import type { SampleReader } from '../../layout/reader.ts'
import { jsonBytes } from '../../schema/json.ts'
import type { InstanceTrack, Sample } from '../../schema/sample.ts'
import { poseMatrix } from '../pose-matrix.ts'
import { MOVI_LAYERS, moviFile, type Range } from './layers.ts'
import type { MoviEvents, MoviInstance, MoviMetadata } from './schema.ts'

type V3 = [number, number, number]
/** Ids that an 8-bit palette holds. */
const MOST = 255
/** The first picture is Blender's frame 1. */
const FRAME_START = 1

/** What is seen of an object: pixels and tight box in each frame. */
interface Seen {
  readonly pixels: number[]
  readonly boxes: (readonly [number, number, number, number] | undefined)[]
}

/**
 * Files of the clip through its first camera, one in memory at a time. Visible objects are numbered by the pixels that they have in all frames, most
 * first; backgrounds and what is never seen are 0, as there. Throws `DataError` for what the form cannot hold: another lens than a centred pinhole of one
 * focal length, a rolling shutter, more than 255 visible objects, a background that moves.
 */
export async function* encodeMovi(clip: SampleReader): AsyncGenerator<{ readonly path: string; readonly bytes: Uint8Array }> {
  const { sample } = clip
  requirePinhole(clip)
  const seen = await look(clip)
  const order = sample.instances
    .filter(i => !i.isBackground && seen.has(i.id))
    .map(object => ({ object, total: seen.get(object.id)!.pixels.reduce((a, b) => a + b, 0) }))
    .sort((a, b) => b.total - a.total || a.object.id - b.object.id)
    .map(o => o.object)
  if (order.length > MOST)
    throw new DataError(
      `${clip.folder} shows ${order.length} objects; the palette of MOVi’s segmentation holds ${MOST}: leave out --format movi`,
    )
  const label = new Map(order.map((o, k) => [o.id, k + 1]))
  const ranges: Record<string, Range> = {}
  for (const layer of MOVI_LAYERS) {
    const name = layer.from.find(l => clip.has(l))
    if (!name) continue
    const flow = layer.file.endsWith('_flow')
    if (flow) ranges[layer.file] = await rangeOf(clip, name, layer.file === 'backward_flow')
    for (let frame = 0; frame < sample.frames; frame++) {
      const stored = await clip.values(name, frame)
      const values =
        layer.file === 'segmentation' ? stored.map(id => label.get(id) ?? 0) : flow ? await withoutSky(clip, frame, stored) : stored
      const [width, height] = sample.resolution
      yield { path: moviFile(layer, frame), bytes: layer.encode(values, width, height, ranges[layer.file]) }
    }
  }
  yield json('metadata.json', metadata(clip, order, seen))
  yield json('events.json', events(sample, label))
  yield json('data_ranges.json', ranges)
}

const json = (path: string, value: object) => ({ path, bytes: jsonBytes(value) })

function requirePinhole({ sample, folder }: SampleReader): void {
  const camera = sample.cameras[0]!
  const [width, height] = sample.resolution
  const { fx, fy, cx, cy } = camera
  const near = (a: number, b: number) => Math.abs(a - b) <= 1e-9 * Math.abs(b)
  const plain =
    !('lens' in camera) &&
    !('readout' in camera) &&
    fx.every((f, t) => near(f, fx[0]!) && near(fy[t]!, f) && near(cx[t]!, width / 2) && near(cy[t]!, height / 2))
  if (!plain)
    throw new DataError(
      `${folder}: camera "${camera.name}" is no centred pinhole of one focal length with a global shutter, and MOVi’s form knows no other: leave out --format movi`,
    )
  for (const o of sample.instances)
    if (o.isBackground && new Set([...o.positions, ...o.rotations].map(p => JSON.stringify(p))).size > 2)
      throw new DataError(`${folder}: background "${o.name}" moves, and MOVi’s form has no poses of backgrounds: leave out --format movi`)
}

async function look(clip: SampleReader): Promise<ReadonlyMap<number, Seen>> {
  const { frames, resolution } = clip.sample
  if (!clip.has('segmentation'))
    throw new DataError(`${clip.folder} has no layer "segmentation", which MOVi’s form needs: add it to --labels`)
  const out = new Map<number, Seen>()
  for (let f = 0; f < frames; f++) {
    const { data } = await clip.layer('segmentation', f)
    data.forEach((id, p) => {
      if (id === 0) return
      const seen = out.get(id) ?? { pixels: new Array<number>(frames).fill(0), boxes: new Array<undefined>(frames).fill(undefined) }
      out.set(id, seen)
      const [x, y] = [p % resolution[0], Math.floor(p / resolution[0])]
      const b = seen.boxes[f] ?? [x, y, x, y]
      seen.pixels[f]!++
      seen.boxes[f] = [Math.min(b[0], x), Math.min(b[1], y), Math.max(b[2], x), Math.max(b[3], y)]
    })
  }
  return out
}

/** Kubric has no flow where there is nothing. */
async function withoutSky(clip: SampleReader, frame: number, flow: Float32Array): Promise<Float32Array> {
  const ids = (await clip.layer('segmentation', frame)).data
  return flow.map((x, i) => (ids[i >> 1] === 0 ? 0 : x))
}

/** One range of both channels and all frames. */
async function rangeOf(clip: SampleReader, name: string, negated: boolean): Promise<Range> {
  let [min, max] = [Infinity, -Infinity]
  for (let f = 0; f < clip.sample.frames; f++)
    for (const x of await withoutSky(clip, f, await clip.values(name, f))) {
      const value = negated ? -x : x
      min = Math.min(min, value)
      max = Math.max(max, value)
    }
  return { min: min + 0, max: max + 0 }
}

function metadata(clip: SampleReader, order: readonly InstanceTrack[], seen: ReadonlyMap<number, Seen>): MoviMetadata {
  const { sample } = clip
  const camera = sample.cameras[0]!
  const [width, height] = sample.resolution
  const sensor = (camera['sensorWidth'] as number | undefined) ?? 32
  const focal = (camera.fx[0]! * sensor) / width
  const last = sample.frames - 1
  return {
    flags: {
      frame_start: FRAME_START,
      frame_end: sample.frames,
      frame_rate: sample.fps,
      resolution: `${width}x${height}`,
      seed: sample.seed,
    },
    metadata: {
      resolution: [width, height],
      frame_rate: sample.fps,
      step_rate: 240,
      gravity: sample.gravity,
      num_frames: sample.frames,
      seed: sample.seed,
      num_instances: order.length,
      ...sample.metadata,
    },
    camera: {
      focal_length: focal,
      sensor_width: sensor,
      field_of_view: 2 * arctangent(sensor / 2 / focal),
      positions: camera.positions,
      quaternions: camera.rotations.map(wxyz),
      K: [
        [focal / sensor, 0, -0.5],
        [0, (-focal / sensor) * (width / height), -0.5],
        [0, 0, -1],
      ],
      R: poseMatrix(camera.positions[last]!, camera.rotations[last]!),
    },
    instances: order.map(o => instance(o, seen.get(o.id)!, width, height)),
  }
}

/** Of x ≥ 0, by halving the angle until its series is short: the same bits everywhere. */
function arctangent(x: number): number {
  let t = x
  for (let i = 0; i < 4; i++) t /= 1 + Math.sqrt(1 + t * t)
  let [sum, power] = [0, t]
  for (let k = 1; k < 40; k += 2) {
    sum += power / k
    power *= -t * t
  }
  return 16 * sum
}

const wxyz = ([x, y, z, w]: readonly [number, number, number, number]): [number, number, number, number] => [w, x, y, z]

function instance(o: InstanceTrack, seen: Seen, width: number, height: number): MoviInstance {
  const frames = seen.boxes.flatMap((b, f) => (b ? [f] : []))
  const optional = {
    friction: o.friction ?? undefined,
    restitution: o.restitution ?? undefined,
    velocities: o.velocities,
    angular_velocities: o.angularVelocities,
    // Kubric projects what is behind the camera too; there is nothing to say of it here.
    image_positions: o.projectedCentres?.every(c => c !== null)
      ? o.projectedCentres.map((c): [number, number] => [c![0] / width, c![1] / height])
      : undefined,
  }
  return {
    ...o.metadata,
    asset_id: o.geometry,
    category: o.category,
    is_dynamic: o.mass !== null && o.mass !== undefined,
    mass: o.mass ?? 0,
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
    positions: o.positions,
    quaternions: o.rotations.map(wxyz),
    bboxes_3d: o.positions.map((p, f) => corners(o, p, o.rotations[f]!)),
    visibility: seen.pixels,
    bboxes: frames.map(f => {
      const [x0, y0, x1, y1] = seen.boxes[f]!
      return [y0 / height, x0 / width, (y1 + 1) / height, (x1 + 1) / width]
    }),
    bbox_frames: frames,
  }
}

function corners({ bounds, scale }: InstanceTrack, position: V3, rotation: readonly [number, number, number, number]): V3[] {
  const m = poseMatrix(position, rotation)
  return Array.from({ length: 8 }, (_, i) => {
    const p = [4, 2, 1].map((bit, k) => (i & bit ? bounds.max : bounds.min)[k]! * scale[k]!)
    return [0, 1, 2].map(r => m[r]![0]! * p[0]! + m[r]![1]! * p[1]! + m[r]![2]! * p[2]! + m[r]![3]!) as V3
  })
}

/** One record a contact, at its begin, with its greatest force; Kubric has one a contact point and step. */
function events(sample: Sample, label: ReadonlyMap<number, number>): MoviEvents {
  const [width, height] = sample.resolution
  return {
    collisions: sample.events.collisions.map(c => ({
      instances: c.instances.map(id => (label.get(id) ?? 0) - 1) as [number, number],
      frame: c.begin * sample.fps + FRAME_START,
      force: c.maxForce,
      position: c.position,
      contact_normal: c.normal,
      ...(c.imagePosition ? { image_position: [c.imagePosition[0] / width, c.imagePosition[1] / height] as [number, number] } : {}),
    })),
  }
}
