/** A lens for the kernel: a table of directions over the image plane, made of the exact model in f64 and read there as a cubic. */
import { type CameraState, type Projection, projectionOf } from '@dioramic/scene'
import type { Kernel } from './kernel.ts'
import * as L from './layout.ts'
import type { CameraKnot } from './shutter.ts'

/** Pixels around the picture that rays may ask for: the filter reaches 1.5. */
const MARGIN = 2

/** A rectangle of the image plane, (u − cx)/fx and (cy − v)/fy. */
interface Plane {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** What of the image plane the picture covers, at the shortest of the focal lengths. */
function planeOf({ width, height, cx, cy }: CameraState, knots: readonly CameraKnot[]): Plane {
  const fx = Math.min(...knots.map(k => k.lens[2]))
  const fy = Math.min(...knots.map(k => k.lens[3]))
  return { x: (-MARGIN - cx) / fx, y: (cy - height - MARGIN) / fy, width: (width + 2 * MARGIN) / fx, height: (height + 2 * MARGIN) / fy }
}

/** Tells the kernel how places of the image plane become directions. */
export function writeLens(kernel: Kernel, camera: CameraState, knots: readonly CameraKnot[]): void {
  const { lens } = camera
  const kind = lens === undefined ? L.LENS_PINHOLE : lens.model === 'orthographic' ? L.LENS_PARALLEL : L.LENS_TABLE
  kernel.setU32(L.P_CAMERA + L.CAMERA_LENS, kind)
  if (kind !== L.LENS_TABLE) return
  const plane = planeOf(camera, knots)
  kernel.setU32(L.P_CAMERA + L.CAMERA_TABLE, kernel.put(tableOf(camera, plane), "the lens's table"))
  kernel.setF32(L.P_CAMERA + L.CAMERA_TABLE_X, plane.x)
  kernel.setF32(L.P_CAMERA + L.CAMERA_TABLE_Y, plane.y)
  kernel.setF32(L.P_CAMERA + L.CAMERA_TABLE_SCALE_X, L.LENS_CELLS / plane.width)
  kernel.setF32(L.P_CAMERA + L.CAMERA_TABLE_SCALE_Y, L.LENS_CELLS / plane.height)
}

let last: { readonly key: string; readonly table: Float32Array } | undefined

/** LENS_POINTS² directions, four floats each, rows from below. The table of the lens before is kept: most clips have one lens. */
function tableOf(camera: CameraState, plane: Plane): Float32Array {
  const key = JSON.stringify([camera.lens, plane])
  if (last?.key !== key) last = { key, table: makeTable(projectionOf({ ...camera, fx: 1, fy: 1, cx: 0, cy: 0 }), plane) }
  return last.table
}

function makeTable({ ray }: Projection, { x, y, width, height }: Plane): Float32Array {
  const n = L.LENS_POINTS
  const table = new Float64Array(4 * n * n).fill(NaN)
  const out = new Float64Array(6)
  for (let j = 0; j < n; j++) {
    for (let i = 0; i < n; i++) {
      // The image plane's v points down.
      if (ray(x + (width * (i - 1)) / L.LENS_CELLS, -(y + (height * (j - 1)) / L.LENS_CELLS), out)) {
        table.set([out[0]!, out[1]!, out[2]!, 0], 4 * (j * n + i))
      }
    }
  }
  // The outermost points may lie beyond the lens's model: as a parabola goes on.
  const goOn = (at: number, step: number) => {
    for (let c = 0; c < 4; c++) {
      if (Number.isNaN(table[at + c]!))
        table[at + c] = 3 * table[at + step + c]! - 3 * table[at + 2 * step + c]! + table[at + 3 * step + c]!
    }
  }
  for (let j = 0; j < n; j++) {
    goOn(4 * j * n, 4)
    goOn(4 * (j * n + n - 1), -4)
  }
  for (let i = 0; i < n; i++) {
    goOn(4 * i, 4 * n)
    goOn(4 * ((n - 1) * n + i), -4 * n)
  }
  return Float32Array.from(table)
}
