/** One kernel on a bench: surfaces, lights, environment and camera set by hand, samples by the batch. */
import { type HdrImage, type Light, materialSchema, type SceneInput } from '@dioramic/scene'
import { uploadEnvironment } from '../../src/environment.ts'
import { Kernel } from '../../src/kernel.ts'
import * as L from '../../src/layout.ts'
import { writeLightList } from '../../src/light-list.ts'
import { buildLightTree } from '../../src/light-tree.ts'
import { ENVIRONMENT_RECORD, lightRecord } from '../../src/lights.ts'
import { writeMaterial } from '../../src/materials.ts'
import { createTables, type Tables } from '../../src/tables.ts'
import { random } from '../reference/random.ts'
import { type Hooks, hookedKernel } from './hooks.ts'

export type Vec = readonly [number, number, number]

/** The most rows a batch may have. */
export const BATCH = 1 << 17

type MaterialInput = NonNullable<SceneInput['materials']>[string]

/** A material of plain values, seen under `angle` (radians from the normal) from the azimuth `turn` (from the tangent; 0 by default). White by default, of index 1.5. */
export interface Surface extends Omit<MaterialInput, 'baseColor'> {
  readonly angle: number
  readonly turn?: number
  readonly color?: Vec
  /** Whether the viewer is outside; true by default. */
  readonly entering?: boolean
  /** Of the clearcoat, local, unit. */
  readonly clearcoatNormal?: Vec
}
/** Towards its viewer, in the local frame. */
export const viewer = ({ angle, turn = 0 }: Surface): Vec => [
  Math.sin(angle) * Math.cos(turn),
  Math.sin(angle) * Math.sin(turn),
  Math.cos(angle),
]

export class Laboratory {
  readonly hooks: Hooks
  private readonly kernel: Kernel
  private readonly tables: Tables
  private readonly input: number
  private readonly output: number
  private readonly material: number

  private constructor(kernel: Kernel) {
    this.kernel = kernel
    this.hooks = kernel.call as Hooks
    this.tables = createTables(kernel)
    this.input = kernel.alloc(BATCH * 32, 'input')
    this.output = kernel.alloc(BATCH * 32, 'output')
    this.material = kernel.alloc(L.MATERIAL_BYTES, 'a material')
  }

  static async open(): Promise<Laboratory> {
    return new Laboratory(await Kernel.instantiate(await hookedKernel()))
  }

  /** Runs a hook over rows of `input`, `width` f32 out a row; a copy. */
  run(count: number, input: ArrayLike<number>, width: number, call: (input: number, out: number) => void): Float32Array {
    if (count > BATCH) throw new Error(`${count} rows; a batch has at most ${BATCH}.`)
    this.kernel.f32.set(input, this.input >>> 2)
    call(this.input, this.output)
    return this.kernel.f32.slice(this.output >>> 2, (this.output >>> 2) + count * width)
  }

  surface(s: Surface): void {
    const { angle, turn, color = [1, 1, 1], entering = true, clearcoatNormal = [0, 0, 1], ...rest } = s
    const m = materialSchema.parse({ ior: 1.5, ...rest, baseColor: [...color] })
    writeMaterial(this.kernel, this.material, m, 0, () => -1, this.tables)
    this.hooks.surface(this.material, ...viewer(s), ...clearcoatNormal, entering ? 1 : 0)
  }

  /** Sets the lights, and the environment before them where there is one; returns nothing until `weigh`. */
  lights(lights: readonly Light[], sky: { readonly image: HdrImage; readonly rotation: number } | null = null): void {
    const { kernel } = this
    const records = lights.map(l => lightRecord(l, 0))
    kernel.setU32(L.P_ENV_LIGHT, 0)
    if (sky) {
      const env = uploadEnvironment(kernel, sky.image, 'the sky', true)
      kernel.setF32(env.at + L.ENV_SCALE, env.scale)
      kernel.setF32(L.P_ENV_COS, Math.cos(sky.rotation))
      kernel.setF32(L.P_ENV_SIN, Math.sin(sky.rotation))
      kernel.setF32(L.P_ENV_IRRADIANCE, env.mean * Math.PI)
      kernel.setU32(L.P_ENV_LIGHT, env.at)
      records.unshift(ENVIRONMENT_RECORD)
    }
    writeLightList(kernel, records, null, buildLightTree)
  }

  /** Sets how fog scatters. */
  fog(anisotropy: number): void {
    this.kernel.setF32(L.P_FOG_ANISOTROPY, anisotropy)
  }

  /** A camera at the origin, unturned, with one knot. */
  camera(aperture: number, focus: number, fx: number, cx: number, cy: number): void {
    const { kernel } = this
    const at = kernel.put(Float32Array.from([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, aperture / 2, focus, fx, fx]), 'the camera')
    kernel.setU32(L.P_CAMERA + L.CAMERA_KNOTS, 1)
    kernel.setU32(L.P_CAMERA + L.CAMERA_MATRIX, at)
    kernel.setF32(L.P_CAMERA + L.CAMERA_CX, cx)
    kernel.setF32(L.P_CAMERA + L.CAMERA_CY, cy)
  }
}

/** Rows of independent uniforms on the kernel's own grid of 2⁻²⁴, so that 1 never comes. */
export function uniforms(count: number, width: number, seed: number): Float32Array {
  const next = random(seed)
  return Float32Array.from({ length: count * width }, () => Math.floor(next() * 16777216) / 16777216)
}

/** Rows (u, v, –, –) at the centres of a size × size grid. */
export function grid(size: number): Float32Array {
  const out = new Float32Array(size * size * 4)
  for (let i = 0; i < size * size; i++) {
    out[i * 4] = ((i % size) + 0.5) / size
    out[i * 4 + 1] = (Math.floor(i / size) + 0.5) / size
  }
  return out
}
