/** Renders one frame: everything that depends on the time goes into the arena, the kernel traces, the arena is released. */
import type { Motion } from '@dioramic/physics'
import { cameraAt, type Mesh, numberAt, quat, type ResolvedScene, vec3At } from '@dioramic/scene'
import { boundsOf, fillRoom, makeRoom, shapesOf } from './deforming.ts'
import type { EmissionOf } from './emission.ts'
import { type EmittingInstance, writeEmitters } from './emitters.ts'
import type { UploadedEnvironment } from './environment.ts'
import { RenderError } from './errors.ts'
import type { Kernel } from './kernel.ts'
import * as L from './layout.ts'
import { writeLens } from './lens.ts'
import { writeLightList } from './light-list.ts'
import type { rememberTree } from './light-tree.ts'
import { ENVIRONMENT_RECORD, lightRecord } from './lights.ts'
import { emptyBoxes, growBox, poseMatrices } from './pose.ts'
import { type CameraKnot, cameraTurn, knotsOf, type Shutter, sameCamera, sameMatrices, shutterOf, turnBetween } from './shutter.ts'
import { buildTlas } from './tlas.ts'
import type { LightSplit, RadianceFrame, RadianceRequest } from './types.ts'
import type { SceneMemory } from './upload.ts'

/** Limit of indirect light a sample, as Cycles' "clamp indirect": per channel, on average over the three. 0 is none. */
export const CLAMP_INDIRECT = 10
const MAX_BOUNCES = 12

export interface LoadedEnvironment {
  readonly light: UploadedEnvironment & { readonly scale: number }
  readonly background: UploadedEnvironment & { readonly scale: number }
}

export interface FrameContext {
  readonly kernel: Kernel
  readonly resolved: ResolvedScene
  readonly motion: Motion
  readonly memory: SceneMemory
  readonly environment: LoadedEnvironment | null
  readonly emission: EmissionOf
  /** Trees of lamps and of emissive triangles, remembered from frame to frame. */
  readonly lampTree: ReturnType<typeof rememberTree>
  readonly emitterTree: ReturnType<typeof rememberTree>
  readonly writeMaterials: (t: number) => void
}

export function renderFrame(context: FrameContext, request: RadianceRequest): RadianceFrame {
  const { kernel, resolved } = context
  const { scene } = resolved
  const camera = scene.cameras[request.camera]
  if (!camera) throw new RenderError(`there is no camera ${request.camera}; the scene has ${scene.cameras.length}.`)
  const { spp } = request
  if (!Number.isInteger(spp) || spp < 1 || spp > 65536)
    throw new RenderError(`samples a pixel must be an integer from 1 to 65536, got ${spp}.`)
  const { filterGlossy = 0 } = request
  if (!(filterGlossy >= 0 && filterGlossy < Infinity)) throw new RenderError(`filterGlossy must be a density from 0, got ${filterGlossy}.`)
  const [width, height] = camera.resolution
  const [from, to] = request.rows ?? [0, height]
  if (!(Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from <= to && to <= height)) {
    throw new RenderError(`rows must be [from, to) within 0 … ${height}, got [${from}, ${to}).`)
  }
  const shutter = shutterOf(request.frame, scene.fps, camera)
  const middle = request.frame / scene.fps
  const mark = kernel.mark()
  try {
    context.writeMaterials(middle)
    writeLights(context, writeInstances(context, shutter), middle)
    writeFog(context, middle)
    writeCamera(context, request.camera, shutter)
    kernel.setU32(L.P_WIDTH, width)
    kernel.setU32(L.P_HEIGHT, height)
    kernel.setU32(L.P_SPP, spp)
    kernel.setU32(L.P_SEED0, request.seed[0])
    kernel.setU32(L.P_SEED1, request.seed[1])
    kernel.setU32(L.P_BOUNCES, request.maxBounces ?? MAX_BOUNCES)
    kernel.setF32(L.P_CLAMP, CLAMP_INDIRECT)
    kernel.setF32(L.P_FILTER_GLOSSY, filterGlossy)
    // What the samples leave between them.
    kernel.setF32(L.P_FOOTPRINT, 1 / Math.sqrt(spp))
    kernel.setU32(L.C_CLOSEST, 0)
    kernel.setU32(L.C_SHADOW, 0)
    kernel.setU32(L.C_INVALID, 0)
    const pixels = kernel.alloc((to - from) * width * L.PIXEL_BYTES, 'the picture')
    const split = request.split ? kernel.alloc((to - from) * width * L.SPLIT_BYTES, "the picture's light in parts") : 0
    kernel.setU32(L.P_SPLIT, split)
    kernel.call.render(from, to, pixels)
    const picture = readFrame(kernel, pixels, width, to - from, spp)
    return split === 0 ? picture : { ...picture, split: readSplit(kernel, split, (to - from) * width) }
  } finally {
    kernel.release(mark)
  }
}

function readFrame(kernel: Kernel, at: number, width: number, height: number, spp: number): RadianceFrame {
  const n = width * height
  const color = new Float32Array(n * 3)
  const half = new Float32Array(n * 3)
  const square = new Float32Array(n)
  const albedo = new Float32Array(n * 3)
  const normal = new Float32Array(n * 3)
  const depth = new Float32Array(n)
  const coverage = new Float32Array(n)
  const f32 = kernel.f32
  for (let i = 0, p = at >>> 2; i < n; i++, p += L.PIXEL_BYTES / 4) {
    for (let c = 0; c < 3; c++) {
      color[i * 3 + c] = f32[p + c]!
      half[i * 3 + c] = f32[p + 4 + c]!
      albedo[i * 3 + c] = f32[p + 8 + c]!
      normal[i * 3 + c] = f32[p + 12 + c]!
    }
    coverage[i] = f32[p + 3]!
    square[i] = f32[p + 7]!
    depth[i] = f32[p + 15]!
  }
  const rays = { closest: kernel.u32[L.C_CLOSEST >>> 2]!, shadow: kernel.u32[L.C_SHADOW >>> 2]! }
  return { width, height, spp, color, half, square, albedo, normal, depth, coverage, rays }
}

function readSplit(kernel: Kernel, at: number, n: number): LightSplit {
  const part = (offset: number) => {
    const out = new Float32Array(n * 3)
    for (let i = 0, p = (at + offset) >>> 2; i < n; i++, p += L.SPLIT_BYTES / 4) out.set(kernel.f32.subarray(p, p + 3), i * 3)
    return out
  }
  return {
    emission: part(L.SPLIT_EMISSION),
    diffuse: part(L.SPLIT_DIFFUSE),
    specular: part(L.SPLIT_SPECULAR),
    direct: part(L.SPLIT_DIRECT),
    indirect: part(L.SPLIT_INDIRECT),
    shadow: Float32Array.from({ length: n }, (_, i) => kernel.f32[(at + L.SPLIT_EMISSION + i * L.SPLIT_BYTES + 12) >>> 2]!),
  }
}

/** Returns those that emit. */
function writeInstances({ kernel, resolved, motion, memory }: FrameContext, shutter: Shutter): readonly EmittingInstance[] {
  const count = memory.objects.length
  const instances = kernel.alloc(Math.max(1, count) * L.INSTANCE_BYTES, 'instances')
  const boxes = emptyBoxes(count)
  const emitting: EmittingInstance[] = []
  let cutOuts = 0
  memory.objects.forEach((object, i) => {
    const found = resolved.objects[i]!
    const { index } = found
    const shapes = found.deformation ? shapesOf(found, shutter) : null
    const { record, bounds } = shapes
      ? putShapes(kernel, object, shapes, `object "${resolved.scene.objects[index]!.name}"`)
      : { record: object.mesh, bounds: object.blas.bounds }
    const knots = knotsOf(shutter, t => poseMatrices(resolved, motion, index, t), sameMatrices, turnBetween)
    const matrices = kernel.alloc(knots.length * L.KNOT_BYTES, 'instances')
    knots.forEach((k, j) => {
      const p = (matrices + j * L.KNOT_BYTES) >>> 2
      kernel.f32.set(k.worldFromObject, p)
      kernel.f32.set(k.objectFromWorld, p + 12)
      growBox(boxes, i * 6, k.worldFromObject, bounds.min, bounds.max)
    })
    const at = instances + i * L.INSTANCE_BYTES
    kernel.setU32(at + L.INSTANCE_MESH, record)
    kernel.setU32(at + L.INSTANCE_MATERIAL, object.material)
    kernel.setU32(at + L.INSTANCE_KNOTS, knots.length)
    kernel.setU32(at + L.INSTANCE_MATRIX, matrices)
    kernel.setU32(at + L.INSTANCE_FLAGS, object.flags)
    resolved.scene.objects[index]!.scale.forEach((s, k) => {
      kernel.setF32(at + L.INSTANCE_SCALE + k * 4, s)
    })
    kernel.setU32(at + L.INSTANCE_EMITTERS, 0)
    cutOuts |= object.flags & 1
    if (object.flags & 2) emitting.push({ object: i, at, knots, shapes: shapes ?? [found.mesh] })
  })
  const nodes = kernel.put(buildTlas(kernel, boxes, count), 'the top-level BVH')
  kernel.setU32(L.P_TLAS, nodes)
  kernel.setU32(L.P_INSTANCES, instances)
  kernel.setU32(L.P_INSTANCE_COUNT, count)
  kernel.setU32(L.P_FLAGS, cutOuts)
  return emitting
}

function putShapes(kernel: Kernel, object: SceneMemory['objects'][number], shapes: readonly Mesh[], where: string) {
  const bounds = boundsOf(shapes, where)
  const room = makeRoom(kernel, object, shapes.length, where)
  fillRoom(kernel, object, room, shapes)
  return { record: room.record, bounds }
}

function writeLights(context: FrameContext, emitting: readonly EmittingInstance[], t: number): void {
  const { kernel, resolved, environment } = context
  const { scene } = resolved
  const records = scene.lights.map(l => lightRecord(l, t))
  kernel.setU32(L.P_ENV_LIGHT, 0)
  kernel.setU32(L.P_ENV_BACKGROUND, 0)
  if (environment) {
    const strength = scene.environment ? numberAt(scene.environment.strength, t) : 1
    const turn = scene.environment ? numberAt(scene.environment.rotation, t) : 0
    const [, , s, c] = quat.fromAxisAngle([0, 0, 1], 2 * turn)
    kernel.setF32(L.P_ENV_COS, c)
    kernel.setF32(L.P_ENV_SIN, s)
    kernel.setF32(L.P_ENV_IRRADIANCE, environment.light.mean * strength * Math.PI)
    kernel.setF32(environment.light.at + L.ENV_SCALE, environment.light.scale * strength)
    kernel.setF32(environment.background.at + L.ENV_SCALE, environment.background.scale * strength)
    kernel.setU32(L.P_ENV_LIGHT, environment.light.at)
    kernel.setU32(L.P_ENV_BACKGROUND, environment.background.at)
    if (environment.light.mean * strength > 0) records.unshift(ENVIRONMENT_RECORD)
  }
  const emitters = writeEmitters(kernel, resolved, emitting, context.emission, context.emitterTree, t)
  writeLightList(kernel, records, emitters, context.lampTree)
}

function writeFog({ kernel, resolved }: FrameContext, t: number): void {
  const { fog } = resolved.scene
  kernel.setF32(L.P_FOG_DENSITY, fog ? numberAt(fog.density, t) : 0)
  if (!fog) return
  kernel.setF32(L.P_FOG_ANISOTROPY, fog.anisotropy)
  for (const [at, v] of [
    [L.P_FOG_ALBEDO, vec3At(fog.albedo, t)],
    [L.P_FOG_MIN, fog.box.min],
    [L.P_FOG_MAX, fog.box.max],
  ] as const)
    kernel.f32.set([...v, 0], at >>> 2)
}

function writeCamera({ kernel, resolved }: FrameContext, index: number, shutter: Shutter): void {
  const camera = resolved.scene.cameras[index]!
  const knots = knotsOf<CameraKnot>(
    shutter,
    t => {
      const s = cameraAt(camera, t)
      return { rotation: s.rotation, position: s.position, lens: [s.aperture / 2, s.focusDistance, s.fx, s.fy] }
    },
    sameCamera,
    cameraTurn,
  )
  const still = cameraAt(camera, (shutter.open + shutter.close) / 2)
  const at = kernel.alloc(knots.length * L.CAMERA_STRIDE, 'the camera')
  knots.forEach((k, i) => {
    const p = (at + i * L.CAMERA_STRIDE) >>> 2
    const r = quat.toMatrix3(k.rotation)
    for (let row = 0; row < 3; row++) kernel.f32.set([r[row * 3]!, r[row * 3 + 1]!, r[row * 3 + 2]!, k.position[row]!], p + row * 4)
    kernel.f32.set(k.lens, p + 12)
  })
  kernel.setU32(L.P_CAMERA + L.CAMERA_KNOTS, knots.length)
  kernel.setU32(L.P_CAMERA + L.CAMERA_MATRIX, at)
  kernel.setF32(L.P_CAMERA + L.CAMERA_CX, still.cx)
  kernel.setF32(L.P_CAMERA + L.CAMERA_CY, still.cy)
  kernel.setF32(L.P_CAMERA + L.CAMERA_TIME_ROW, shutter.row)
  kernel.setF32(L.P_CAMERA + L.CAMERA_TIME_SAMPLE, shutter.exposure)
  writeLens(kernel, still, knots)
}
