/** COCO instances: every frame an image, every visible object an annotation with an exact run-length mask. https://cocodataset.org/#format-data */
import { z } from 'zod'
import { layerFile, viewFolder } from '../layout/paths.ts'
import type { SampleReader } from '../layout/reader.ts'
import { check } from '../schema/check.ts'
import { canonicalJson, parseJson } from '../schema/json.ts'
import { concat } from './concat.ts'
import { type KeypointNames, keypointNames, keypointsOf } from './keypoints.ts'
import { compressRuns, runsById } from './rle.ts'
import { memberName } from './webdataset.ts'

const id = z.number().int().min(1)
const rle = z.object({ size: z.tuple([z.number().int(), z.number().int()]), counts: z.string() })
export const cocoSchema = z.looseObject({
  images: z.array(z.looseObject({ id, width: z.number().int(), height: z.number().int(), file_name: z.string() })),
  annotations: z.array(
    z.looseObject({
      id,
      image_id: id,
      category_id: id,
      /** x, y, width, height. */
      bbox: z.tuple([z.number(), z.number(), z.number(), z.number()]),
      area: z.number(),
      iscrowd: z.literal(0),
      segmentation: rle,
      /** The object's id in the clip: the same in every frame. */
      instance_id: z.number().int().optional(),
      /** x, y, visibility of every keypoint of the category. */
      keypoints: z.array(z.number()).optional(),
      /** How many of them are in the picture. */
      num_keypoints: z.number().int().optional(),
    }),
  ),
  categories: z.array(
    z.looseObject({
      id,
      name: z.string(),
      supercategory: z.string().optional(),
      keypoints: z.array(z.string()).optional(),
      /** Pairs of keypoints, counted from 1, that are drawn as a line. */
      skeleton: z.array(z.tuple([id, id])).optional(),
    }),
  ),
})
export type Coco = z.infer<typeof cocoSchema>

/** Ids are safe integers: up to a million clips of up to 100,000 frames, and 85 cameras. */
export const imageId = (index: number, frame: number, view = 0): number => (view * 1_048_576 + index) * 100_000 + frame + 1

export interface CocoOptions {
  /** Give images the names of WebDataset members instead of paths from the set's folder. */
  readonly packed?: boolean
}

/**
 * The JSON of all clips, ascending. Background objects are left out; categories are the objects' categories by name. Needs the layer `segmentation`;
 * clips without it give images only. Where the label
 * `joint-keypoints` was chosen, bodies with joints have keypoints (see keypoints.ts). Clips are read twice (categories first), one frame in memory at a time.
 */
export async function encodeCoco(clips: () => AsyncIterable<SampleReader>, options: CocoOptions = {}): Promise<Uint8Array> {
  const names = new Map<string, KeypointNames | null>()
  for await (const { sample } of clips())
    for (const i of sample.instances) {
      if (i.isBackground || names.get(i.category)) continue
      names.set(i.category, keypointNames(i))
    }
  const categories = [...names.keys()].sort().map((name, k) => ({
    id: k + 1,
    name,
    supercategory: 'object',
    ...(names.get(name) ?? {}),
  }))
  const categoryId = new Map(categories.map(c => [c.name, c.id]))
  const images: Uint8Array[] = []
  const annotations: Uint8Array[] = []
  const encoder = new TextEncoder()
  let count = 0
  for await (const { clip, view } of throughCameras(clips())) {
    const { sample } = clip
    const [width, height] = sample.resolution
    for (let frame = 0; frame < sample.frames; frame++) {
      const image = imageId(sample.index, frame, view)
      const camera = view === 0 ? {} : { camera: sample.cameras[0]!.name }
      const path = layerFile('rgb', frame, 'png')
      const file = options.packed
        ? memberName(sample.index, view === 0 ? path : `${viewFolder(sample.cameras[0]!.name)}${path}`)
        : `${clip.folder}/${path}`
      const record = { id: image, width, height, file_name: file, video_id: sample.index, frame_id: frame, ...camera }
      images.push(encoder.encode(`${images.length ? ',\n' : ''}${JSON.stringify(record)}`))
      if (!clip.has('segmentation')) continue
      const seg = await clip.layer('segmentation', frame)
      const runs = runsById(seg.data, width, height)
      for (const object of sample.instances) {
        const own = runs.get(object.id)
        if (!own || object.isBackground) continue
        const annotation = {
          id: ++count,
          image_id: image,
          category_id: categoryId.get(object.category)!,
          bbox: boxOf(own, height),
          area: own.reduce((s, r, i) => (i % 2 === 1 ? s + r : s), 0),
          iscrowd: 0,
          segmentation: { size: [height, width], counts: compressRuns(own) },
          instance_id: object.id,
          ...keypointsOf(object, names.get(object.category) ?? null, frame),
        }
        annotations.push(encoder.encode(`${count > 1 ? ',\n' : ''}${JSON.stringify(annotation)}`))
      }
    }
  }
  const part = (s: string) => encoder.encode(s)
  const info = {
    description: 'Instances of a Diorama data set. bbox is the tight box of the visible pixels; masks are exact.',
    version: '1',
  }
  return concat([
    ...[part(`{"info": ${canonicalJson(info).trim()},\n"categories": ${JSON.stringify(categories)},\n"images": [\n`), ...images],
    ...[part('],\n"annotations": [\n'), ...annotations, part(']}\n')],
  ])
}

/** Every clip through each of its cameras. */
async function* throughCameras(clips: AsyncIterable<SampleReader>) {
  for await (const clip of clips) for (const [view, seen] of clip.views.entries()) yield { clip: seen, view }
}

/** Tight box of column-major runs: x, y, width, height. */
function boxOf(runs: readonly number[], height: number): [number, number, number, number] {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -1, -1]
  let k = 0
  runs.forEach((run, i) => {
    if (i % 2 === 1) {
      const last = k + run - 1
      const [c0, c1] = [Math.floor(k / height), Math.floor(last / height)]
      x0 = Math.min(x0, c0)
      x1 = Math.max(x1, c1)
      // A run over the end of a column has that column's bottom and the next one's top.
      y0 = Math.min(y0, c1 > c0 ? 0 : k % height)
      y1 = Math.max(y1, c1 > c0 ? height - 1 : last % height)
    }
    k += run
  })
  return [x0, y0, x1 - x0 + 1, y1 - y0 + 1]
}

/** Reads and checks a COCO instances file; masks by `decodeRle`. */
export const decodeCoco = (bytes: Uint8Array, where = 'COCO file'): Coco => check(cocoSchema, parseJson(bytes, where), where)
