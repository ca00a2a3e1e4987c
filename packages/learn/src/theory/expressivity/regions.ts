/** Linear regions of ReLU networks: exactly for one layer in any dimension, and for deep ones along lines and planes. */
import { TheoryError } from '../algebra/matrix.ts'
import { type AffineLayer, affine, type ReluNet } from './relu-net.ts'

export function binomial(n: number, k: number): number {
  let out = 1
  for (let i = 1; i <= k; i++) out = (out * (n - k + i)) / i
  return Math.round(out)
}

/** Σ_{j ≤ d} C(n, j): regions of n hyperplanes in general position in R^d (Schläfli; Zaslavsky 1975). */
export const regionsInGeneralPosition = (n: number, d: number): number =>
  Array.from({ length: Math.min(n, d) + 1 }, (_, j) => binomial(n, j)).reduce((a, b) => a + b, 0)

/** Π_{l<L} ⌊n_l/d⌋^d · Σ_{j ≤ d} C(n_L, j): regions that a network of these widths can have at least (Montúfar et al. 2014, theorem 4). */
export function montufarLowerBound(d: number, widths: readonly number[]): number {
  const last = widths.at(-1)!
  return widths.slice(0, -1).reduce((k, n) => k * Math.floor(n / d) ** d, 1) * regionsInGeneralPosition(last, d)
}

/** Π_l Σ_{j ≤ min(d, n_1 … n_l)} C(n_l, j): regions that it can have at most (Montúfar 2017). */
export function regionsUpperBound(d: number, widths: readonly number[]): number {
  let rank = d
  return widths.reduce((k, n) => {
    rank = Math.min(rank, n)
    return k * regionsInGeneralPosition(n, rank)
  }, 1)
}

/** {x: w·x + b = 0}. */
interface Hyperplane {
  readonly w: readonly number[]
  readonly b: number
}

const SMALL = 1e-9

/** Scaled to unit normal with a positive first entry; undefined if the normal is 0. */
function normalised({ w, b }: Hyperplane): Hyperplane | undefined {
  const size = Math.sqrt(w.reduce((s, v) => s + v * v, 0))
  if (size < SMALL) return undefined
  const lead = w.find(v => Math.abs(v) > SMALL * size)!
  const k = (lead < 0 ? -1 : 1) / size
  return { w: w.map(v => v * k), b: b * k }
}

const same = (a: Hyperplane, b: Hyperplane): boolean => Math.abs(a.b - b.b) < SMALL && a.w.every((v, i) => Math.abs(v - b.w[i]!) < SMALL)

/** The intersections of `others` with `h`, in the coordinates of `h` (one is eliminated); those parallel to it are left out. */
function restricted(others: readonly Hyperplane[], h: Hyperplane): Hyperplane[] {
  const pivot = h.w.reduce((best, v, i) => (Math.abs(v) > Math.abs(h.w[best]!) ? i : best), 0)
  const out: Hyperplane[] = []
  for (const o of others) {
    const k = o.w[pivot]! / h.w[pivot]!
    const cut = normalised({ w: o.w.flatMap((v, i) => (i === pivot ? [] : [v - k * h.w[i]!])), b: o.b - k * h.b })
    if (cut && !out.some(p => same(p, cut))) out.push(cut)
  }
  return out
}

/**
 * Regions into which the hyperplanes w_i·x + b_i = 0 cut R^d, whatever their position: deletion and restriction, r(A) = r(A − h) + r(A on h)
 * (Zaslavsky 1975). These are the linear regions of the layer ρ(Wx + b) unless two neighbours happen to have the same map. Coincident ones count once.
 */
export function countRegions({ w, b }: AffineLayer): number {
  const distinct: Hyperplane[] = []
  for (let i = 0; i < w.rows; i++) {
    const h = normalised({ w: Array.from(w.data.subarray(i * w.cols, (i + 1) * w.cols)), b: b[i]! })
    if (h && !distinct.some(p => same(p, h))) distinct.push(h)
  }
  const count = (list: readonly Hyperplane[], d: number): number => {
    if (d === 1) return list.length + 1
    let n = 1
    for (let i = 0; i < list.length; i++) n += count(restricted(list.slice(0, i), list[i]!), d - 1)
    return n
  }
  return count(distinct, w.cols)
}

/** A piece of a network along a line: from t0 to t1 its outputs are `slope`·t + `offset`. */
export interface LinePiece {
  readonly t0: number
  readonly t1: number
  readonly slope: Float64Array
  readonly offset: Float64Array
}

/** The maximal linear pieces of t ↦ Φ(x0 + t·direction), t from t0 to t1: exact up to rounding, by walking the zeros of every unit. */
export function piecesAlongLine(
  net: ReluNet,
  x0: ArrayLike<number>,
  direction: ArrayLike<number>,
  [t0, t1]: readonly [number, number],
): LinePiece[] {
  let pieces: LinePiece[] = [{ t0, t1, slope: Float64Array.from(direction), offset: Float64Array.from(x0) }]
  net.forEach((layer, i) => {
    pieces = pieces.flatMap(p => {
      const out: LinePiece[] = []
      const through = (a: number, b: number) => {
        const middle = (a + b) / 2
        const on = (v: Float64Array) => (i === 0 ? v : v.map((s, k) => (p.slope[k]! * middle + p.offset[k]! > 0 ? s : 0)))
        const slope = affine({ w: layer.w, b: new Float64Array(layer.b.length) }, on(p.slope))
        out.push({ t0: a, t1: b, slope, offset: affine(layer, on(p.offset)) })
      }
      const zeros = i === 0 ? [] : zerosWithin(p)
      for (const [k, a] of [p.t0, ...zeros].entries()) through(a, zeros[k] ?? p.t1)
      return out
    })
  })
  return merged(pieces)
}

function zerosWithin({ t0, t1, slope, offset }: LinePiece): number[] {
  const gap = 1e-12 * Math.max(1, Math.abs(t0), Math.abs(t1))
  const all = Array.from(slope, (s, k) => -offset[k]! / s).filter(t => t > t0 + gap && t < t1 - gap)
  all.sort((a, b) => a - b)
  return all.filter((t, k) => k === 0 || t - all[k - 1]! > gap)
}

/** Neighbours with the same map are one piece. */
function merged(pieces: readonly LinePiece[]): LinePiece[] {
  const out: LinePiece[] = []
  for (const p of pieces) {
    const last = out.at(-1)
    const equal =
      last?.slope.every((s, k) => Math.abs(s - p.slope[k]!) <= 1e-9 * (1 + Math.abs(s))) &&
      last.offset.every((s, k) => Math.abs(s - p.offset[k]!) <= 1e-9 * (1 + Math.abs(s)))
    if (last && equal) out[out.length - 1] = { ...last, t1: p.t1 }
    else out.push(p)
  }
  return out
}

/** A convex polygon of the plane on which the network is affine. */
export interface PlaneRegion {
  readonly corners: readonly (readonly [number, number])[]
  /** Which units of the hidden layers are on, layer after layer: `0110…`. */
  readonly pattern: string
}

interface Affine2 {
  readonly u: Float64Array
  readonly v: Float64Array
  readonly o: Float64Array
}

/**
 * The activation regions of (s, t) ↦ Φ(origin + s·u + t·v) on a rectangle: polygons cut by every unit in turn (Hanin & Rolnick 2019 draw them).
 * @throws TheoryError beyond `most` polygons
 */
export function regionsOnPlane(
  net: ReluNet,
  plane: { readonly origin: ArrayLike<number>; readonly u: ArrayLike<number>; readonly v: ArrayLike<number> },
  [s0, s1, t0, t1]: readonly [number, number, number, number],
  most = 200_000,
): PlaneRegion[] {
  const map: Affine2 = { u: Float64Array.from(plane.u), v: Float64Array.from(plane.v), o: Float64Array.from(plane.origin) }
  let regions: { corners: (readonly [number, number])[]; pattern: string; map: Affine2 }[] = [
    {
      corners: [
        [s0, t0],
        [s1, t0],
        [s1, t1],
        [s0, t1],
      ],
      pattern: '',
      map,
    },
  ]
  for (const [index, layer] of net.slice(0, -1).entries()) {
    const linear = { w: layer.w, b: new Float64Array(layer.b.length) }
    regions = regions.flatMap(r => {
      const before = { u: affine(linear, r.map.u), v: affine(linear, r.map.v), o: affine(layer, r.map.o) }
      let parts = [{ corners: r.corners, pattern: r.pattern }]
      for (let k = 0; k < layer.b.length; k++)
        parts = parts.flatMap(({ corners, pattern }) =>
          cut(corners, before.u[k]!, before.v[k]!, before.o[k]!).map(c => ({ corners: c.corners, pattern: pattern + (c.on ? '1' : '0') })),
        )
      return parts.map(p => {
        const on = p.pattern.slice(-layer.b.length)
        const masked = (x: Float64Array) => x.map((value, k) => (on[k] === '1' ? value : 0))
        return { ...p, map: { u: masked(before.u), v: masked(before.v), o: masked(before.o) } }
      })
    })
    if (regions.length > most)
      throw new TheoryError(`layer ${index} already makes ${regions.length} regions on this plane, more than ${most}`)
  }
  return regions
}

/** The sides of a polygon where a·s + b·t + c is positive and where it is not; slivers of no area are dropped. */
function cut(
  corners: readonly (readonly [number, number])[],
  a: number,
  b: number,
  c: number,
): { corners: (readonly [number, number])[]; on: boolean }[] {
  const value = corners.map(([s, t]) => a * s + b * t + c)
  if (value.every(v => v > 0)) return [{ corners: [...corners], on: true }]
  if (value.every(v => v <= 0)) return [{ corners: [...corners], on: false }]
  const side = (sign: 1 | -1): (readonly [number, number])[] => {
    const out: (readonly [number, number])[] = []
    corners.forEach((p, i) => {
      const j = (i + 1) % corners.length
      const q = corners[j]!
      if (sign * value[i]! >= 0) out.push(p)
      if (value[i]! * value[j]! < 0) {
        const k = value[i]! / (value[i]! - value[j]!)
        out.push([p[0] + k * (q[0] - p[0]), p[1] + k * (q[1] - p[1])])
      }
    })
    return out
  }
  return ([1, -1] as const)
    .map(sign => ({ corners: side(sign), on: sign === 1 }))
    .filter(p => p.corners.length > 2 && area(p.corners) > 1e-14)
}

function area(corners: readonly (readonly [number, number])[]): number {
  let s = 0
  corners.forEach(([x, y], i) => {
    const [u, v] = corners[(i + 1) % corners.length]!
    s += x * v - u * y
  })
  return Math.abs(s) / 2
}
