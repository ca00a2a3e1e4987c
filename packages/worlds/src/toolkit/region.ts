/** Where things may be: boxes for objects, shells for cameras. Sampling takes a key and is unbiased. */
import { type Key, portable, type Vec3, vec3 } from '@dioramic/scene'

/** An axis-aligned box, metres, world. */
export interface Region {
  readonly min: Vec3
  readonly max: Vec3
}

/** The box between two corners. An edge of length 0 pins that coordinate. */
export function region(min: Vec3, max: Vec3): Region {
  for (const i of [0, 1, 2] as const) {
    if (!(min[i] <= max[i]))
      throw new RangeError(`region: min ${'xyz'[i]} = ${min[i]} is above max ${'xyz'[i]} = ${max[i]}; give the lower corner first`)
  }
  return { min, max }
}

/** Uniform in the box. */
export function pointIn(r: Region, key: Key): Vec3 {
  const [x, y, z] = key.uniforms(3) as [number, number, number]
  return [r.min[0] + x * (r.max[0] - r.min[0]), r.min[1] + y * (r.max[1] - r.min[1]), r.min[2] + z * (r.max[2] - r.min[2])]
}

/**
 * A point uniform by volume in the part of a spherical shell above `minZ` (Kubric's camera positions, with its offset applied to the
 * point, not to the raw Gaussian, so that the density really is uniform).
 *
 * @param inner, outer radii in metres, about `center`
 * @param minZ least height above `center`, metres
 */
export function pointInHalfShell(key: Key, inner: number, outer: number, minZ = 0.1, center: Vec3 = [0, 0, 0]): Vec3 {
  if (!(inner > 0 && outer >= inner && outer > minZ))
    throw new RangeError(`half shell: need 0 < inner <= outer and outer > minZ, got ${inner}, ${outer}, ${minZ}`)
  const a = inner * inner * inner
  const b = outer * outer * outer
  for (let trial = 0; trial < 1000; trial++) {
    const k = key.fork(trial)
    const r = portable.cbrt(k.fork('radius').uniform(a, b))
    const p = vec3.scale(k.fork('direction').direction(), r)
    if (p[2] >= minZ) return vec3.add(center, p)
  }
  throw new RangeError(`half shell: no point above z = ${minZ} within radius ${outer} in 1000 trials; lower minZ`)
}

/** Uniform by volume in a ball about `center`, `radius` in metres. */
export function pointInBall(key: Key, radius: number, center: Vec3 = [0, 0, 0]): Vec3 {
  return vec3.add(center, vec3.scale(key.fork('direction').direction(), radius * portable.cbrt(key.fork('radius').uniform())))
}

/** Uniform by area in a horizontal ring about `center`, radii in metres; a disk where `inner` is 0. */
export function pointInRing(key: Key, inner: number, outer: number, center: Vec3 = [0, 0, 0]): Vec3 {
  if (!(inner >= 0 && outer >= inner)) throw new RangeError(`ring: need 0 <= inner <= outer, got ${inner}, ${outer}`)
  const r = Math.sqrt(key.fork('radius').uniform(inner * inner, outer * outer))
  const angle = key.fork('angle').uniform(0, 2 * Math.PI)
  return vec3.add(center, [r * portable.cos(angle), r * portable.sin(angle), 0])
}
