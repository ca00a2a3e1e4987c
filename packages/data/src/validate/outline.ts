/** Where a picture must show a step: between two pixels of which one is an object's and the other is not, or lies beyond a crease. */
import type { Clip } from './clip.ts'

export type Axis = 'columns' | 'rows'

/** Pixels that an outline parts from the next one along the axis. */
export type Outlines = Int32Array

/** Cosine between two normals below which there is a crease. */
const CREASE = 0.8

/** What is not background; everything, where there is nothing else. The horizon of a floor is no outline: far ground fades into the sky in many ways. */
export function objectsOf(clip: Clip): ReadonlySet<number> {
  const objects = clip.sample.instances.filter(i => !i.isBackground).map(i => i.id)
  return new Set(objects.length > 0 ? objects : clip.byId.keys())
}

/** Outlines and creases of what is not background (of everything, where there is nothing else). */
export const outlinesOf = (clip: Clip, frame: number, axis: Axis): Promise<Outlines | undefined> =>
  clip.note(`outlines ${axis}`, () => find(clip, frame, axis), frame)

async function find(clip: Clip, frame: number, axis: Axis): Promise<Outlines | undefined> {
  const seg = await clip.values('segmentation', frame)
  if (!seg) return undefined
  const normal = await clip.values('normal', frame)
  const seen = objectsOf(clip)
  const step = axis === 'columns' ? 1 : clip.width
  const out: number[] = []
  for (let p = 0; p + step < seg.data.length; p++) {
    if (step === 1 && p % clip.width === clip.width - 1) continue
    const [a, b] = [seg.data[p]!, seg.data[p + step]!]
    if (a !== b ? seen.has(a) || seen.has(b) : normal && seen.has(a) && creased(normal.data, 3 * p, 3 * (p + step))) out.push(p)
  }
  return Int32Array.from(out)
}

const creased = (n: ArrayLike<number>, p: number, q: number): boolean =>
  n[p]! * n[q]! + n[p + 1]! * n[q + 1]! + n[p + 2]! * n[q + 2]! < CREASE
