/** Lights and light rigs. Powers are watts of light, irradiance W/m²; colours linear RGB. */
import { type AreaLight, type Key, type Light, lightSchema, type PointLight, quat, type Sun, type Vec3, vec3 } from '@dioramic/scene'
import { srgb } from './colors.ts'

interface Aimed {
  readonly name?: string
  /** Metres, world. */
  readonly position: Vec3
  /** The point it shines at. */
  readonly lookAt?: Vec3
  readonly color?: Vec3
}

/** A rectangle of light, `size` = [width, height] in metres. */
export function areaLight(
  o: Aimed & { size: readonly [number, number]; power: number; shape?: 'rectangle' | 'disk'; visible?: boolean },
): AreaLight {
  return lightSchema.parse({
    type: 'area',
    name: o.name ?? 'area',
    position: o.position,
    rotation: quat.lookAt(o.position, o.lookAt ?? [0, 0, 0]),
    size: o.size,
    color: o.color ?? [1, 1, 1],
    power: o.power,
    shape: o.shape ?? 'rectangle',
    visible: o.visible ?? false,
  }) as AreaLight
}

/** Parallel light that comes from `position` towards `lookAt`; `angle` is its angular diameter in radians. */
export function sun(o: Aimed & { irradiance: number; angle?: number }): Sun {
  return lightSchema.parse({
    type: 'sun',
    name: o.name ?? 'sun',
    rotation: quat.lookAt(o.position, o.lookAt ?? [0, 0, 0]),
    color: o.color ?? [1, 1, 1],
    irradiance: o.irradiance,
    ...(o.angle === undefined ? {} : { angle: o.angle }),
  }) as Sun
}

/** A glowing ball; radius 0 is a true point. */
export function pointLight(o: Omit<Aimed, 'lookAt'> & { power: number; radius?: number; visible?: boolean }): PointLight {
  return lightSchema.parse({ type: 'point', name: 'point', ...o }) as PointLight
}

/**
 * The four lights of CLEVR as MOVi-A uses them, each moved by U[0, 1)³ metres and aimed at the origin.
 *
 * Cycles gives an area light of P watts the radiance P / 4A, ours is P / πA: hence the factor π/4 that makes the pictures match.
 * The sun's soft edge (Kubric never forwarded `shadow_softness`) is the 0.2 rad that was meant.
 *
 * @param strength factor on all four
 */
export function clevrLights(key: Key, strength = 1): Light[] {
  const at = (name: string, p: Vec3): Vec3 => vec3.add(p, key.fork(name).uniforms(3) as unknown as Vec3)
  const watts = (Math.PI / 4) * strength
  return [
    sun({ name: 'sun', position: at('sun', [11.6608, -6.62799, 25.8232]), irradiance: 0.45 * strength, angle: 0.2 }),
    areaLight({ name: 'back', position: at('back', [-1.1685, 2.64602, 5.81574]), size: [1, 1], power: 50 * watts }),
    areaLight({
      name: 'key',
      position: at('key', [6.44671, -2.90517, 4.2584]),
      size: [0.5, 0.5],
      power: 100 * watts,
      color: srgb('#ffedd0'),
    }),
    areaLight({
      name: 'fill',
      position: at('fill', [-4.67112, -4.0136, 3.01122]),
      size: [0.5, 0.5],
      power: 30 * watts,
      color: srgb('#c2d0ff'),
    }),
  ]
}
