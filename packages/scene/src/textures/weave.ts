/** Woven cloth seen from above: which thread is on top, where on it we are, how high it stands. */
import { clamp01 } from './noise.ts'

export type Pattern = 'plain' | 'twill' | 'satin' | 'basket'

/** Repeat of each pattern in threads, so that counts can be rounded up to tile. */
export const REPEAT: Readonly<Record<Pattern, number>> = { plain: 2, twill: 4, satin: 5, basket: 4 }

const mod = (a: number, n: number) => ((a % n) + n) % n

/** Whether the warp (vertical thread) lies over the weft at crossing (i, j). */
function warpOver(pattern: Pattern, i: number, j: number): boolean {
  if (pattern === 'plain') return mod(i + j, 2) === 0
  if (pattern === 'twill') return mod(i + j, 4) < 2
  if (pattern === 'basket') return mod(Math.floor(i / 2) + Math.floor(j / 2), 2) === 0
  return mod(i * 2 + j, 5) !== 0
}

export interface Crossing {
  /** The thread on top runs along v (warp) rather than along u (weft). */
  warp: boolean
  /** Index of that thread. */
  thread: number
  /** −1 … 1 across it. */
  across: number
  /** 0 in a gap or at a dive under another thread, 1 on the crown. */
  height: number
}

/** The weave at (x, y) in threads. `fill` is the share of the pitch a thread takes. */
export function weaveAt(pattern: Pattern, x: number, y: number, fill: number, out: Crossing): void {
  const i = Math.floor(x)
  const j = Math.floor(y)
  const dx = (x - i) * 2 - 1
  const dy = (y - j) * 2 - 1
  const warp = warpOver(pattern, i, j)
  let across = (warp ? dx : dy) / fill
  let along = warp ? dy : dx
  let top = warp
  let lift = 1
  if (Math.abs(across) > 1) {
    // The top thread does not cover this spot: the other one shows, lower.
    top = !warp
    across = (warp ? dy : dx) / fill
    along = warp ? dx : dy
    lift = 0.45
  }
  const step = along < 0 ? -1 : 1
  const continues = top ? warpOver(pattern, i, j + step) === top : warpOver(pattern, i + step, j) === top
  const dive = continues && lift === 1 ? 0 : along * along * 0.75
  out.warp = top
  out.thread = top ? i : j
  out.across = Math.abs(across) > 1 ? 1 : across
  out.height = Math.abs(across) > 1 ? 0 : clamp01(lift * Math.sqrt(1 - across * across) * (1 - dive))
}
