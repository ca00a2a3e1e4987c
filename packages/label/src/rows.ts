/** Rows of the picture by the time of their exposure: all at once, or one after another under a rolling shutter. */
import type { FrameContext } from './label.ts'
import { memo } from './memo.ts'

export interface Rows {
  /** Seconds. */
  readonly time: number
  /** Rows [from, to). */
  readonly from: number
  readonly to: number
}

/** Groups of rows that share a time, from the top. */
export const rowsOf = (context: FrameContext): readonly Rows[] =>
  memo(context, 'rows', () => {
    const { resolution, readout } = context.resolved.scene.cameras[context.camera]
    if (readout === 0) return [{ time: context.time, from: 0, to: resolution[1] }]
    return Array.from({ length: resolution[1] }, (_, r) => ({ time: context.rowTime(0, r + 0.5), from: r, to: r + 1 }))
  })
