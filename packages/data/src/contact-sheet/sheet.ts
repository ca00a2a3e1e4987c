/** A picture of the set: a row a clip; RGB over time, then the labels of the middle frame. */
import { encodePng } from '@dioramic/codec'
import type { SampleReader } from '../layout/reader.ts'
import { boxesPicture, depthPicture, flowPicture, normalPicture, rgbPicture, segmentationPicture } from './columns.ts'
import { blank, type Picture, paste, resize, text } from './picture.ts'

export interface ContactSheetOptions {
  /** Width of a cell in pixels; the picture's own, from 48 to 192, by default. */
  readonly cell?: number
}

/** Clips that fit on the sheet. */
export const SHEET_ROWS = 8
const GAP = 6
const HEAD = 18
const BACKGROUND = [17, 18, 21] as const
const INK = [168, 172, 182] as const

interface Column {
  readonly title: string
  readonly needs: string | undefined
  draw(
    clip: SampleReader,
    frames: { readonly first: number; readonly middle: number; readonly last: number },
    size: readonly [number, number],
  ): Promise<Picture>
}

const COLUMNS: readonly Column[] = [
  { title: 'rgb first', needs: 'rgb', draw: (c, f) => rgbPicture(c, f.first) },
  { title: 'rgb middle', needs: 'rgb', draw: (c, f) => rgbPicture(c, f.middle) },
  { title: 'rgb last', needs: 'rgb', draw: (c, f) => rgbPicture(c, f.last) },
  { title: 'boxes', needs: undefined, draw: (c, f, [w, h]) => boxesPicture(c, f.middle, w, h) },
  { title: 'segmentation', needs: 'segmentation', draw: (c, f) => segmentationPicture(c, f.middle) },
  { title: 'depth', needs: 'depth', draw: (c, f) => depthPicture(c, f.middle) },
  { title: 'normals', needs: 'normal', draw: (c, f) => normalPicture(c, f.middle) },
  { title: 'flow forward', needs: 'flow-forward', draw: (c, f) => flowPicture(c, f.middle) },
]

/** PNG bytes; the same clips give the same bytes. At most `SHEET_ROWS` clips are shown, the first ones. Undefined when there is none. */
export async function contactSheet(clips: readonly SampleReader[], options: ContactSheetOptions = {}): Promise<Uint8Array | undefined> {
  const shown = clips.slice(0, SHEET_ROWS)
  const first = shown[0]
  if (!first) return undefined
  // Small pictures are not blown up: nothing more would be seen.
  const cell = options.cell ?? Math.min(192, Math.max(48, first.sample.resolution[0]))
  const columns = COLUMNS.filter(c => (c.needs ? first.has(c.needs) : first.has('rgb') || first.has('segmentation')))
  if (columns.length === 0) return undefined
  const heights = shown.map(c => Math.max(1, Math.round((cell * c.sample.resolution[1]) / c.sample.resolution[0])))
  const sheet = blank(GAP + columns.length * (cell + GAP), HEAD + GAP + heights.reduce((s, h) => s + h + GAP, 0), BACKGROUND)
  columns.forEach((c, k) => {
    text(sheet, c.title, GAP + k * (cell + GAP), 7, INK)
  })
  let y = HEAD + GAP
  for (const [row, clip] of shown.entries()) {
    const last = clip.sample.frames - 1
    const frames = { first: 0, middle: last >> 1, last }
    for (const [k, column] of columns.entries()) {
      if (column.needs && !clip.has(column.needs)) continue
      const size = [cell, heights[row]!] as const
      const picture = await column.draw(clip, frames, size)
      paste(sheet, picture.width === size[0] && picture.height === size[1] ? picture : resize(picture, ...size), GAP + k * (cell + GAP), y)
    }
    y += heights[row]! + GAP
  }
  return encodePng({ width: sheet.width, height: sheet.height, channels: 3, bitDepth: 8, data: sheet.data })
}
