/**
 * BOP's folders (Hodaň et al., "BOP: benchmark for 6D object pose estimation", 2018), scene by scene as its toolkit reads them: every clip a scene of
 * `train_pbr`, every frame an image. https://github.com/thodan/bop_toolkit/blob/master/docs/bop_datasets_format.md
 *
 * Millimetres; OpenCV's camera (+X right, +Y down, +Z forward), its first pixel centre at (0, 0). Sets of several cameras have their files by sensor,
 * `rgb_cam1` … as BOP's industrial sets do; one camera's are `rgb` ….
 */
import { encodePng } from '@dioramic/codec'
import { entryOf } from '../../layout/manifest.ts'
import { BOP_FOLDER, sampleName } from '../../layout/paths.ts'
import type { SampleReader } from '../../layout/reader.ts'
import { jsonBytes } from '../../schema/json.ts'
import type { FileEntry } from '../../schema/primitives.ts'
import type { BlobStore } from '../../store/blob-store.ts'
import { requirePinhole } from '../pinhole.ts'
import type { Rle } from '../rle.ts'
import { seen } from './annotation.ts'
import { apply, cameraFromWorld, type Matrix, matrixOf, product, type Quaternion, type Vec } from './matrix.ts'
import { type Model, Models } from './models.ts'

const number = (n: number) => String(n).padStart(6, '0')
const millimetres = (v: Vec): Vec => [1000 * v[0], 1000 * v[1], 1000 * v[2]]

/** Depth as 16-bit numbers in tenths of a millimetre where the picture's deepest point allows that, else in millimetres; what is too far, or no hit, is 0. */
function quantised(depth: Float32Array): { readonly scale: number; readonly data: Uint16Array } {
  let far = 0
  for (const d of depth) if (Number.isFinite(d)) far = Math.max(far, d)
  const scale = far <= 6.5535 ? 0.1 : 1
  const data = Uint16Array.from(depth, d => {
    const n = Math.round((1000 * d) / scale)
    return n > 0 && n <= 65535 ? n : 0
  })
  return { scale, data }
}

function intrinsics(view: SampleReader, frame: number): Matrix {
  const { fx, fy, cx, cy } = view.sample.cameras[0]!
  return [fx[frame]!, 0, cx[frame]! - 0.5, 0, fy[frame]!, cy[frame]! - 0.5, 0, 0, 1]
}

/** Pose of an object's model in the camera. */
function modelPose(model: Model, view: SampleReader, frame: number, k: number): { readonly rotation: Matrix; readonly at: Vec } {
  const camera = view.sample.cameras[0]!
  const object = view.sample.instances[k]!
  const world = cameraFromWorld(camera.rotations[frame]! as Quaternion)
  const own = matrixOf(object.rotations[frame]! as Quaternion)
  const centre = apply(own, model.centre)
  const eye = camera.positions[frame]!
  const from = object.positions[frame]!.map((x, a) => x + centre[a]! - eye[a]!) as unknown as Vec
  return { rotation: product(world, own), at: millimetres(apply(world, from)) }
}

/**
 * Writes every clip through every camera, and the models. Objects that are backgrounds or that deform, and those of which nothing would be in the picture,
 * are not annotated. Returns paths and entries.
 *
 * @throws DataError for a camera that is no plain pinhole, and where labels are missing
 */
export async function writeBop(clips: AsyncIterable<SampleReader>, store: BlobStore): Promise<Readonly<Record<string, FileEntry>>> {
  const files: Record<string, FileEntry> = {}
  const put = async (path: string, bytes: Uint8Array) => {
    await store.put(`${BOP_FOLDER}/${path}`, bytes)
    files[`${BOP_FOLDER}/${path}`] = entryOf(bytes)
  }
  const models = new Models()
  const sensors = new Map<string, string>()
  for await (const clip of clips) {
    const known = await models.of(clip)
    const scene = `train_pbr/${sampleName(clip.index)}`
    for (const [v, view] of clip.views.entries()) {
      const camera = view.sample.cameras[0]!
      const sensor = clip.views.length === 1 ? '' : `_cam${v + 1}`
      requirePinhole(view, 'bop', 'scene_camera.json')
      const told = await writeScene(view, known, (folder, name, bytes) => put(`${scene}/${folder}${sensor}/${name}`, bytes))
      for (const [name, value] of Object.entries(told)) await put(`${scene}/${name}${sensor}.json`, jsonBytes(value))
      if (!sensors.has(`camera${sensor}.json`)) {
        sensors.set(`camera${sensor}.json`, camera.name)
        const [fx, , cx, , fy, cy] = intrinsics(view, 0)
        const { depth_scale } = (told['scene_camera'] as Record<string, { depth_scale: number }>)['0']!
        await put(`camera${sensor}.json`, jsonBytes({ cx, cy, depth_scale, fx, fy, height: camera.height, width: camera.width }))
      }
    }
  }
  for (const m of models.all) await put(`models/obj_${number(m.id)}.ply`, m.ply)
  await put('models/models_info.json', jsonBytes(Object.fromEntries(models.all.map(m => [m.id, m.info]))))
  const objects = Object.fromEntries(models.all.map(m => [m.id, { category: m.category }]))
  await put('dataset_info.json', jsonBytes({ cameras: Object.fromEntries(sensors), objects }))
  return files
}

/** Pictures of one camera's view of a clip, and its JSON files by their names. */
async function writeScene(
  view: SampleReader,
  known: ReadonlyMap<number, Model>,
  put: (folder: string, name: string, bytes: Uint8Array) => Promise<void>,
): Promise<Readonly<Record<string, unknown>>> {
  const { sample } = view
  const [width, height] = sample.resolution
  const gray = (data: Uint8Array) => encodePng({ width, height, channels: 1, bitDepth: 8, data })
  const cameras: Record<string, unknown> = {}
  const truth: Record<string, unknown[]> = {}
  const infos: Record<string, unknown[]> = {}
  for (let frame = 0; frame < sample.frames; frame++) {
    const name = `${number(frame)}.png`
    await put(
      'rgb',
      name,
      encodePng({ width, height, channels: 3, bitDepth: 8, data: (await view.layer('rgb', frame)).data as Uint8Array }),
    )
    const depth = quantised(await view.values('depth', frame))
    await put('depth', name, encodePng({ width, height, channels: 1, bitDepth: 16, data: depth.data }))
    const ids = (await view.layer('segmentation', frame)).data
    const camera = sample.cameras[0]!
    const world = cameraFromWorld(camera.rotations[frame]! as Quaternion)
    const t = apply(world, camera.positions[frame]! as Vec)
    cameras[frame] = {
      cam_K: intrinsics(view, frame),
      depth_scale: depth.scale,
      cam_R_w2c: world,
      cam_t_w2c: millimetres([-t[0], -t[1], -t[2]]),
    }
    truth[frame] = []
    infos[frame] = []
    for (const [k, object] of sample.instances.entries()) {
      const model = known.get(object.id)
      if (!model) continue
      const column = (field: string) => (object[field] as readonly unknown[] | undefined)?.[frame]
      const one = seen(
        object.id,
        column('masksAmodal') as Rle | null,
        column('boxes2dAmodalUnclipped') as readonly number[] | null,
        column('truncatedAreaFractions') as number | null,
        ids,
        depth.data,
      )
      if (!one) continue
      const file = `${number(frame)}_${number(truth[frame].length)}.png`
      await put('mask', file, gray(one.mask))
      await put('mask_visib', file, gray(one.visible))
      const { rotation, at } = modelPose(model, view, frame, k)
      truth[frame].push({ cam_R_m2c: rotation, cam_t_m2c: at, obj_id: model.id })
      infos[frame].push(one.info)
    }
  }
  return { scene_camera: cameras, scene_gt: truth, scene_gt_info: infos }
}
