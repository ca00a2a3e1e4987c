/** What label tests compare with: its own vectors, pinhole, rotation and brute-force f64 rays. Shares no code with the labels. */
import type { Motion, Pose, Twist } from '@dioramic/physics'
import type { Hits, LightSplit, RayQuery, Rays } from '@dioramic/render'
import { Key, NO_ASSETS, type Quat, quat, type ResolvedScene, resolveScene, type SceneInput, sceneSchema } from '@dioramic/scene'
import { clipContext, frameContext } from '../../src/context.ts'
import type { ClipContext, FrameContext } from '../../src/label.ts'

export type V = readonly [number, number, number]
export const plus = (a: V, b: V, k = 1): V => [a[0] + k * b[0], a[1] + k * b[1], a[2] + k * b[2]]
export const inner = (a: V, b: V): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
export const outer = (a: V, b: V): V => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
export const norm = (a: V): number => Math.sqrt(inner(a, a))
export const unit = (a: V): V => plus([0, 0, 0], a, 1 / norm(a))

/** Rodrigues' rotation of v by `angle` about the unit axis. */
export function turn(v: V, axis: V, angle: number): V {
  const c = Math.cos(angle)
  const s = Math.sin(angle)
  return plus(plus(plus([0, 0, 0], v, c), outer(axis, v), s), axis, inner(axis, v) * (1 - c))
}
export const turnQuat = (axis: V, angle: number): Quat => {
  const s = Math.sin(angle / 2)
  return [axis[0] * s, axis[1] * s, axis[2] * s, Math.cos(angle / 2)]
}

/** A pinhole by its axes; `f` in pixels, principal point at the centre. */
export interface Eye {
  readonly at: V
  readonly right: V
  readonly up: V
  readonly back: V
  readonly f: number
  readonly width: number
  readonly height: number
}

export function eye(at: V, target: V, f = 80, width = 64, height = 48): Eye {
  const back = unit(plus(at, target, -1))
  const right = unit(outer([0, 0, 1], back))
  return { at, right, up: outer(back, right), back, f, width, height }
}

/** Ray through raster (u, v), unit component along the optical axis. */
export const ray = (e: Eye, u: number, v: number): V =>
  plus(plus(plus([0, 0, 0], e.right, (u - e.width / 2) / e.f), e.up, -(v - e.height / 2) / e.f), e.back, -1)

/** Raster u, v and depth of a world point. */
export function image(e: Eye, p: V): V {
  const q = plus(p, e.at, -1)
  const depth = -inner(q, e.back)
  return [e.width / 2 + (e.f * inner(q, e.right)) / depth, e.height / 2 - (e.f * inner(q, e.up)) / depth, depth]
}

/** The eye as a camera of the scene format; several eyes are keyframes at the given times. */
export function camera(
  eyes: readonly Eye[],
  times: readonly number[] = [],
): Extract<SceneInput['cameras'][number], { aperture?: unknown }> {
  const e = eyes[0]
  const rotation = (x: Eye) => [...quat.fromBasis(x.right, x.up, x.back)] as [number, number, number, number]
  const place = (x: Eye) => [...x.at] as [number, number, number]
  const moving = eyes.length > 1
  return {
    resolution: [e.width, e.height],
    focalLength: (e.f * 32) / e.width,
    sensorWidth: 32,
    position: moving ? { keys: eyes.map((x, i) => [times[i], place(x)]), interpolation: 'linear' } : place(e),
    rotation: moving ? { keys: eyes.map((x, i) => [times[i], rotation(x)]), interpolation: 'linear' } : rotation(e),
  }
}

type MeshInput = { type: 'mesh'; positions: number[]; indices: number[]; uvs?: number[]; normals?: number[] }

/** The square [−size/2, size/2]² at z = 0 with uv over [0, 1]². */
export const square = (size: number): MeshInput => {
  const h = size / 2
  return { type: 'mesh', positions: [-h, -h, 0, h, -h, 0, h, h, 0, -h, h, 0], indices: [0, 1, 2, 0, 2, 3], uvs: [0, 0, 1, 0, 1, 1, 0, 1] }
}

/** Axis-aligned box [−½, ½]³ of 12 triangles. */
export const cube = (): MeshInput => {
  const positions = Array.from({ length: 8 }, (_, i) => [(i & 4) / 4 - 0.5, (i & 2) / 2 - 0.5, (i & 1) - 0.5]).flat()
  const quads = [
    [0, 1, 3, 2],
    [4, 6, 7, 5],
    [0, 4, 5, 1],
    [2, 3, 7, 6],
    [0, 2, 6, 4],
    [1, 5, 7, 3],
  ]
  return { type: 'mesh', positions, indices: quads.flatMap(([a, b, c, d]) => [a, b, c, a, c, d]) }
}

/** A sphere of latitude and longitude; `sagitta` is how far faces lie inside it at most. */
export function sphere(radius: number, stacks = 48, slices = 96): { mesh: MeshInput; sagitta: number } {
  const positions: number[] = []
  const normals: number[] = []
  for (let i = 0; i <= stacks; i++) {
    for (let j = 0; j < slices; j++) {
      const a = (Math.PI * i) / stacks
      const b = (2 * Math.PI * j) / slices
      const n = [Math.sin(a) * Math.cos(b), Math.sin(a) * Math.sin(b), Math.cos(a)]
      normals.push(...n)
      positions.push(...n.map(x => radius * x))
    }
  }
  const indices: number[] = []
  for (let i = 0; i < stacks; i++) {
    for (let j = 0; j < slices; j++) {
      const [a, b] = [i * slices + j, i * slices + ((j + 1) % slices)]
      if (i > 0) indices.push(a, a + slices, b)
      if (i < stacks - 1) indices.push(b, a + slices, b + slices)
    }
  }
  // The farthest chord of a face is at most the diagonal of its patch.
  const half = Math.sqrt((Math.PI / stacks) ** 2 + ((2 * Math.PI) / slices) ** 2) / 2
  return { mesh: { type: 'mesh', positions, indices, normals }, sagitta: radius * (1 - Math.cos(half)) + 1e-6 }
}

export const rest: Pose = { position: [0, 0, 0], rotation: [0, 0, 0, 1] }
type Path = (t: number) => Pose

/** Motion in closed form: what is not named rests at the origin. Bodies have no mass. */
export function closedForm(paths: Readonly<Record<number, Path>>, extra: Partial<Motion> = {}): Motion {
  const still: Twist = { linear: [0, 0, 0], angular: [0, 0, 0] }
  return {
    start: -1,
    end: 1e6,
    contacts: [],
    rawContacts: [],
    pose: (id, t) => paths[id]?.(t) ?? rest,
    velocity: () => still,
    body: () => undefined,
    ...extra,
  }
}

const turned = (q: readonly number[], v: V): V => {
  const [x, y, z, w] = q
  const r = [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)]
  const s = [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)]
  const t = [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)]
  return [inner(r as unknown as V, v), inner(s as unknown as V, v), inner(t as unknown as V, v)]
}

/** Every triangle against every ray, in f64 (Möller and Trumbore 1997). A ball about each object rejects most. */
export function bruteRays(resolved: ResolvedScene, motion: Motion, time: number): RayQuery {
  const world = resolved.objects.map(({ mesh }, k) => {
    const object = resolved.scene.objects[k]
    const pose = motion.pose(object.id, time)
    const s = object.scale
    const points: V[] = []
    for (let i = 0; i < mesh.positions.length; i += 3) {
      const p: V = [mesh.positions[i] * s[0], mesh.positions[i + 1] * s[1], mesh.positions[i + 2] * s[2]]
      points.push(plus(turned(pose.rotation, p), pose.position))
    }
    const centre = points.reduce((a, p) => plus(a, p, 1 / points.length), [0, 0, 0] as V)
    return { points, indices: mesh.indices, centre, reach: Math.max(...points.map(p => norm(plus(p, centre, -1)))) }
  })
  function closest(rays: Rays): Hits {
    const n = rays.count
    const hits = {
      instance: new Int32Array(n).fill(-1),
      primitive: new Uint32Array(n),
      t: new Float64Array(n).fill(Infinity),
      u: new Float64Array(n),
      v: new Float64Array(n),
    }
    for (let i = 0; i < n; i++) {
      const o: V = [rays.origins[3 * i], rays.origins[3 * i + 1], rays.origins[3 * i + 2]]
      const d: V = [rays.directions[3 * i], rays.directions[3 * i + 1], rays.directions[3 * i + 2]]
      const low = typeof rays.tMin === 'number' ? rays.tMin : rays.tMin[i]
      let best = typeof rays.tMax === 'number' ? rays.tMax : rays.tMax[i]
      world.forEach(({ points, indices, centre, reach }, k) => {
        if (norm(outer(plus(centre, o, -1), d)) > norm(d) * reach * (1 + 1e-9)) return
        for (let f = 0; f < indices.length; f += 3) {
          const a = points[indices[f]]
          const e1 = plus(points[indices[f + 1]], a, -1)
          const e2 = plus(points[indices[f + 2]], a, -1)
          const h = outer(d, e2)
          const det = inner(e1, h)
          if (det === 0) continue
          const s = plus(o, a, -1)
          const u = inner(s, h) / det
          if (u < 0 || u > 1) continue
          const q = outer(s, e1)
          const v = inner(d, q) / det
          if (v < 0 || u + v > 1) continue
          const t = inner(e2, q) / det
          if (t <= low || t >= best) continue
          best = t
          hits.instance[i] = k
          hits.primitive[i] = f / 3
          hits.t[i] = t
          hits.u[i] = u
          hits.v[i] = v
        }
      })
    }
    return hits
  }
  return { time, closest, occluded: rays => Uint8Array.from(closest(rays).instance, k => (k < 0 ? 0 : 1)) }
}

export interface Stage {
  readonly resolved: ResolvedScene
  readonly motion: Motion
  context(frame: number, camera?: number): FrameContext
  clip(seed?: number): ClipContext
}

/** A scene of meshes at `fps` 10 with closed-form motion, seen by brute force. Object i has id `ids[i]` or 10·(i + 1). */
export function stage(input: {
  readonly cameras: SceneInput['cameras']
  readonly objects: readonly { mesh: MeshInput; id?: number; scale?: V; path?: Path }[]
  readonly frames?: number
  readonly extra?: Partial<Motion>
  readonly scene?: Partial<SceneInput>
}): Stage {
  const ids = input.objects.map((o, i) => o.id ?? 10 * (i + 1))
  const scene = sceneSchema.parse({
    frames: input.frames ?? 3,
    fps: 10,
    cameras: input.cameras,
    geometries: Object.fromEntries(input.objects.map((o, i) => [`g${i}`, o.mesh])),
    objects: input.objects.map((o, i) => ({ id: ids[i], name: `o${i}`, geometry: `g${i}`, scale: o.scale ?? [1, 1, 1] })),
    ...input.scene,
  })
  const resolved = resolveScene(scene, NO_ASSETS)
  const motion = closedForm(Object.fromEntries(input.objects.flatMap((o, i) => (o.path ? [[ids[i], o.path]] : []))), input.extra)
  return {
    resolved,
    motion,
    clip: (seed = 0) => clipContext({ resolved, motion, rays: t => bruteRays(resolved, motion, t), key: Key.fromSeed(seed) }),
    context: (frame, index = 0) => {
      const [width, height] = scene.cameras[index]?.resolution ?? [0, 0]
      return frameContext({
        resolved,
        motion,
        rays: t => bruteRays(resolved, motion, t),
        camera: index,
        frame,
        light: dark(width * height),
      })
    },
  }
}

/** The light of a picture that nobody lit. */
function dark(pixels: number): LightSplit {
  const black = new Float32Array(3 * pixels)
  return { emission: black, diffuse: black, specular: black, direct: black, indirect: black, shadow: new Float32Array(pixels) }
}

/** Calls `see` with column, row and pixel index of every pixel. */
export function eachPixel(e: { readonly width: number; readonly height: number }, see: (i: number, j: number, p: number) => void): void {
  for (let j = 0, p = 0; j < e.height; j++) for (let i = 0; i < e.width; i++, p++) see(i, j, p)
}
