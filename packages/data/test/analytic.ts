/**
 * A data set whose truth is in closed form: spheres that move and turn over a floor, seen by a pinhole that rests or flies. Rays, labels and
 * boxes are computed here in f64 from the formulas of analytic geometry; no renderer and no code of this package takes part.
 */
import {
  assembleSample,
  DatasetWriter,
  encodeLayer,
  type FrameRecord,
  hashConfig,
  type Layer,
  type LayerSpec,
  layerFile,
  MemoryStore,
  makeRecipe,
  type OutsideRecord,
  type Recipe,
  type RecipeInput,
  type SampleBody,
} from '../src/index.ts'

type V = readonly [number, number, number]
type Q = readonly [number, number, number, number]
const plus = (a: V, b: V): V => [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
const minus = (a: V, b: V): V => [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
const times = (a: V, s: number): V => [a[0] * s, a[1] * s, a[2] * s]
const dot = (a: V, b: V) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
const cross = (a: V, b: V): V => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
const unit = (a: V): V => times(a, 1 / Math.sqrt(dot(a, a)))
/** Rotation matrix rows from axis and angle (Rodrigues). */
function turn(axis: V, angle: number): readonly [V, V, V] {
  const [x, y, z] = unit(axis)
  const c = Math.cos(angle)
  const s = Math.sin(angle)
  const d = 1 - c
  return [
    [c + x * x * d, x * y * d - z * s, x * z * d + y * s],
    [y * x * d + z * s, c + y * y * d, y * z * d - x * s],
    [z * x * d - y * s, z * y * d + x * s, c + z * z * d],
  ]
}
type M = readonly [V, V, V]
const apply = (m: M, v: V): V => [dot(m[0], v), dot(m[1], v), dot(m[2], v)]
const applyInverse = (m: M, v: V): V => plus(plus(times(m[0], v[0]), times(m[1], v[1])), times(m[2], v[2]))
const quaternion = (axis: V, angle: number): Q => {
  const a = times(unit(axis), Math.sin(angle / 2))
  return [a[0], a[1], a[2], Math.cos(angle / 2)]
}
/** Quaternion of a rotation matrix with positive trace or any (Shepperd). */
function quaternionOf(m: M): Q {
  const t = m[0][0] + m[1][1] + m[2][2]
  if (t > 0) {
    const s = Math.sqrt(t + 1) * 2
    return [(m[2][1] - m[1][2]) / s, (m[0][2] - m[2][0]) / s, (m[1][0] - m[0][1]) / s, s / 4]
  }
  const i = m[0][0] > m[1][1] && m[0][0] > m[2][2] ? 0 : m[1][1] > m[2][2] ? 1 : 2
  const j = (i + 1) % 3
  const k = (i + 2) % 3
  const s = Math.sqrt(1 + m[i]![i]! - m[j]![j]! - m[k]![k]!) * 2
  const q = [0, 0, 0, (m[k]![j]! - m[j]![k]!) / s]
  q[i] = s / 4
  q[j] = (m[j]![i]! + m[i]![j]!) / s
  q[k] = (m[k]![i]! + m[i]![k]!) / s
  return q as unknown as Q
}

interface Body {
  readonly id: number
  readonly name: string
  /** 0 is the floor z = 0. */
  readonly radius: number
  readonly at: (t: number) => V
  readonly axis: V
  readonly speed: number
  readonly colour: V
}

export interface AnalyticOptions {
  readonly index?: number
  readonly frames?: number
  readonly width?: number
  readonly height?: number
  readonly moving?: boolean
  /** Pixels at most that all labels but depth are seen beside the centre of their pixel, at random, as Kubric's renderer does. */
  readonly jitter?: number
  /** Samples a pixel along x and along y for RGB. */
  readonly spp?: number
}

const FPS = 12
const CONFIG = { objects: 3 }
const HALF_FLOOR = 6

function bodies(index: number): Body[] {
  const shift = 0.7 * index
  return [
    { id: 1, name: 'floor', radius: 0, at: () => [0, 0, 0], axis: [0, 0, 1], speed: 0, colour: [150, 140, 120] },
    {
      id: 2,
      name: 'red',
      radius: 0.7,
      at: t => [-1.2 + 2.4 * t + shift, 0.2, 0.7],
      axis: [0, 1, 0],
      speed: 2.4 / 0.7,
      colour: [220, 60, 50],
    },
    {
      id: 7,
      name: 'blue',
      radius: 0.5,
      at: t => [0.9 - shift, -1.3 + 1.5 * t, 0.5],
      axis: [1, 0.2, 0.3],
      speed: -2,
      colour: [50, 90, 220],
    },
    {
      id: 300,
      name: 'green',
      radius: 0.4,
      at: t => [0.2 - 1.3 * index, 1.4, 2 - 4.9 * t * t - 0.2 * t],
      axis: [0.3, 1, 1],
      speed: 5,
      colour: [60, 190, 80],
    },
  ]
}

interface Camera {
  readonly width: number
  readonly height: number
  readonly f: number
  readonly position: V
  /** Columns right, up, back as rows of the transpose: world = R · camera. */
  readonly r: M
}

function camera(o: Required<AnalyticOptions>, t: number): Camera {
  const move = o.moving ? t : 0
  const position: V = [4.2 + 0.9 * move, -4.6 + 1.3 * move, 2.9 - 0.4 * move]
  const back = unit(minus(position, [0, 0, 0.6]))
  const right = unit(cross([0, 0, 1], back))
  const up = cross(back, right)
  const r: M = [
    [right[0], up[0], back[0]],
    [right[1], up[1], back[1]],
    [right[2], up[2], back[2]],
  ]
  return { width: o.width, height: o.height, f: 1.15 * o.width, position, r }
}

const direction = (c: Camera, u: number, v: number): V => apply(c.r, [(u - c.width / 2) / c.f, -(v - c.height / 2) / c.f, -1])

function project(c: Camera, p: V): { u: number; v: number; depth: number } {
  const q = applyInverse(c.r, minus(p, c.position))
  return { u: c.width / 2 + (c.f * q[0]) / -q[2], v: c.height / 2 - (c.f * q[1]) / -q[2], depth: -q[2] }
}

interface Hit {
  readonly body: Body
  readonly t: number
  readonly point: V
  readonly normal: V
}

function trace(scene: readonly Body[], time: number, origin: V, d: V): Hit | undefined {
  let best: Hit | undefined
  for (const body of scene) {
    let t: number
    if (body.radius === 0) {
      t = -origin[2] / d[2]
      const p = plus(origin, times(d, t))
      if (Math.abs(p[0]) > HALF_FLOOR || Math.abs(p[1]) > HALF_FLOOR) continue
    } else {
      const oc = minus(origin, body.at(time))
      const a = dot(d, d)
      const b = dot(oc, d)
      const disc = b * b - a * (dot(oc, oc) - body.radius * body.radius)
      if (disc <= 0) continue
      t = (-b - Math.sqrt(disc)) / a
    }
    if (!(t > 1e-9) || (best && t >= best.t)) continue
    const point = plus(origin, times(d, t))
    best = { body, t, point, normal: body.radius === 0 ? [0, 0, d[2] < 0 ? 1 : -1] : unit(minus(point, body.at(time))) }
  }
  return best
}

const rotation = (b: Body, t: number): M => turn(b.axis, b.speed * t)
/** Unit-sphere (or floor) coordinates of a world point on a body. */
const local = (b: Body, t: number, p: V): V => times(applyInverse(rotation(b, t), minus(p, b.at(t))), 1 / (b.radius || 1))
const fromLocal = (b: Body, t: number, q: V): V => plus(b.at(t), apply(rotation(b, t), times(q, b.radius || 1)))
const uvOf = (b: Body, q: V): [number, number] =>
  b.radius === 0
    ? [q[0] / 4, q[1] / 4]
    : [0.5 + Math.atan2(q[1], q[0]) / (2 * Math.PI), 0.5 + Math.asin(Math.max(-1, Math.min(1, q[2]))) / Math.PI]

const SUN = unit([0.5, -0.6, 0.9])

function shade(scene: readonly Body[], time: number, origin: V, d: V): V {
  const hit = trace(scene, time, origin, d)
  if (!hit) return [170, 200, 235]
  const q = local(hit.body, time, hit.point)
  const k = hit.body.radius === 0 ? 3 : 7
  const pattern = 0.72 + 0.28 * Math.sin(k * q[0] + 0.4) * Math.sin(k * q[1] + 1) * (hit.body.radius === 0 ? 1 : Math.cos(k * q[2]))
  const lit = Math.max(0, dot(hit.normal, SUN)) * (trace(scene, time, plus(hit.point, times(hit.normal, 1e-6)), SUN) ? 0 : 1)
  return times(hit.body.colour, pattern * (0.35 + 0.65 * lit))
}

const f32 = { dtype: 'f32', encoding: 'npz', scale: 1, offset: 0 } as const
const u8 = { dtype: 'u8', encoding: 'png', scale: 1, offset: 0 } as const
export const SPECS: readonly LayerSpec[] = [
  { name: 'rgb', dtype: 'u8', channels: 3, encoding: 'png', scale: 1 / 255, offset: 0, unit: 'display', definition: 'picture' },
  { name: 'segmentation', dtype: 'u16', channels: 1, encoding: 'png', scale: 1, offset: 0, unit: 'id', definition: 'id' },
  { name: 'depth', ...f32, channels: 1, unit: 'm', definition: 'along the axis' },
  { name: 'distance', ...f32, channels: 1, unit: 'm', definition: 'along the ray' },
  { name: 'normal', dtype: 'u16', channels: 3, encoding: 'png', scale: 1 / 32767, offset: -32768 / 32767, unit: '1', definition: 'world' },
  {
    name: 'object-coordinates',
    dtype: 'u16',
    channels: 3,
    encoding: 'png',
    scale: 1 / 65535,
    offset: 0,
    unit: '1',
    definition: 'in the bounds',
  },
  { name: 'uv', ...f32, channels: 2, unit: '1', definition: 'uv' },
  { name: 'flow-forward', ...f32, channels: 2, unit: 'px', definition: 'right, down' },
  { name: 'flow-forward-mask', ...u8, channels: 1, unit: 'flags', definition: '1 occluded 2 out 4 invalid' },
  { name: 'flow-backward', ...f32, channels: 2, unit: 'px', definition: 'right, down' },
  { name: 'flow-backward-mask', ...u8, channels: 1, unit: 'flags', definition: '1 occluded 2 out 4 invalid' },
]

export interface AnalyticClip {
  readonly body: SampleBody
  readonly frames: readonly ReadonlyMap<string, Layer>[]
}

const full = (o: AnalyticOptions): Required<AnalyticOptions> => ({
  index: 0,
  frames: 5,
  width: 96,
  height: 72,
  moving: false,
  jitter: 0,
  spp: 3,
  ...o,
})

/** Labels and records of one clip. */
export function analyticClip(options: AnalyticOptions = {}): AnalyticClip {
  const o = full(options)
  const scene = bodies(o.index)
  const frames: Map<string, Layer>[] = []
  const records: FrameRecord[] = []
  for (let frame = 0; frame < o.frames; frame++) {
    const { layers, record } = analyticFrame(o, scene, frame)
    frames.push(layers)
    records.push(record)
  }
  const outside = (t: number): OutsideRecord => ({
    cameras: [cameraPose(camera(o, t))],
    instances: scene.map(b => ({ id: b.id, position: b.at(t), rotation: quaternion(b.axis, b.speed * t) })),
  })
  const touch = 1.3 / FPS
  const contact: V = [scene[1]!.at(touch)[0], 0.2, 0]
  const seen = project(camera(o, touch), contact)
  const body = assembleSample(
    {
      world: 'analytic',
      config: CONFIG,
      configHash: hashConfig(CONFIG),
      seed: 3,
      index: o.index,
      bytesEpoch: 1,
      hashes: { kernel: 'analytic' },
      resolution: [o.width, o.height],
      fps: FPS,
      frames: o.frames,
      gravity: [0, 0, -9.81],
      metadata: {},
      environment: null,
      objects: scene.map(b => {
        const h = b.radius === 0 ? HALF_FLOOR : 1
        const z = b.radius === 0 ? 0 : 1
        const s = b.radius || 1
        return {
          id: b.id,
          name: b.name,
          category: b.radius === 0 ? 'floor' : 'sphere',
          isBackground: b.radius === 0,
          geometry: b.radius === 0 ? 'plane' : 'sphere',
          metadata: { colour: b.name },
          bounds: { min: [-h, -h, -z], max: [h, h, z] },
          scale: [s, s, s],
          mass: b.radius === 0 ? null : 4 * b.radius ** 3,
          friction: 0.5,
          restitution: 0.5,
        }
      }),
      collisions: [
        {
          instances: [1, 2],
          begin: touch,
          end: null,
          frame: touch * FPS,
          impulse: 1,
          maxForce: 10,
          maxForceTime: touch,
          position: contact,
          normal: [0, 0, 1],
          relativeVelocity: [0, 0, 0],
          imagePosition: [seen.u, seen.v],
        },
      ],
    },
    records,
    { before: outside(-1 / FPS), after: outside(o.frames / FPS) },
  )
  return { body, frames }
}

const cameraPose = (c: Camera) => ({
  fx: c.f,
  fy: c.f,
  cx: c.width / 2,
  cy: c.height / 2,
  position: c.position,
  rotation: quaternionOf(c.r),
})

/** Where a point of a body (or a direction of the sky) shows in another frame, and whether it is hidden there. */
function follow(scene: readonly Body[], from: number, to: number, there: Camera, hit: Hit | undefined, d: V) {
  const sky = hit === undefined
  const p = sky ? plus(there.position, d) : fromLocal(hit.body, to, local(hit.body, from, hit.point))
  const { u, v, depth } = project(there, p)
  let flags = 0
  if (depth < 1e-3) return { u: NaN, v: NaN, flags: 4 }
  if (!(u >= 0 && u < there.width && v >= 0 && v < there.height)) flags |= 2
  const blocker = trace(scene, to, there.position, direction(there, u, v))
  if (blocker && (sky || blocker.t < depth * (1 - 1e-9))) flags |= 1
  return { u, v, flags }
}

function analyticFrame(
  o: Required<AnalyticOptions>,
  scene: readonly Body[],
  frame: number,
): { layers: Map<string, Layer>; record: FrameRecord } {
  const { width, height } = o
  const t = frame / FPS
  const c = camera(o, t)
  const n = width * height
  const make = { u8: (k: number) => new Uint8Array(k), u16: (k: number) => new Uint16Array(k), f32: (k: number) => new Float32Array(k) }
  const layers = new Map<string, Layer>(
    SPECS.map(s => [s.name, { name: s.name, dtype: s.dtype, width, height, channels: s.channels, data: make[s.dtype](n * s.channels) }]),
  )
  const data = (name: string) => layers.get(name)!.data
  for (let j = 0, p = 0; j < height; j++) {
    for (let i = 0; i < width; i++, p++) {
      const colour = [0, 0, 0]
      for (let a = 0; a < o.spp; a++)
        for (let b = 0; b < o.spp; b++) {
          const s = shade(scene, t, c.position, direction(c, i + (a + 0.5) / o.spp, j + (b + 0.5) / o.spp))
          for (let k = 0; k < 3; k++) colour[k]! += s[k]! / (o.spp * o.spp)
        }
      for (let k = 0; k < 3; k++) data('rgb')[3 * p + k] = Math.round(colour[k]!)
      const d = direction(c, i + 0.5, j + 0.5)
      const first = trace(scene, t, c.position, d)
      const [du, dv] = [7, 13].map(
        k =>
          o.jitter *
          (2 * ((Math.sin(k * (p + 1) * 12.9898 + frame) * 43758.5453) % 1) - Math.sign(Math.sin(k * (p + 1) * 12.9898 + frame))),
      )
      const beside = o.jitter ? direction(c, i + 0.5 + du!, j + 0.5 + dv!) : d
      const hit = o.jitter ? trace(scene, t, c.position, beside) : first
      data('depth')[p] = first ? first.t : Infinity
      data('distance')[p] = first ? first.t * Math.sqrt(dot(d, d)) : Infinity
      data('segmentation')[p] = hit ? hit.body.id : 0
      for (let k = 0; k < 3; k++) data('normal')[3 * p + k] = Math.round((hit ? hit.normal[k]! : 0) * 32767) + 32768
      if (hit) {
        const q = local(hit.body, t, hit.point)
        const h = hit.body.radius === 0 ? HALF_FLOOR : 1
        for (let k = 0; k < 3; k++)
          data('object-coordinates')[3 * p + k] = hit.body.radius === 0 && k === 2 ? 0 : Math.round(((q[k]! + h) / (2 * h)) * 65535)
        data('uv').set(uvOf(hit.body, q), 2 * p)
      }
      for (const [name, to] of [
        ['flow-forward', (frame + 1) / FPS],
        ['flow-backward', (frame - 1) / FPS],
      ] as const) {
        const moved = follow(scene, t, to, camera(o, to), hit, beside)
        data(`${name}-mask`)[p] = moved.flags
        if ((moved.flags & 4) === 0) {
          const flow = [moved.u - i - 0.5 - (o.jitter ? du! : 0), moved.v - j - 0.5 - (o.jitter ? dv! : 0)]
          for (let k = 0; k < 2; k++) data(name)[2 * p + k] = Math.abs(flow[k]!) < 1e-9 ? 0 : flow[k]!
        }
      }
    }
  }
  const seg = data('segmentation')
  const record: FrameRecord = {
    frame,
    cameras: [{ name: 'camera', width, height, ...cameraPose(c), aperture: 0, focusDistance: 1 }],
    lights: [{ type: 'sun', name: 'sun', direction: SUN, irradiance: 3 }],
    instances: scene.map(b => {
      let count = 0
      const box = [Infinity, Infinity, -Infinity, -Infinity]
      seg.forEach((id, p) => {
        if (id !== b.id) return
        count++
        const x = p % width
        const y = Math.floor(p / width)
        box[0] = Math.min(box[0]!, x)
        box[1] = Math.min(box[1]!, y)
        box[2] = Math.max(box[2]!, x + 1)
        box[3] = Math.max(box[3]!, y + 1)
      })
      const h = b.radius === 0 ? HALF_FLOOR : b.radius
      const z = b.radius === 0 ? 0 : b.radius
      const r = rotation(b, t)
      const centre = project(c, b.at(t))
      return {
        id: b.id,
        position: b.at(t),
        rotation: quaternion(b.axis, b.speed * t),
        linearVelocity: times(minus(b.at(t + 1e-5), b.at(t - 1e-5)), 5e4),
        angularVelocity: times(unit(b.axis), b.speed),
        visiblePixels: count,
        box2d: count ? box : null,
        box2dAmodal: b.radius === 0 ? [0, 0, width, height] : sphereBox(c, b.at(t), b.radius),
        box3d: Array.from({ length: 8 }, (_, i) => plus(b.at(t), apply(r, [i & 4 ? h : -h, i & 2 ? h : -h, i & 1 ? z : -z]))),
        projectedCentre: centre.depth > 0 ? [centre.u, centre.v] : null,
        projectedDepth: centre.depth,
      }
    }),
  }
  return { layers, record }
}

/** The box around a sphere's image: tangent planes through the camera centre, clipped to the picture. */
function sphereBox(c: Camera, centre: V, radius: number): readonly number[] | null {
  const q = applyInverse(c.r, minus(centre, c.position))
  const edge = (x: number, sign: number) => {
    const angle = Math.atan2(x, -q[2])
    return Math.tan(angle + sign * Math.asin(radius / Math.hypot(x, q[2])))
  }
  const box = [
    Math.max(0, c.width / 2 + c.f * edge(q[0], -1)),
    Math.max(0, c.height / 2 - c.f * edge(q[1], 1)),
    Math.min(c.width, c.width / 2 + c.f * edge(q[0], 1)),
    Math.min(c.height, c.height / 2 - c.f * edge(q[1], -1)),
  ]
  return box[0]! < box[2]! && box[1]! < box[3]! ? box : null
}

export function analyticRecipe(count: number, formats: RecipeInput['formats'] = ['folder'], specs = SPECS): Recipe {
  return makeRecipe({
    world: 'analytic',
    config: CONFIG,
    seed: 3,
    count,
    settings: { size: [96, 72] },
    bytesEpoch: 1,
    hashes: { kernel: 'analytic' },
    layers: [...specs],
    instanceLabels: [],
    formats,
  })
}

/** Encoded files of a clip, frame by frame. */
export function clipFiles(clip: AnalyticClip, specs = SPECS): { path: string; bytes: Uint8Array }[][] {
  return clip.frames.map((layers, frame) =>
    specs.map(spec => {
      const { extension, bytes } = encodeLayer(spec, layers.get(spec.name)!)
      return { path: layerFile(spec.name, frame, extension), bytes }
    }),
  )
}

/** A finished data set in memory: clip 0 with a resting camera, clip 1 with a flying one. */
export async function analyticDataset(
  clips: readonly AnalyticClip[],
  store = new MemoryStore(),
  formats: RecipeInput['formats'] = ['folder'],
): Promise<MemoryStore> {
  const writer = await DatasetWriter.begin(store, analyticRecipe(clips.length, formats))
  for (const clip of clips) {
    for (const files of clipFiles(clip)) await writer.addFrameFiles(clip.body.index, files)
    await writer.commitSample(clip.body.index, clip.body)
  }
  await writer.finish()
  return store
}
