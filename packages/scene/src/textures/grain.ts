/** Flat-sawn wood: growth rings cut lengthwise, fibres and pores; grain runs along u. Shared by boards, planks and parquet. */
import type { Key } from '../key.ts'
import { fract, Lattice, smoothstep } from './noise.ts'

export interface Grain {
  /** 0 earlywood, 1 latewood, fibres included. */
  tone: number
  /** 0–1, open pores. */
  pore: number
}

/** A periodic grain field with `rings` rings across the tile; `waviness` bends them into cathedrals. */
export function woodGrain(key: Key, rings: number, waviness: number): (u: number, v: number, out: Grain) => void {
  const bend = new Lattice(key.fork('bend'))
  const fibre = new Lattice(key.fork('fibre'))
  const sway = waviness * 0.35 * rings
  return (u, v, out) => {
    const warp = bend.fbm(u, v, 1, 2, 2, 0.35) * sway + bend.gradient(u * 4, v * 24, 4, 24) * 0.18
    const s = fract(rings * v + warp)
    // Earlywood darkens slowly into latewood, then the next year starts at once.
    const ring = s * s * (1 - smoothstep(0.9, 1, s))
    const streak = fibre.gradient(u * 3, v * 110, 3, 110) * 0.5 + fibre.gradient(u * 7 + 0.3, v * 260, 7, 260) * 0.5
    const lines = fibre.gradient(u * 16, v * 200 + 0.5, 16, 200)
    out.tone = 0.22 + 0.62 * ring + 0.26 * streak
    out.pore = smoothstep(0.32, 0.62, lines) * (0.35 + 0.65 * (1 - s))
  }
}
