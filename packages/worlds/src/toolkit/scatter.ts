/** Points that keep their distance: where things stand when they should look neither drawn up in rows nor heaped. */
import { type Key, portable, type Vec3 } from '@dioramic/scene'
import type { Region } from './region.ts'

/** Draws beside each point before it is given up (Bridson's k). */
const ATTEMPTS = 30

/**
 * Points on the floor of a region, none nearer than `distance` metres to another, as many as find room (Bridson 2007, "Fast Poisson disk sampling
 * in arbitrary dimensions"); in random order, so that the first n of them are spread as well.
 *
 * @param most at most so many
 */
export function scatter(key: Key, { min, max }: Region, distance: number, most = Infinity): Vec3[] {
  if (!(distance > 0)) throw new RangeError(`scatter: the distance is ${distance} m; it must be positive`)
  const [width, depth] = [max[0] - min[0], max[1] - min[1]]
  const cell = distance / Math.SQRT2
  const columns = Math.max(1, Math.ceil(width / cell))
  const rows = Math.max(1, Math.ceil(depth / cell))
  const grid = new Map<number, Vec3>()
  const place = (p: Vec3): readonly [number, number] => [
    Math.min(columns - 1, Math.floor((p[0] - min[0]) / cell)),
    Math.min(rows - 1, Math.floor((p[1] - min[1]) / cell)),
  ]
  const free = (p: Vec3): boolean => {
    const [i, j] = place(p)
    for (let y = Math.max(0, j - 2); y <= Math.min(rows - 1, j + 2); y++)
      for (let x = Math.max(0, i - 2); x <= Math.min(columns - 1, i + 2); x++) {
        const q = grid.get(y * columns + x)
        if (q && (p[0] - q[0]) * (p[0] - q[0]) + (p[1] - q[1]) * (p[1] - q[1]) < distance * distance) return false
      }
    return true
  }
  const points: Vec3[] = []
  const keep = (p: Vec3) => {
    const [i, j] = place(p)
    grid.set(j * columns + i, p)
    points.push(p)
  }
  const first = key.fork('first')
  keep([min[0] + first.fork('x').uniform() * width, min[1] + first.fork('y').uniform() * depth, min[2]])
  const active = [points[0]!]
  for (let round = 0; active.length > 0; round++) {
    const k = key.fork(round)
    const at = k.fork('from').int(0, active.length - 1)
    const from = active[at]!
    const found = k.times(ATTEMPTS).some(a => {
      const angle = a.fork('angle').uniform(0, 2 * Math.PI)
      // Uniform by area in the ring from one distance to two.
      const r = distance * Math.sqrt(a.fork('radius').uniform(1, 4))
      const p: Vec3 = [from[0] + r * portable.cos(angle), from[1] + r * portable.sin(angle), min[2]]
      if (p[0] < min[0] || p[0] > max[0] || p[1] < min[1] || p[1] > max[1] || !free(p)) return false
      keep(p)
      active.push(p)
      return true
    })
    if (!found) active.splice(at, 1)
  }
  return key.fork('order').shuffle(points).slice(0, most)
}
