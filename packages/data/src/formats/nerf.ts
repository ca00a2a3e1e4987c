/**
 * Cameras and pictures as radiance fields are learnt from: `transforms.json` as nerfstudio and instant-ngp read it, and Blender's
 * `transforms_<split>.json` of the original NeRF, one folder a clip. https://docs.nerf.studio/quickstart/data_conventions.html
 *
 * Our cameras look along −Z with +Y up, as OpenGL's do, so `transform_matrix` is world-from-camera as it is. Metres.
 */
import { encodePng } from '@dioramic/codec'
import { DataError } from '../error.ts'
import { entryOf } from '../layout/manifest.ts'
import { layerFile, nerfFolder } from '../layout/paths.ts'
import type { SampleReader } from '../layout/reader.ts'
import { jsonBytes } from '../schema/json.ts'
import type { FileEntry } from '../schema/primitives.ts'
import type { BlobStore } from '../store/blob-store.ts'
import { requirePinhole } from './pinhole.ts'
import { poseMatrix } from './pose-matrix.ts'

/** Twice the arc tangent, in arithmetic that every machine rounds alike: halved four times, then its series. */
function angleAcross(tangent: number): number {
  let x = tangent
  for (let i = 0; i < 4; i++) x /= 1 + Math.sqrt(1 + x * x)
  const s = x * x
  let sum = 0
  for (let k = 8; k >= 0; k--) sum = 1 / (2 * k + 1) - s * sum
  return 32 * x * sum
}

/** Frames of each split: as the world's metadata has them, else all for training. */
function splitsOf({ sample, folder }: SampleReader): Readonly<Record<string, readonly number[]>> {
  const given = sample.metadata['splits']
  if (given === undefined) return { train: Array.from({ length: sample.frames }, (_, f) => f) }
  const splits: Record<string, number[]> = {}
  for (const [name, frames] of Object.entries(given as Record<string, unknown>)) {
    if (!Array.isArray(frames) || !frames.every(f => Number.isInteger(f) && f >= 0))
      throw new DataError(`${folder}: metadata.splits.${name} is not a list of frames`)
    // A shorter run (--frames) has only its own.
    splits[name] = (frames as number[]).filter(f => f < sample.frames)
  }
  return splits
}

/** The picture, with the share of what is no background as alpha where the layer `coverage` was made. Colours are not divided by it. */
async function picture(clip: SampleReader, frame: number, foreground: ReadonlySet<number>): Promise<Uint8Array> {
  const { data } = await clip.layer('rgb', frame)
  const [width, height] = clip.sample.resolution
  if (!clip.has('coverage') || !clip.has('coverage-id'))
    return encodePng({ width, height, channels: 3, bitDepth: 8, data: Uint8Array.from(data) })
  const share = await clip.values('coverage', frame)
  const ids = (await clip.layer('coverage-id', frame)).data
  const out = new Uint8Array(width * height * 4)
  for (let p = 0; p < width * height; p++) {
    let alpha = 0
    for (let k = 4 * p; k < 4 * p + 4; k++) if (foreground.has(ids[k]!)) alpha += share[k]!
    for (let c = 0; c < 3; c++) out[4 * p + c] = data[3 * p + c]!
    out[4 * p + 3] = Math.round(255 * Math.min(1, alpha))
  }
  return encodePng({ width, height, channels: 4, bitDepth: 8, data: out })
}

/**
 * Writes every clip through every camera: `images/00000.png`, `transforms.json` with all frames and the names of each split's
 * (`train_filenames`, `val_filenames`, `test_filenames`, whatever splits there are), and `transforms_<split>.json`. Returns paths and entries.
 *
 * @throws DataError for a camera that is no plain pinhole
 */
export async function writeNerf(clips: AsyncIterable<SampleReader>, store: BlobStore): Promise<Readonly<Record<string, FileEntry>>> {
  const files: Record<string, FileEntry> = {}
  for await (const clip of clips)
    for (const [k, view] of clip.views.entries()) {
      const folder = nerfFolder(clip.index, k === 0 ? undefined : view.sample.cameras[0]!.name)
      const put = async (path: string, bytes: Uint8Array) => {
        await store.put(`${folder}/${path}`, bytes)
        files[`${folder}/${path}`] = entryOf(bytes)
      }
      const { sample } = view
      const camera = sample.cameras[0]!
      requirePinhole(view, 'nerf', 'transforms.json')
      const foreground = new Set(sample.instances.filter(i => !i.isBackground).map(i => i.id))
      const name = (frame: number) => layerFile('images', frame, 'png')
      for (let frame = 0; frame < sample.frames; frame++) await put(name(frame), await picture(view, frame, foreground))
      const [w, h] = [camera.width, camera.height]
      const matrix = (f: number) => poseMatrix(camera.positions[f]!, camera.rotations[f]!)
      const splits = splitsOf(view)
      await put(
        'transforms.json',
        jsonBytes({
          camera_model: 'OPENCV',
          w,
          h,
          // Zoom lenses: each frame has its own, which nerfstudio takes before these.
          fl_x: camera.fx[0],
          fl_y: camera.fy[0],
          cx: camera.cx[0],
          cy: camera.cy[0],
          camera_angle_x: angleAcross(w / (2 * camera.fx[0]!)),
          frames: Array.from({ length: sample.frames }, (_, f) => ({
            file_path: name(f),
            fl_x: camera.fx[f],
            fl_y: camera.fy[f],
            cx: camera.cx[f],
            cy: camera.cy[f],
            transform_matrix: matrix(f),
          })),
          ...Object.fromEntries(Object.entries(splits).map(([split, frames]) => [`${split}_filenames`, frames.map(name)])),
        }),
      )
      for (const [split, frames] of Object.entries(splits))
        await put(
          `transforms_${split}.json`,
          jsonBytes({
            camera_angle_x: angleAcross(w / (2 * camera.fx[0]!)),
            // The original reader adds the extension itself.
            frames: frames.map(f => ({ file_path: `./${name(f).replace(/\.png$/, '')}`, transform_matrix: matrix(f) })),
          }),
        )
    }
  return files
}
