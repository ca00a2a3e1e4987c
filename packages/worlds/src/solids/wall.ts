/** Convex pieces of thin round walls, for what is hollow: bowls, mugs, lampshades. */
import { portable } from '@dioramic/scene'

/**
 * Hulls of a wall about +Z: between any two points of its outer outline [radius, height] (metres) `count` wedges, `thick` metres deep. One solid hull in
 * its place would fill the hollow, and weigh as much.
 */
export function wallHulls(outline: readonly (readonly [number, number])[], thick: number, count = 10): number[][] {
  const ring = (k: number, [r, z]: readonly [number, number]) => {
    const a = (2 * Math.PI * k) / count
    return [r, r - thick].flatMap(x => [x * portable.cos(a), x * portable.sin(a), z])
  }
  return outline
    .slice(1)
    .flatMap((top, j) => Array.from({ length: count }, (_, i) => [i, i + 1].flatMap(k => [...ring(k, outline[j]!), ...ring(k, top)])))
}
