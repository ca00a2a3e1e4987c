/** Light that is brighter or dimmer, warmer or cooler, from another side. */
import { type Key, portable, type Quat, quat, type SceneInput, type Vec3, vec3 } from '@dioramic/scene'
import { directionOf, mapAnimated, middleOf } from './space.ts'
import type { Change } from './vary.ts'

/** What a severity of 1 is in each direction: two stops, one stop between red and blue, a quarter turn about +Z. */
const STOPS = 2
const WARMTH = 1
const TURN = Math.PI / 2

/** Lights and environment: brightness, colour (not of pictures) and bearing, together as far as the severity says. */
export function varyLights(scene: SceneInput, key: Key, severity: number): Change {
  const [a, b, c] = directionOf(key, 3, severity) as [number, number, number]
  const [stops, warmth, turn] = [STOPS * a, WARMTH * b, TURN * c]
  const gain = portable.pow(2, stops)
  const half = portable.pow(2, warmth / 2)
  const tint: Vec3 = [half, 1, 1 / half]
  const about = quat.fromAxisAngle([0, 0, 1], turn)
  const centre = middleOf(scene)
  const turned = (q: Quat) => quat.normalize(quat.multiply(about, q))
  const moved = (p: Vec3) => vec3.add(centre, quat.rotate(about, vec3.sub(p, centre)))
  const brighter = (x: number) => x * gain
  const tinted = (color: Vec3) => vec3.mul(color, tint)
  const lights = (scene.lights ?? []).map(light => {
    const color = mapAnimated(light.color ?? ([1, 1, 1] as never), tinted)
    if (light.type === 'sun')
      return { ...light, color, irradiance: mapAnimated(light.irradiance, brighter), rotation: mapAnimated(light.rotation, turned) }
    const rest = { ...light, color, power: mapAnimated(light.power, brighter), position: mapAnimated(light.position, moved) }
    return light.type === 'area' ? { ...rest, rotation: mapAnimated(light.rotation, turned) } : rest
  })
  const { environment } = scene
  const light =
    environment?.light.type === 'constant' ? { ...environment.light, color: tinted(environment.light.color) } : environment?.light
  return {
    scene: {
      ...scene,
      lights: lights as never,
      ...(environment
        ? {
            environment: {
              ...environment,
              light: light as never,
              strength: mapAnimated(environment.strength ?? 1, brighter),
              rotation: mapAnimated(environment.rotation ?? 0, (r: number) => r + turn),
            },
          }
        : {}),
    },
    draws: { stops, warmth, turn },
  }
}
