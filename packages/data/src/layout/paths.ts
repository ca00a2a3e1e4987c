/** out/ dataset.json recipe.json contact-sheet.png run.jsonl samples/000000/{sample.json, rgb/00000.png, depth/00000.npz, …} */
export const DATASET_FILE = 'dataset.json'
export const RECIPE_FILE = 'recipe.json'
export const CONTACT_SHEET_FILE = 'contact-sheet.png'
/** Times, hosts and costs; not hashed, not compared. */
export const RUN_LOG = 'run.jsonl'
export const SAMPLE_FILE = 'sample.json'

const digits = (n: number, width: number) => String(n).padStart(width, '0')

/** `000042` */
export const sampleName = (index: number): string => digits(index, 6)
/** `samples/000042` */
export const sampleFolder = (index: number): string => `samples/${sampleName(index)}`
/** Where a clip grows until it is whole, on stores that can rename a folder. */
export const partialFolder = (index: number): string => `samples/.${sampleName(index)}.partial`
/** `quarantine/000042.json` */
export const quarantineFile = (index: number): string => `quarantine/${sampleName(index)}.json`
/** `depth/00003.npz`, from the sample's folder. */
export const layerFile = (layer: string, frame: number, extension: string): string => `${layer}/${digits(frame, 5)}.${extension}`

/** `views/right/`: where the files of cameras after the first are, from the sample's folder. The first camera's are in the folder itself. */
export const viewFolder = (camera: string): string => `views/${camera}/`
/** Camera and the path within its folder; undefined for the first camera's files. */
export function parseView(path: string): { readonly camera: string; readonly path: string } | undefined {
  const m = /^views\/([A-Za-z0-9][A-Za-z0-9_-]*)\/(.+)$/.exec(path)
  return m ? { camera: m[1]!, path: m[2]! } : undefined
}

/** `tracks.npz`, from the sample's folder: arrays of the whole clip. */
export const clipFile = (name: string): string => `${name}.npz`

/** The inverse of `layerFile`. */
export function parseLayerFile(path: string): { readonly layer: string; readonly frame: number; readonly extension: string } | undefined {
  const m = /^([a-z0-9][a-z0-9-]*)\/(\d{5,})\.([a-z0-9]+)$/.exec(path)
  return m ? { layer: m[1]!, frame: Number(m[2]), extension: m[3]! } : undefined
}

/** Packed clips: tars, and where every file is in them. */
export const SHARD_INDEX_FILE = 'shards/index.json'
/** `shards/000042.tar` */
export const shardFile = (shard: number): string => `shards/${digits(shard, 6)}.tar`
export const COCO_FILE = 'coco/instances.json'
/** `nerf/000042`; through another camera than the first, `nerf/000042-right`. */
export const nerfFolder = (index: number, camera?: string): string => `nerf/${sampleName(index)}${camera === undefined ? '' : `-${camera}`}`
/** A set in BOP's form: models and scenes. */
export const BOP_FOLDER = 'bop'
/** Clips as Kubric's MOVi workers leave them, and the hashes of all their files. */
export const MOVI_INDEX_FILE = 'movi/index.json'
/** `movi/000042`; through another camera than the first, `movi/000042-right`. */
export const moviFolder = (index: number, camera?: string): string => `movi/${sampleName(index)}${camera === undefined ? '' : `-${camera}`}`
