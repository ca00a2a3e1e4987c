import { portable } from '@dioramic/scene'

/** Corners of a regular polygon about the origin, counter-clockwise, the first at the angle `phase` (radians): points of a circle, `n` of them. */
export function polygon(n: number, radius = 1, phase = 0): (readonly [number, number])[] {
  return Array.from({ length: n }, (_, i) => {
    const a = phase + (2 * Math.PI * i) / n
    return [radius * portable.cos(a), radius * portable.sin(a)] as const
  })
}
