/**
 * Which objects share a pixel, and how much of it each has: what anti-aliasing mixes into its colour. The pixel is read through the picture's own
 * filter at the 55 points of a Fibonacci lattice, whose error on a straight edge is far below that of a grid of as many. Where the corners and the
 * centre of a pixel see one object, all points within it do; only the others are cast.
 */
import { pixelFilterOffset } from '@dioramic/render'
import type { FrameContext } from './label.ts'
import { memo } from './memo.ts'
import { frameCamera } from './pixels.ts'
import { castRaster } from './raster.ts'

/** Objects kept a pixel. */
export const COVERAGE_IDS = 4
/** Points a pixel: the stored unit of a share. */
export const COVERAGE_POINTS = 55
const FIBONACCI = 34

export interface Coverage {
  /** `COVERAGE_IDS` a pixel, largest share first, then smaller index first; −1 is no surface, −2 an unused entry. */
  readonly instance: Int32Array
  /** Points of the pixel, 0 … `COVERAGE_POINTS`, that see it. */
  readonly points: Uint8Array
}

const offsets = Array.from({ length: COVERAGE_POINTS }, (_, i) => [
  pixelFilterOffset((i + 0.5) / COVERAGE_POINTS),
  pixelFilterOffset((((i * FIBONACCI) % COVERAGE_POINTS) + 0.5) / COVERAGE_POINTS),
])

/** Pixels per cast, so that memory stays small whatever the picture. */
const BATCH = 4096

/** Computed once a frame. */
export const coverage = (context: FrameContext): Coverage =>
  memo(context, 'coverage', () => {
    const { width, height } = frameCamera(context)
    const centre = context.primary.instance
    const n = width * height
    const instance = new Int32Array(COVERAGE_IDS * n).fill(-2)
    const points = new Uint8Array(COVERAGE_IDS * n)
    const mixed: number[] = []
    const cells = plainCells(context, width, height)
    for (let row = 0, p = 0; row < height; row++) {
      for (let column = 0; column < width; column++, p++) {
        if (isMixed(cells, column, row, width)) mixed.push(p)
        else {
          instance[COVERAGE_IDS * p] = centre[p]
          points[COVERAGE_IDS * p] = COVERAGE_POINTS
        }
      }
    }
    for (let at = 0; at < mixed.length; at += BATCH) {
      const batch = mixed.slice(at, at + BATCH)
      const seen = new Int32Array(COVERAGE_POINTS * batch.length)
      const asked: number[] = []
      const raster: number[] = []
      batch.forEach((p, b) => {
        offsets.forEach(([x, y], i) => {
          const u = (p % width) + 0.5 + x
          const v = Math.floor(p / width) + 0.5 + y
          const k = b * COVERAGE_POINTS + i
          const cell = cells[(Math.floor(v) + 1) * (width + 2) + Math.floor(u) + 1]
          if (cell !== MANY) seen[k] = cell
          else {
            asked.push(k)
            raster.push(u, v)
          }
        })
      })
      const found = castRaster(context, Float64Array.from(raster)).instance
      asked.forEach((k, i) => {
        seen[k] = found[i]
      })
      batch.forEach((p, b) => {
        count(seen.subarray(b * COVERAGE_POINTS, (b + 1) * COVERAGE_POINTS)).forEach(([k, share], i) => {
          instance[COVERAGE_IDS * p + i] = k
          points[COVERAGE_IDS * p + i] = share
        })
      })
    }
    return { instance, points }
  })

/** A pixel that is not of one object. */
const MANY = -3

/** The object that a whole pixel sees, or `MANY`; with a ring of pixels around the picture (whose corners alone tell): (width + 2) × (height + 2). */
function plainCells(context: FrameContext, width: number, height: number): Int32Array {
  const raster = new Float64Array(2 * (width + 3) * (height + 3))
  for (let j = 0, i = 0; j < height + 3; j++) {
    for (let c = 0; c < width + 3; c++) {
      raster[i++] = c - 1
      raster[i++] = j - 1
    }
  }
  const corner = castRaster(context, raster).instance
  const cells = new Int32Array((width + 2) * (height + 2))
  for (let j = 0, i = 0; j < height + 2; j++) {
    for (let c = 0; c < width + 2; c++, i++) {
      const at = j * (width + 3) + c
      const own = corner[at]
      const inside = j > 0 && j <= height && c > 0 && c <= width
      const plain =
        corner[at + 1] === own &&
        corner[at + width + 3] === own &&
        corner[at + width + 4] === own &&
        (!inside || context.primary.instance[(j - 1) * width + c - 1] === own)
      cells[i] = plain ? own : MANY
    }
  }
  return cells
}

/** Whether the pixels that the filter reaches are not all of the same object. */
function isMixed(cells: Int32Array, column: number, row: number, width: number): boolean {
  const own = cells[(row + 1) * (width + 2) + column + 1]
  if (own === MANY) return true
  for (let j = row; j < row + 3; j++) for (let i = column; i < column + 3; i++) if (cells[j * (width + 2) + i] !== own) return true
  return false
}

/** Objects by how often they occur, at most `COVERAGE_IDS`. */
function count(seen: Int32Array): (readonly [number, number])[] {
  const counts = new Map<number, number>()
  for (const k of seen) counts.set(k, (counts.get(k) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, COVERAGE_IDS)
}
