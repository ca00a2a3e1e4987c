/** Lights as the kernel reads them, frozen at one time. */
import { type Light, numberAt, portable, quat, quatAt, type Vec3, vec3, vec3At } from '@dioramic/scene'
import type { Kernel } from './kernel.ts'
import * as L from './layout.ts'
import type { LightBounds } from './light-tree.ts'

/** Rec. 709 luminance of a linear colour. */
export const luminance = (c: Vec3) => 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2]

export interface LightRecord {
  readonly type: number
  readonly visible: boolean
  readonly a: number
  readonly b: number
  readonly radiance: Vec3
  readonly position: Vec3
  readonly axes: readonly [Vec3, Vec3, Vec3]
  readonly area: number
  readonly power: number
  /** Cosines of a spot's inner and outer angle. */
  readonly cone?: readonly [number, number]
}

const WORLD_AXES: LightRecord['axes'] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
]

/** Half the apparent diameter that a "parallel" sun gets at least, radians: a true delta could not be seen in a mirror. */
const MIN_SUN_ANGLE = 1e-4

export function lightRecord(light: Light, t: number): LightRecord {
  const color = vec3At(light.color, t)
  if (light.type === 'sun') {
    const q = quatAt(light.rotation, t)
    const half = Math.max(light.angle, MIN_SUN_ANGLE) / 2
    const cos = portable.cos(half)
    // ∫ cos over the disk is π sin² of the half angle; the cone's solid angle is 2π (1 − cos).
    const s = portable.sin(half)
    const h = portable.sin(half / 2)
    const irradiance = numberAt(light.irradiance, t)
    return {
      type: L.LIGHT_SUN,
      visible: false,
      a: cos,
      b: 4 * Math.PI * h * h,
      radiance: vec3.scale(color, irradiance / (Math.PI * s * s)),
      position: quat.rotate(q, [0, 0, 1]),
      axes: WORLD_AXES,
      area: 0,
      power: irradiance * luminance(color),
    }
  }
  const power = numberAt(light.power, t)
  const position = vec3At(light.position, t)
  if (light.type === 'area') {
    const q = quatAt(light.rotation, t)
    const [w, h] = light.size
    const area = light.shape === 'rectangle' ? w * h : (Math.PI / 4) * w * h
    return {
      type: light.shape === 'rectangle' ? L.LIGHT_RECTANGLE : L.LIGHT_DISK,
      visible: light.visible,
      a: w / 2,
      b: h / 2,
      radiance: vec3.scale(color, power / (Math.PI * area)),
      position,
      axes: [quat.rotate(q, [1, 0, 0]), quat.rotate(q, [0, 1, 0]), quat.rotate(q, [0, 0, -1])],
      area,
      power: (power / Math.PI) * luminance(color),
    }
  }
  const r = light.radius
  const spot = light.type === 'spot' && spotOf(light, t)
  return {
    type: spot ? (r > 0 ? L.LIGHT_SPOT_SPHERE : L.LIGHT_SPOT) : r > 0 ? L.LIGHT_SPHERE : L.LIGHT_POINT,
    visible: light.visible && r > 0,
    a: r,
    b: 0,
    radiance: vec3.scale(color, r > 0 ? power / (4 * Math.PI * Math.PI * r * r) : power / (4 * Math.PI)),
    position,
    axes: WORLD_AXES,
    area: 0,
    power: (power / Math.PI) * luminance(color),
    ...spot,
  }
}

/** Least difference of the cosines of the two angles: a hard edge. */
const HARD = 1e-6

function spotOf({ rotation, innerAngle, outerAngle }: Extract<Light, { type: 'spot' }>, t: number): Pick<LightRecord, 'axes' | 'cone'> {
  const outer = portable.cos(outerAngle)
  return {
    axes: [WORLD_AXES[0], WORLD_AXES[1], quat.rotate(quatAt(rotation, t), [0, 0, -1])],
    cone: [Math.max(portable.cos(innerAngle), outer + HARD), outer],
  }
}

/** Where a lamp (no sun, no environment) is and shines to, for the tree. */
export function lampBounds({ type, position, a, b, axes, power, cone }: LightRecord): LightBounds {
  const flat = type === L.LIGHT_RECTANGLE || type === L.LIGHT_DISK
  const [x, y, axis] = axes
  const half = [0, 1, 2].map(k => (flat ? Math.abs(a * x[k]!) + Math.abs(b * y[k]!) : a)) as unknown as Vec3
  const all = !flat && !cone
  return {
    min: vec3.sub(position, half),
    max: vec3.add(position, half),
    // A lamp that is off may still be seen.
    power: Math.max(flat ? power : power / 4, 1e-30),
    cone: { axis, spread: all ? Math.PI : 0, reach: cone ? portable.acos(cone[1]) : Math.PI / 2 },
    both: false,
  }
}

export function writeLight(kernel: Kernel, at: number, r: LightRecord): void {
  const vec = (offset: number, v: Vec3) => {
    for (let i = 0; i < 3; i++) kernel.setF32(at + offset + i * 4, v[i]!)
    kernel.setF32(at + offset + 12, 0)
  }
  kernel.setU32(at + L.LIGHT_TYPE, r.type)
  kernel.setU32(at + L.LIGHT_VISIBLE, r.visible ? 1 : 0)
  kernel.setF32(at + L.LIGHT_A, r.a)
  kernel.setF32(at + L.LIGHT_B, r.b)
  vec(L.LIGHT_RADIANCE, r.radiance)
  vec(L.LIGHT_POSITION, r.position)
  vec(L.LIGHT_X, r.axes[0])
  vec(L.LIGHT_Y, r.axes[1])
  vec(L.LIGHT_Z, r.axes[2])
  kernel.setF32(at + L.LIGHT_AREA, r.area)
  kernel.setF32(at + L.LIGHT_POWER, r.power)
  if (r.cone) {
    kernel.setF32(at + L.LIGHT_CONE_COS, r.cone[1])
    kernel.setF32(at + L.LIGHT_CONE_SCALE, 1 / (r.cone[0] - r.cone[1]))
  }
}

/** The environment's record: everything about it is in the parameters. */
export const ENVIRONMENT_RECORD: LightRecord = {
  type: L.LIGHT_ENVIRONMENT,
  visible: false,
  a: 0,
  b: 0,
  radiance: [0, 0, 0],
  position: [0, 0, 0],
  axes: WORLD_AXES,
  area: 0,
  power: 0,
}
