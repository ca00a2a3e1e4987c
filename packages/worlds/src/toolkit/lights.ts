/** Lights and light rigs. Powers are watts of light, irradiance W/m²; colours linear RGB. */
import {
  type AreaLight,
  type Key,
  type Light,
  lightSchema,
  type PointLight,
  portable,
  quat,
  type SpotLight,
  type Sun,
  type Vec3,
  vec3,
} from '@dioramic/scene'
import { type EnvironmentDraft, sky } from '../builder/environment.ts'
import { blackbody, srgb } from './colors.ts'
import { pointInHalfShell } from './region.ts'

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

/** A lamp that shines in a cone; angles from its axis in radians, `radius` in metres for soft shadows. `power` is that of the same lamp without the cone. */
export function spotLight(
  o: Aimed & { power: number; radius?: number; innerAngle?: number; outerAngle?: number; visible?: boolean },
): SpotLight {
  const { lookAt = [0, 0, 0], ...rest } = o
  return lightSchema.parse({ type: 'spot', name: 'spot', ...rest, rotation: quat.lookAt(o.position, lookAt) }) as SpotLight
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

export interface ThreePointOptions {
  /** What is lit, metres, world; the origin. */
  readonly lookAt?: Vec3
  /** Metres from there to the lights; 4. */
  readonly distance?: number
  /** Watts of the key light; 200. The fill has a third of it, the rim half. */
  readonly power?: number
  /** Where the camera stands, radians about +Z from +X: the key is 45° to its right and 40° up, the fill 50° to its left and 20° up, the rim opposite the key. */
  readonly azimuth?: number
  /** Colours in kelvin of key, fill and rim; 4300, 6500, 5500. */
  readonly kelvin?: readonly [number, number, number]
}

/** Key, fill and rim, soft boxes a quarter of the distance wide: how products and people are lit. */
export function threePointLights(o: ThreePointOptions = {}): Light[] {
  const { lookAt = [0, 0, 0], distance = 4, power = 200, azimuth = -Math.PI / 2, kelvin = [4300, 6500, 5500] } = o
  const at = (turn: number, elevation: number): Vec3 => {
    const a = azimuth + turn
    const flat = distance * portable.cos(elevation)
    return vec3.add(lookAt, [flat * portable.cos(a), flat * portable.sin(a), distance * portable.sin(elevation)])
  }
  const size = [distance / 4, distance / 4] as const
  const degree = Math.PI / 180
  const light = (name: string, position: Vec3, watts: number, k: number) =>
    areaLight({ name, position, lookAt, size, power: watts, color: blackbody(k) })
  return [
    light('key', at(45 * degree, 40 * degree), power, kelvin[0]),
    light('fill', at(-50 * degree, 20 * degree), power / 3, kelvin[1]),
    light('rim', at(225 * degree, 50 * degree), power / 2, kelvin[2]),
  ]
}

export interface RandomLightsOptions {
  /** Fewest and most lights; 1 to 4. */
  readonly count?: readonly [number, number]
  /** Metres from `lookAt`; 4 to 8. */
  readonly distance?: readonly [number, number]
  /** Watts of all lights together; 400. */
  readonly power?: number
  readonly lookAt?: Vec3
}

/**
 * Soft boxes anywhere in the upper half of a shell, all aimed at one point: number, place (uniform by volume), edge (0.3 to 2 m), colour (2700 to 8000 K,
 * uniform in mireds, as eyes judge it) and share of the power are drawn.
 */
export function randomLights(key: Key, o: RandomLightsOptions = {}): Light[] {
  const { count = [1, 4], distance = [4, 8], power = 400, lookAt = [0, 0, 0] } = o
  const keys = key.fork('lights').times(key.fork('count').int(count[0], count[1]))
  const shares = keys.map(k => k.fork('share').uniform(0.3, 1))
  const total = shares.reduce((a, b) => a + b, 0)
  return keys.map((k, i) => {
    const edge = k.fork('edge').uniform(0.3, 2)
    return areaLight({
      name: `light-${i + 1}`,
      position: pointInHalfShell(k.fork('place'), distance[0], distance[1], 0.25 * distance[0], lookAt),
      lookAt,
      size: [edge, edge],
      power: (power * shares[i]!) / total,
      color: blackbody(1e6 / k.fork('mired').uniform(1e6 / 8000, 1e6 / 2700)),
    })
  })
}

/** A clear or hazy sky with its sun anywhere from `elevation`'s low to its high, radians (10° to 70°), the height uniform in its sine. */
export function daylight(key: Key, elevation: readonly [number, number] = [0.175, 1.22], strength = 1): EnvironmentDraft {
  const [low, high] = elevation.map(e => portable.sin(e)) as [number, number]
  return sky({
    elevation: portable.asin(key.fork('elevation').uniform(low, high)),
    azimuth: key.fork('azimuth').uniform(0, 2 * Math.PI),
    turbidity: key.fork('turbidity').uniform(2, 6),
    strength,
  })
}
