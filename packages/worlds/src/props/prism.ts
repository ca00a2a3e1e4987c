/** Outlines drawn up along +Z, with bevelled edges; boxes. */
import { portable } from '@dioramic/scene'
import { filleted, type Point2, type Solid } from './solid.ts'

/** Moves every corner inwards so that the edges move by `d`. */
function inset(outline: readonly Point2[], d: number): Point2[] {
  const n = outline.length
  const normal = (i: number): Point2 => {
    const [a, b] = [outline[i % n]!, outline[(i + 1) % n]!]
    const l = Math.sqrt((b[0] - a[0]) * (b[0] - a[0]) + (b[1] - a[1]) * (b[1] - a[1]))
    return [-(b[1] - a[1]) / l, (b[0] - a[0]) / l]
  }
  return outline.map((p, i) => {
    const [a, b] = [normal((i + n - 1) % n), normal(i)]
    // The two edges' lines, moved, meet here; sharp corners are held back.
    const scale = d / Math.max(0.25, 1 + a[0] * b[0] + a[1] * b[1])
    return [p[0] + (a[0] + b[0]) * scale, p[1] + (a[1] + b[1]) * scale]
  })
}

const turns = (a: Point2, b: Point2, c: Point2) => (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0])

export interface PrismOptions {
  readonly bevel?: number
  /** Factor on the outline at the top: tapers. */
  readonly top?: number
}

/**
 * A prism from z = 0 to `height`.
 *
 * @param outline counter-clockwise corners that all see the origin (star-shaped about it)
 */
export function prism(outline: readonly Point2[], height: number, { bevel = 0, top = 1 }: PrismOptions = {}): Solid {
  const n = outline.length
  const at = (ring: readonly Point2[], z: number) => ring.map((p): readonly [number, number, number] => [p[0], p[1], z])
  const scaledBy = (ring: readonly Point2[], s: number) => ring.map(([x, y]): Point2 => [x * s, y * s])
  const share = bevel / height
  const ringAt = (u: number) => scaledBy(outline, 1 + (top - 1) * u)
  const rings =
    bevel > 0
      ? [
          // The innermost rings keep the caps flat when normals are smoothed.
          at(inset(ringAt(0), 1.2 * bevel), 0),
          at(inset(ringAt(0), bevel), 0),
          at(inset(ringAt(share / 3), bevel / 3), bevel / 3),
          at(ringAt(share), bevel),
          at(ringAt(1 - share), height - bevel),
          at(inset(ringAt(1 - share / 3), bevel / 3), height - bevel / 3),
          at(inset(ringAt(1), bevel), height),
          at(inset(ringAt(1), 1.2 * bevel), height),
        ]
      : [at(ringAt(0), 0), at(ringAt(1), height)]
  const positions: number[] = []
  const uvs: number[] = []
  const indices: number[] = []
  const lengths = [0]
  for (let i = 1; i <= n; i++) {
    const [a, b] = [outline[i - 1]!, outline[i % n]!]
    lengths.push(lengths[i - 1]! + Math.sqrt((b[0] - a[0]) * (b[0] - a[0]) + (b[1] - a[1]) * (b[1] - a[1])))
  }
  for (const ring of rings)
    for (let i = 0; i <= n; i++) {
      positions.push(...ring[i % n]!)
      uvs.push(lengths[i]! / lengths[n]!, ring[i % n]![2] / height)
    }
  for (let j = 0; j + 1 < rings.length; j++)
    for (let i = 0; i < n; i++) {
      const a = j * (n + 1) + i
      const c = a + n + 1
      indices.push(a, a + 1, c + 1, a, c + 1, c)
    }
  const size = Math.max(...outline.map(p => Math.max(Math.abs(p[0]), Math.abs(p[1]))))
  for (const [ring, facing] of [
    [rings[0]!, -1],
    [rings[rings.length - 1]!, 1],
  ] as const) {
    const base = positions.length / 3
    positions.push(0, 0, ring[0]![2])
    uvs.push(0.5, 0.5)
    for (let i = 0; i <= n; i++) {
      const [x, y, z] = ring[i % n]!
      positions.push(x, y, z)
      uvs.push(0.5 + (facing * x) / (2 * size), 0.5 + y / (2 * size))
    }
    for (let i = 0; i < n; i++) indices.push(base, base + (facing > 0 ? i + 1 : i + 2), base + (facing > 0 ? i + 2 : i + 1))
  }
  const convex = outline.every((p, i) => turns(outline[(i + n - 1) % n]!, p, outline[(i + 1) % n]!) >= -1e-12)
  const corners = (i: number) => rings.flatMap(ring => [...ring[i % n]!])
  const axis = [0, 0, 0, 0, 0, height]
  const hulls = convex ? [rings.flatMap(r => r.flatMap(p => [...p]))] : wedges(outline).map(w => [...axis, ...w.flatMap(corners)])
  return { positions, indices, uvs, hulls }
}

/** Corners of the convex wedges about the origin that an outline falls into. */
function wedges(outline: readonly Point2[]): number[][] {
  const n = outline.length
  const out: number[][] = []
  const isReflex = (i: number) => turns(outline[(i + n - 1) % n]!, outline[i % n]!, outline[(i + 1) % n]!) < -1e-12
  const first = outline.findIndex((_, i) => isReflex(i))
  for (let i = 0; i < n; ) {
    const wedge = [first + i]
    do {
      i++
      wedge.push(first + i)
      // Less than half a turn, and bent outwards all along.
    } while (i < n && !isReflex(first + i) && wedge.length < Math.max(2, n / 3))
    out.push(wedge)
  }
  return out
}

/** A box about the origin, edges rounded by `bevel`. */
export function box(size: readonly [number, number, number], bevel = 0): Solid {
  const [x, y] = [size[0] / 2, size[1] / 2]
  const rectangle: Point2[] = [
    [x, -y],
    [x, y],
    [-x, y],
    [-x, -y],
  ]
  const s = prism(bevel > 0 ? filleted(rectangle, bevel, true, 3) : rectangle, size[2], { bevel })
  const down = (p: readonly number[]) => p.map((v, i) => (i % 3 === 2 ? v - size[2] / 2 : v))
  return { ...s, positions: down(s.positions), hulls: s.hulls.map(down) }
}

/** A star of `n` points. */
export function star(n: number, outer: number, inner: number): Point2[] {
  return Array.from({ length: 2 * n }, (_, i) => {
    const a = Math.PI / 2 + (Math.PI * i) / n
    const r = i % 2 === 0 ? outer : inner
    return [r * portable.cos(a), r * portable.sin(a)]
  })
}
