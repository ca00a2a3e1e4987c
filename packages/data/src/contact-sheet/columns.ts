/** One column of the contact sheet: a frame of a clip as a picture of the clip's size. */
import type { SampleReader } from '../layout/reader.ts'
import type { Sample } from '../schema/sample.ts'
import { lensOf } from '../validate/camera/lens.ts'
import { see, viewOf } from '../validate/camera/view.ts'
import { depthColour, flowColour, NOTHING, objectColour } from './colour.ts'
import { blank, box, line, type Picture, type Rgb, resize } from './picture.ts'

export async function rgbPicture(clip: SampleReader, frame: number): Promise<Picture> {
  const { width, height, data } = await clip.layer('rgb', frame)
  return { width, height, data: data as Uint8Array }
}

export function paint(width: number, height: number, colour: (p: number) => Rgb): Picture {
  const out = blank(width, height, [0, 0, 0])
  for (let p = 0; p < width * height; p++) {
    const c = colour(p)
    for (let k = 0; k < 3; k++) out.data[3 * p + k] = Math.round(Math.min(Math.max(c[k]!, 0), 255))
  }
  return out
}

/** The value below which a share of the finite ones lie. */
export function quantile(values: Float32Array, share: number): number {
  const finite = values.filter(x => x > 0 && x < Infinity).sort()
  return finite.length === 0 ? 1 : finite[Math.floor(share * (finite.length - 1))]!
}

/** Inverse depth between its 2 % and 98 %, near warm and light. */
export async function depthPicture(clip: SampleReader, frame: number, layer = 'depth'): Promise<Picture> {
  const { width, height } = await clip.layer(layer, frame)
  const z = await clip.values(layer, frame)
  const near = 1 / quantile(z, 0.02)
  const far = 1 / quantile(z, 0.98)
  return paint(width, height, p =>
    z[p]! > 0 && z[p]! < Infinity ? depthColour((near - 1 / z[p]!) / Math.max(near - far, 1e-12)) : NOTHING,
  )
}

/** Colour of every id: backgrounds grey, objects distinct, in the order of the record. */
export function palette(sample: Sample): ReadonlyMap<number, Rgb> {
  const out = new Map<number, Rgb>()
  let grey = 0
  let k = 0
  for (const { id, isBackground } of sample.instances) {
    const g = 74 + 22 * (grey % 4)
    if (isBackground) grey++
    out.set(id, isBackground ? [g, g, g + 4] : objectColour(k++))
  }
  return out
}

export async function segmentationPicture(clip: SampleReader, frame: number): Promise<Picture> {
  const { width, height, data } = await clip.layer('segmentation', frame)
  const colours = palette(clip.sample)
  return paint(width, height, p => colours.get(data[p]!) ?? NOTHING)
}

export async function normalPicture(clip: SampleReader, frame: number): Promise<Picture> {
  const { width, height } = await clip.layer('normal', frame)
  const n = await clip.values('normal', frame)
  return paint(width, height, p => {
    const [x, y, z] = [n[3 * p]!, n[3 * p + 1]!, n[3 * p + 2]!]
    return x * x + y * y + z * z < 0.25 ? NOTHING : [127.5 + 127.5 * x, 127.5 + 127.5 * y, 127.5 + 127.5 * z]
  })
}

/** Full colour at the clip's fast pixels (98 % of those that move). */
export async function flowPicture(clip: SampleReader, frame: number): Promise<Picture> {
  const { width, height } = await clip.layer('flow-forward', frame)
  const f = await clip.values('flow-forward', frame)
  const speed = new Float32Array(width * height)
  for (let p = 0; p < speed.length; p++) speed[p] = Math.sqrt(f[2 * p]! * f[2 * p]! + f[2 * p + 1]! * f[2 * p + 1]!)
  const full = Math.max(quantile(speed, 0.98), 1e-3)
  return paint(width, height, p => flowColour(f[2 * p]! / full, f[2 * p + 1]! / full))
}

/** Corners of a 3-D box that an edge joins: one bit apart. */
const EDGES = [0, 1, 2, 3, 4, 5, 6, 7].flatMap(i => [1, 2, 4].filter(b => !(i & b)).map(b => [i, i | b] as const))

/** Tight 2-D boxes and 3-D boxes of the objects, drawn over a picture of frame `frame` at any size. */
export function drawBoxes(sample: Sample, frame: number, on: Picture): void {
  const scale = on.width / sample.resolution[0]
  const camera = sample.cameras[0]!
  const state = {
    fx: camera.fx[frame]! * scale,
    fy: camera.fy[frame]! * scale,
    cx: camera.cx[frame]! * scale,
    cy: camera.cy[frame]! * scale,
    position: camera.positions[frame]!,
    rotation: camera.rotations[frame]!,
  }
  const eye = viewOf(state, lensOf(undefined)!)
  const colours = palette(sample)
  for (const object of sample.instances) {
    const seen = object.boxes2d?.[frame]
    if (object.isBackground || !seen) continue
    const colour = colours.get(object.id)!
    // Edges are straight lines in the picture only through a pinhole.
    const corners = 'lens' in camera ? undefined : object.boxes3d?.[frame]?.map(c => see(eye, c))
    if (corners?.every(c => c.depth > 1e-2))
      for (const [a, b] of EDGES) line(on, corners[a]!.u, corners[a]!.v, corners[b]!.u, corners[b]!.v, colour)
    box(on, seen.map(x => x * scale) as unknown as [number, number, number, number], [255, 255, 255])
  }
}

/** RGB, or segmentation without it, with boxes, at a size. */
export async function boxesPicture(clip: SampleReader, frame: number, width: number, height: number): Promise<Picture> {
  const out = resize(clip.has('rgb') ? await rgbPicture(clip, frame) : await segmentationPicture(clip, frame), width, height)
  drawBoxes(clip.sample, frame, out)
  return out
}
