/**
 * Periodic noise: every function repeats after `period` lattice cells, so that pictures made of it tile. Only exact arithmetic.
 *
 * Gradient noise after Perlin, "Improving Noise" (2002); cells after Worley, "A cellular texture basis function" (1996).
 */
import { type Key, threefry2x32 } from '../key.ts'

const TABLE = 4096
const MASK = TABLE - 1

/** Sixteen directions around the circle, exact literals: cos and sin of (i + ½)·22.5°. */
const GX = new Float64Array(16)
const GY = new Float64Array(16)
{
  const c = [0.9807852804032304, 0.8314696123025452, 0.5555702330196022, 0.19509032201612828]
  for (let i = 0; i < 4; i++) {
    const x = c[i]!
    const y = c[3 - i]!
    GX.set([x, -y, -x, y], i * 4)
    GY.set([y, x, -y, -x], i * 4)
  }
}

const floorMod = (i: number, n: number) => ((i % n) + n) % n

/** A seeded lattice; periods up to 4096. */
export class Lattice {
  private readonly table: Uint16Array
  private readonly values: Float64Array

  constructor(key: Key) {
    const [k0, k1] = key.words
    const table = Uint16Array.from({ length: TABLE }, (_, i) => i)
    for (let i = MASK; i > 0; i--) {
      // Fisher–Yates; 32 bits over at most 4096 choices leave a bias below 1e-6.
      const j = threefry2x32(k0, k1, i, 0x2000_0000)[0] % (i + 1)
      const swap = table[i]!
      table[i] = table[j]!
      table[j] = swap
    }
    this.table = table
    this.values = Float64Array.from(table, i => (i + 0.5) / TABLE)
  }

  /** A number in (0, 1) for each lattice point. */
  at(x: number, y: number): number {
    return this.values[(this.table[x & MASK]! + y) & MASK]!
  }

  /** Gradient noise at (x, y) with integer periods px, py; about −1 … 1, mean 0. */
  gradient(x: number, y: number, px: number, py: number): number {
    const t = this.table
    const fx = Math.floor(x) | 0
    const fy = Math.floor(y) | 0
    const dx = x - fx
    const dy = y - fy
    let x0 = (fx % px) | 0
    if (x0 < 0) x0 += px
    let y0 = (fy % py) | 0
    if (y0 < 0) y0 += py
    const x1 = x0 + 1 === px ? 0 : x0 + 1
    const y1 = y0 + 1 === py ? 0 : y0 + 1
    const a = t[x0 & MASK]!
    const b = t[x1 & MASK]!
    const g00 = t[(a + y0) & MASK]! & 15
    const g01 = t[(a + y1) & MASK]! & 15
    const g10 = t[(b + y0) & MASK]! & 15
    const g11 = t[(b + y1) & MASK]! & 15
    const u = dx * dx * dx * (dx * (dx * 6 - 15) + 10)
    const v = dy * dy * dy * (dy * (dy * 6 - 15) + 10)
    const n00 = GX[g00]! * dx + GY[g00]! * dy
    const n10 = GX[g10]! * (dx - 1) + GY[g10]! * dy
    const n01 = GX[g01]! * dx + GY[g01]! * (dy - 1)
    const n11 = GX[g11]! * (dx - 1) + GY[g11]! * (dy - 1)
    const top = n00 + u * (n10 - n00)
    return (top + v * (n01 + u * (n11 - n01) - top)) * 1.5
  }

  /** `octaves` of gradient noise over the unit square, fx × fy cells in the first, each next one twice as fine and `gain` as strong; normalised to about −1 … 1. */
  fbm(u: number, v: number, fx: number, fy: number, octaves: number, gain = 0.5): number {
    let sum = 0
    let total = 0
    let amplitude = 1
    for (let i = 0; i < octaves; i++) {
      // Shift each octave so that their zeros at lattice points do not coincide.
      sum += amplitude * this.gradient(u * fx + i * 0.37, v * fy + i * 0.59, fx, fy)
      total += amplitude
      amplitude *= gain
      fx *= 2
      fy *= 2
    }
    return (sum / total) * 1.4
  }
}

/** Jittered points, one in each of nx × ny cells of the unit square, repeating. `find` writes its answer into the fields. */
export class Cells {
  readonly nx: number
  readonly ny: number
  /** Distances to the two nearest points, in cells. */
  f1 = 0
  f2 = 0
  /** Index of the nearest point's cell, its and the second's offset from the query in cells. */
  id = 0
  dx = 0
  dy = 0
  private readonly px: Float64Array
  private readonly py: Float64Array
  private readonly ids: Int32Array

  constructor(key: Key, nx: number, ny: number, jitter = 0.9) {
    this.nx = nx
    this.ny = ny
    const w = nx + 2
    this.px = new Float64Array(w * (ny + 2))
    this.py = new Float64Array(w * (ny + 2))
    this.ids = new Int32Array(w * (ny + 2))
    const lattice = new Lattice(key)
    for (let j = -1; j <= ny; j++) {
      for (let i = -1; i <= nx; i++) {
        const id = floorMod(j, ny) * nx + floorMod(i, nx)
        const k = (j + 1) * w + i + 1
        // Two numbers of one lattice: rows of 2·id and 2·id + 1 are far apart in the table.
        this.px[k] = i + 0.5 + (lattice.at(id, 2 * (id >> 12)) - 0.5) * jitter
        this.py[k] = j + 0.5 + (lattice.at(id + 2048, 2 * (id >> 12) + 1711) - 0.5) * jitter
        this.ids[k] = id
      }
    }
  }

  /** Nearest and second nearest point to (u, v), any real numbers. */
  find(u: number, v: number): void {
    const x = (u - Math.floor(u)) * this.nx
    const y = (v - Math.floor(v)) * this.ny
    const w = this.nx + 2
    const i = Math.min(this.nx - 1, Math.floor(x))
    const j = Math.min(this.ny - 1, Math.floor(y))
    let f1 = 1e9
    let f2 = 1e9
    let best = 0
    for (let b = 0; b < 3; b++) {
      const row = (j + b) * w + i
      for (let a = 0; a < 3; a++) {
        const dx = this.px[row + a]! - x
        const dy = this.py[row + a]! - y
        const d = dx * dx + dy * dy
        if (d < f1) {
          f2 = f1
          f1 = d
          best = row + a
        } else if (d < f2) f2 = d
      }
    }
    this.f1 = Math.sqrt(f1)
    this.f2 = Math.sqrt(f2)
    this.id = this.ids[best]!
    this.dx = this.px[best]! - x
    this.dy = this.py[best]! - y
  }
}

export const clamp01 = (x: number): number => Math.min(1, Math.max(0, x))
export const mix = (a: number, b: number, t: number): number => a + (b - a) * t
/** 0 below `a`, 1 above `b`, smooth between (a > b falls instead). */
export function smoothstep(a: number, b: number, x: number): number {
  const t = clamp01((x - a) / (b - a))
  return t * t * (3 - 2 * t)
}
export const fract = (x: number): number => x - Math.floor(x)
/** A wave of period 1 and range −1 … 1 that looks like a sine (parabolic arcs), 0 at 0, by exact arithmetic. */
export function wave(x: number): number {
  const t = 2 * fract(x)
  return t < 1 ? 4 * t * (1 - t) : -4 * (t - 1) * (2 - t)
}
