/** What a ray sees of the lights: every lamp is a thing that shines; none is sampled, except points without size. */
import { type Light, numberAt, quatAt, type ResolvedScene, vec3At } from '@dioramic/scene'
import { environment } from './picture.ts'
import { add, dot, rotate, scale, sub, unrotate, type V } from './vector.ts'

/** Distance along the ray (unit direction) to a lamp's emitting side, 0 for none. */
function distance(light: Light, o: V, d: V, t: number): number {
  if (light.type === 'area') {
    const q = quatAt(light.rotation, t)
    const p = unrotate(q, sub(o, vec3At(light.position, t)))
    const r = unrotate(q, d)
    // It shines along its −Z: seen from below only.
    if (p[2] >= 0 || r[2] <= 0) return 0
    const at = -p[2] / r[2]
    const x = (2 * (p[0] + r[0] * at)) / light.size[0]
    const y = (2 * (p[1] + r[1] * at)) / light.size[1]
    return (light.shape === 'rectangle' ? Math.max(Math.abs(x), Math.abs(y)) : Math.hypot(x, y)) <= 1 ? at : 0
  }
  if (light.type !== 'sun' && light.radius > 0) {
    // From outside its cone a spot is not there.
    if (cone(light, d, t) === 0) return 0
    const c = sub(o, vec3At(light.position, t))
    const b = dot(c, d)
    const det = b * b - dot(c, c) + light.radius * light.radius
    if (det <= 0) return 0
    const near = -b - Math.sqrt(det)
    return Math.max(near, 0)
  }
  return 0
}

/** Share of its light that a lamp sends against the direction d. */
function cone(light: Light, d: V, t: number): number {
  if (light.type !== 'spot') return 1
  const c = -dot(rotate(quatAt(light.rotation, t), [0, 0, -1]), d)
  const [inner, outer] = [Math.cos(light.innerAngle), Math.cos(light.outerAngle)]
  if (c >= inner) return 1
  const x = Math.max(0, (c - outer) / (inner - outer))
  return x * x * (3 - 2 * x)
}

function radiance(light: Light, d: V, t: number): V {
  const color = vec3At(light.color, t)
  if (light.type === 'area') {
    const area = light.size[0] * light.size[1] * (light.shape === 'rectangle' ? 1 : Math.PI / 4)
    return scale(color, numberAt(light.power, t) / (Math.PI * area))
  }
  if (light.type !== 'sun')
    return scale(color, (cone(light, d, t) * numberAt(light.power, t)) / (Math.PI * 4 * Math.PI * light.radius ** 2))
  // A cone of half angle a holds ∫ cos = π sin² a.
  return scale(color, numberAt(light.irradiance, t) / (Math.PI * Math.sin(light.angle / 2) ** 2))
}

/** Light that comes straight along −d to o: lamps nearer than `reach` (they do not hide one another), and the sky and suns where nothing is hit. */
export function emitted(resolved: ResolvedScene, o: V, d: V, reach: number, t: number): V {
  let sum: V = [0, 0, 0]
  for (const light of resolved.scene.lights) {
    if (light.type === 'sun') {
      const to = rotate(quatAt(light.rotation, t), [0, 0, 1])
      if (reach === Infinity && dot(to, d) >= Math.cos(light.angle / 2)) sum = add(sum, radiance(light, d, t))
      continue
    }
    const at = distance(light, o, d, t)
    if (at > 0 && at < reach) sum = add(sum, radiance(light, d, t))
  }
  return reach === Infinity ? add(sum, sky(resolved, d, t, false)) : sum
}

export function sky(resolved: ResolvedScene, d: V, t: number, camera: boolean): V {
  const { environment: maps, scene } = resolved
  if (!maps) return [0, 0, 0]
  const turn = numberAt(scene.environment!.rotation, t)
  const local: V = [Math.cos(turn) * d[0] + Math.sin(turn) * d[1], Math.cos(turn) * d[1] - Math.sin(turn) * d[0], d[2]]
  return scale(environment(camera ? maps.background : maps.light, local), numberAt(scene.environment!.strength, t))
}

/** What a camera ray sees: the nearest visible lamp before `reach`, which ends the ray. */
export function visibleLamp(resolved: ResolvedScene, o: V, d: V, reach: number, t: number): V | null {
  let nearest = reach
  let seen: V | null = null
  for (const light of resolved.scene.lights) {
    if (light.type === 'sun' || !light.visible) continue
    const at = distance(light, o, d, t)
    if (at > 0 && at < nearest) {
      nearest = at
      seen = radiance(light, d, t)
    }
  }
  return seen
}

export interface PointLight {
  readonly position: V
  /** Towards the point that sees it along d. */
  intensity(d: V): V
}
/** Lamps without size, which no ray can find. */
export const points = (resolved: ResolvedScene, t: number): PointLight[] =>
  resolved.scene.lights.flatMap(l =>
    (l.type === 'point' || l.type === 'spot') && l.radius === 0
      ? [
          {
            position: vec3At(l.position, t),
            intensity: (d: V) => scale(vec3At(l.color, t), (cone(l, d, t) * numberAt(l.power, t)) / (4 * Math.PI)),
          },
        ]
      : [],
  )
