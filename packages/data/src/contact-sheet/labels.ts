/** Every label of one frame of a clip, drawn: one cell a layer, and the records over the picture. */
import { encodePng } from '@dioramic/codec'
import { decodeRle, type Rle } from '../formats/rle.ts'
import type { SampleReader } from '../layout/reader.ts'
import { flowColour, hsv, NOTHING } from './colour.ts'
import { boxesPicture, depthPicture, paint, palette, quantile, rgbPicture, segmentationPicture } from './columns.ts'
import { blank, line, type Picture, paste, type Rgb, resize, text } from './picture.ts'

const GAP = 6
const HEAD = 14
const COLUMNS = 6
const BACKGROUND = [17, 18, 21] as const
const INK = [168, 172, 182] as const
const FLAGS: readonly Rgb[] = [
  [236, 238, 242],
  [235, 94, 85],
  [72, 149, 239],
  [168, 113, 222],
]
const INVALID: Rgb = [60, 60, 64]

type Draw = (clip: SampleReader, frame: number, name: string) => Promise<Picture>

/** Hues of the golden ratio for numbers without a palette. */
const number: Draw = async (clip, frame, name) => {
  const { width, height, data } = await clip.layer(name, frame)
  return paint(width, height, p => (data[p] === 0 ? NOTHING : hsv(data[p]! * 0.618033988749895, 0.5, 0.9)))
}

const ids: Draw = async (clip, frame, name) => {
  const { width, height, data } = await clip.layer(name, frame)
  const colours = palette(clip.sample)
  return paint(width, height, p => colours.get(data[p]!) ?? NOTHING)
}

/** Linear values 0 … 1 as a display shows them, near enough. */
const display = (x: number) => 255 * Math.sqrt(Math.min(1, Math.max(0, x)))

const colour: Draw = async (clip, frame, name) => {
  const { width, height, channels } = await clip.layer(name, frame)
  const v = await clip.values(name, frame)
  return paint(width, height, p => [0, 1, 2].map(c => display(v[channels * p + Math.min(c, channels - 1)]!)) as unknown as Rgb)
}

const plain: Draw = async (clip, frame, name) => {
  const { width, height, channels } = await clip.layer(name, frame)
  const v = await clip.values(name, frame)
  return paint(
    width,
    height,
    p => [0, 1, 2].map(c => (c < channels ? 255 * (v[channels * p + c]! - Math.floor(v[channels * p + c]!)) : 128)) as unknown as Rgb,
  )
}

const flow: Draw = async (clip, frame, name) => {
  const { width, height } = await clip.layer(name, frame)
  const f = await clip.values(name, frame)
  const speed = new Float32Array(width * height)
  for (let p = 0; p < speed.length; p++) speed[p] = Math.sqrt(f[2 * p]! * f[2 * p]! + f[2 * p + 1]! * f[2 * p + 1]!)
  const full = Math.max(quantile(speed, 0.98), 1e-3)
  return paint(width, height, p => flowColour(f[2 * p]! / full, f[2 * p + 1]! / full))
}

/** The colours of the directions that flow goes in, in the corner. */
function withWheel(picture: Picture): Picture {
  const r = Math.floor(Math.min(picture.width, picture.height) / 10)
  if (r < 4) return picture
  const [x, y] = [picture.width - r - 3, picture.height - r - 3]
  for (let j = -r; j <= r; j++)
    for (let i = -r; i <= r; i++)
      if (i * i + j * j <= r * r) picture.data.set(flowColour(i / r, j / r), 3 * ((y + j) * picture.width + x + i))
  return picture
}

/** Near is bright. */
const near: Draw = async (clip, frame, name) => {
  const { width, height } = await clip.layer(name, frame)
  const v = await clip.values(name, frame)
  const full = Math.max(quantile(v, 0.98), 1e-6)
  return paint(width, height, p => [0, 1, 2].map(() => 255 * Math.max(0, Math.min(1, v[p]! / full))) as unknown as Rgb)
}

const flags: Draw = async (clip, frame, name) => {
  const { width, height, data } = await clip.layer(name, frame)
  return paint(width, height, p => (data[p]! & 4 ? INVALID : FLAGS[data[p]! & 3]!))
}

/** Motion in space: grey at rest, red, green and blue along x, y and z. */
const sceneFlow: Draw = async (clip, frame, name) => {
  const { width, height } = await clip.layer(name, frame)
  const v = await clip.values(name, frame)
  const full = Math.max(quantile(v.map(Math.abs), 0.98), 1e-6)
  return paint(width, height, p => [0, 1, 2].map(c => 128 + 127 * Math.max(-1, Math.min(1, v[3 * p + c]! / full))) as unknown as Rgb)
}

const normals: Draw = async (clip, frame, name) => {
  const { width, height } = await clip.layer(name, frame)
  const n = await clip.values(name, frame)
  return paint(width, height, p =>
    n[3 * p] === 0 && n[3 * p + 1] === 0 && n[3 * p + 2] === 0
      ? NOTHING
      : ([0, 1, 2].map(c => 127.5 + 127.5 * n[3 * p + c]!) as unknown as Rgb),
  )
}

/** Objects' colours mixed by their shares. */
const coverage: Draw = async (clip, frame) => {
  const { width, height, channels } = await clip.layer('coverage', frame)
  const [share, id] = [await clip.values('coverage', frame), (await clip.layer('coverage-id', frame)).data]
  const colours = palette(clip.sample)
  return paint(width, height, p => {
    const out = [0, 0, 0]
    for (let k = 0; k < channels; k++) {
      const own = colours.get(id[channels * p + k]!) ?? NOTHING
      for (let c = 0; c < 3; c++) out[c]! += own[c]! * share[channels * p + k]!
    }
    return out as unknown as Rgb
  })
}

const deep: Draw = (clip, frame, name) => depthPicture(clip, frame, name)

/** How a layer is drawn; undefined for what the records' cells show. */
function drawOf(name: string): Draw | undefined {
  if (name === 'rgb') return rgbPicture
  if (name === 'rgb-linear') return undefined
  if (/^(flow|stereo|disparity).*-mask$/.test(name)) return flags
  if (/^(flow|stereo)-/.test(name)) return flow
  if (name.startsWith('scene-flow')) return sceneFlow
  if (name.includes('normal')) return normals
  if (/depth(?:-raw|-filled)?$|^distance$/.test(name)) return deep
  if (/segmentation$/.test(name)) return ids
  if (name === 'part' || name === 'material' || name === 'semantic') return number
  if (name === 'disparity') return near
  if (name === 'coverage') return coverage
  if (name === 'coverage-id') return async (clip, frame) => secondId(clip, frame)
  if (name === 'uv' || name === 'object-coordinates') return plain
  return colour
}

/** The second object of each pixel that has one. */
async function secondId(clip: SampleReader, frame: number): Promise<Picture> {
  const { width, height, channels, data } = await clip.layer('coverage-id', frame)
  const colours = palette(clip.sample)
  return paint(width, height, p => colours.get(data[channels * p + 1]!) ?? NOTHING)
}

const backdrop = async (clip: SampleReader, frame: number): Promise<Picture> => {
  const picture = clip.has('rgb') ? await rgbPicture(clip, frame) : await segmentationPicture(clip, frame)
  return { ...picture, data: picture.data.map(x => 0.55 * x) }
}

function disc(to: Picture, x: number, y: number, r: number, colour: Rgb): void {
  for (let j = -r; j <= r; j++) line(to, x - Math.sqrt(r * r - j * j), y + j, x + Math.sqrt(r * r - j * j), y + j, colour)
}

/** Outlines of amodal masks over what is seen. */
async function amodal(clip: SampleReader, frame: number, size: readonly [number, number]): Promise<Picture> {
  const picture = await backdrop(clip, frame)
  const colours = palette(clip.sample)
  const { width } = picture
  const seen = clip.has('segmentation') ? (await clip.layer('segmentation', frame)).data : undefined
  for (const object of clip.sample.instances) {
    const rle = (object['masksAmodal'] as (Rle | null)[])[frame]
    if (!rle || object.isBackground) continue
    const mask = decodeRle(rle)
    const own = colours.get(object.id)!
    for (let p = 0; p < mask.length; p++) {
      if (!mask[p]) continue
      const edge = !mask[p - 1] || !mask[p + 1] || !mask[p - width] || !mask[p + width]
      const hidden = seen !== undefined && seen[p] !== object.id
      // What is hidden is hatched.
      if (edge || (hidden && (p + Math.floor(p / width)) % 3 === 0)) picture.data.set(own, 3 * p)
    }
  }
  return resize(picture, ...size)
}

/** Keypoints: full where seen, hollow where hidden. Those of joints are joined to the joints that carry them. */
async function keypoints(
  clip: SampleReader,
  frame: number,
  size: readonly [number, number],
  column: 'keypoints' | 'jointKeypoints',
): Promise<Picture> {
  const picture = resize(await backdrop(clip, frame), ...size)
  const scale = size[0] / clip.sample.resolution[0]
  const colours = palette(clip.sample)
  for (const object of clip.sample.instances) {
    const points = (object[column] as ([number, number, number][] | null)[] | undefined)?.[frame] ?? []
    const joints =
      column === 'jointKeypoints' ? (object['skeleton'] as { joints: { parent: number | null }[] } | undefined)?.joints : undefined
    joints?.forEach(({ parent }, j) => {
      const [a, b] = [points[j], parent === null ? undefined : points[parent]]
      if (a?.[2] && b?.[2]) line(picture, a[0] * scale, a[1] * scale, b[0] * scale, b[1] * scale, colours.get(object.id)!)
    })
    for (const [u, v, seen] of points) {
      if (seen === 0) continue
      disc(picture, u * scale, v * scale, 2, colours.get(object.id)!)
      if (seen === 1) disc(picture, u * scale, v * scale, 1, BACKGROUND)
    }
  }
  return picture
}

/** Tracks up to the frame, coloured by their object; hidden stretches are left out. */
async function tracks(clip: SampleReader, frame: number, size: readonly [number, number], name: string): Promise<Picture> {
  const picture = resize(await backdrop(clip, frame), ...size)
  const scale = size[0] / clip.sample.resolution[0]
  const arrays = (await clip.arrays(name))!
  const colours = palette(clip.sample)
  const [n = 0, frames = 0] = arrays['flags']!.shape
  const at = (i: number, f: number): readonly [number, number] =>
    [0, 1].map(a => scale * Number(arrays['target_points']!.data[2 * (i * frames + f) + a])) as [number, number]
  for (let i = 0; i < n; i++) {
    const own = colours.get(Number(arrays['instance']!.data[i]))!
    const flag = (f: number) => Number(arrays['flags']!.data[i * frames + f])
    for (let f = Math.max(1, frame - 6); f <= frame; f++)
      if (flag(f) === 0 && flag(f - 1) === 0) line(picture, ...at(i, f - 1), ...at(i, f), own)
    if (flag(frame) === 0) disc(picture, ...at(i, frame), 1, own)
  }
  return picture
}

/** All contacts of the clip where their image was when they began; those of this very frame are larger. */
async function contacts(clip: SampleReader, frame: number, size: readonly [number, number]): Promise<Picture> {
  const picture = resize(await backdrop(clip, frame), ...size)
  const scale = size[0] / clip.sample.resolution[0]
  for (const c of clip.sample.events.collisions) {
    if (!c.imagePosition) continue
    disc(picture, c.imagePosition[0] * scale, c.imagePosition[1] * scale, Math.abs(c.frame - frame) < 1 ? 4 : 2, [250, 190, 70])
  }
  return picture
}

/** A label or a few that are drawn together. */
export interface Drawing {
  readonly title: string
  /** Names of the labels that it shows, as `--labels` takes them. */
  readonly labels: readonly string[]
  draw(size: readonly [number, number]): Promise<Picture>
}

/** All that can be drawn of a clip's frame: every layer, and the records over the picture. */
export function labelDrawings(clip: SampleReader, frame: number): Drawing[] {
  const has = (column: string) => clip.sample.instances.some(i => i[column] !== undefined)
  const out: Drawing[] = []
  for (const { name } of clip.layers) {
    const draw = drawOf(name)
    if (!draw) continue
    const isFlow = draw === flow
    out.push({
      title: name,
      labels: [name],
      draw: async size => {
        const picture = resize(await draw(clip, frame, name), ...size)
        return isFlow ? withWheel(picture) : picture
      },
    })
  }
  if (has('boxes2d'))
    out.push({ title: 'boxes', labels: ['box-2d', 'box-amodal', 'box-3d'], draw: size => boxesPicture(clip, frame, ...size) })
  if (has('masksAmodal')) out.push({ title: 'mask-amodal', labels: ['mask-amodal'], draw: size => amodal(clip, frame, size) })
  if (has('keypoints')) out.push({ title: 'keypoints', labels: ['keypoints'], draw: size => keypoints(clip, frame, size, 'keypoints') })
  if (has('jointKeypoints'))
    out.push({
      title: 'joints',
      labels: ['skeleton', 'joints', 'joint-keypoints'],
      draw: size => keypoints(clip, frame, size, 'jointKeypoints'),
    })
  for (const file of Object.keys(clip.sample.files)) {
    const name = /^(tracks(?:-\d+)?)\.npz$/.exec(file)?.[1]
    if (name) out.push({ title: name, labels: [name], draw: size => tracks(clip, frame, size, name) })
  }
  if (clip.sample.events.collisions.length > 0) out.push({ title: 'events', labels: ['events'], draw: size => contacts(clip, frame, size) })
  return out
}

/** Size of a drawing `cell` pixels wide. */
export const drawingSize = ({ sample: { resolution } }: SampleReader, cell: number): readonly [number, number] => [
  cell,
  Math.max(1, Math.round((cell * resolution[1]) / resolution[0])),
]

/** PNG bytes of a picture. */
export const pngOf = ({ width, height, data }: Picture): Uint8Array => encodePng({ width, height, channels: 3, bitDepth: 8, data })

/** PNG bytes: every layer and record of a clip's frame that can be drawn, `cell` pixels wide each. */
export async function labelSheet(clip: SampleReader, frame: number, cell = 200): Promise<Uint8Array> {
  const drawings = labelDrawings(clip, frame)
  const size = drawingSize(clip, cell)
  const columns = Math.min(COLUMNS, Math.max(1, drawings.length))
  const rows = Math.ceil(drawings.length / columns)
  const sheet = blank(GAP + columns * (cell + GAP), GAP + rows * (size[1] + HEAD + GAP), BACKGROUND)
  for (const [k, { title, draw }] of drawings.entries()) {
    const [x, y] = [GAP + (k % columns) * (cell + GAP), GAP + Math.floor(k / columns) * (size[1] + HEAD + GAP)]
    text(sheet, title, x, y, INK)
    paste(sheet, await draw(size), x, y + HEAD)
  }
  return pngOf(sheet)
}
