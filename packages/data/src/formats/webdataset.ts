/**
 * WebDataset: tars whose neighbouring members with one key are one sample. Here a sample is one frame of one clip: key `000042_00003` (no dots),
 * fields `rgb.png`, `depth.npz`, …, and `json` with the frame's camera and instances. Clips are never split over shards. The first frame of a clip
 * has more: `clip.json`, the clip's whole sample.json, and the clip's arrays (`tracks.npz`). https://github.com/webdataset/webdataset
 */

import { tarEnd, tarEntry } from '@dioramic/codec'
import { DataError } from '../error.ts'
import { entryOf } from '../layout/manifest.ts'
import { parseLayerFile, parseView, SAMPLE_FILE, SHARD_INDEX_FILE, sampleName, shardFile } from '../layout/paths.ts'
import type { SampleReader } from '../layout/reader.ts'
import { CAMERA_CONSTANT, CONSTANT, frameOf } from '../schema/columns.ts'
import { jsonBytes } from '../schema/json.ts'
import type { FileEntry } from '../schema/recipe.ts'
import type { Sample } from '../schema/sample.ts'
import { viewSample } from '../schema/view.ts'
import type { BlobStore } from '../store/blob-store.ts'
import { concat } from './concat.ts'
import type { ShardIndex } from './shard-view.ts'

/** A shard is closed before a clip that would bring it over this. */
export const SHARD_BYTES = 128 * 1024 * 1024
const BLOCK = 512

/** `000042_00003` */
export const frameKey = (index: number, frame: number): string => `${sampleName(index)}_${String(frame).padStart(5, '0')}`

/** What `json` of one frame holds: the frame's slice of sample.json. */
export function frameRecordOf(sample: Sample, frame: number): Record<string, unknown> {
  return {
    world: sample.world,
    index: sample.index,
    frame,
    time: frame / sample.fps,
    frames: sample.frames,
    camera: frameOf(sample.cameras[0]!, frame, CAMERA_CONSTANT),
    instances: sample.instances.map(i => frameOf(i, frame, CONSTANT)),
    ...(sample.views
      ? {
          views: sample.views.map(({ camera }) => {
            const view = viewSample(sample, camera)
            return {
              camera: frameOf(view.cameras[0]!, frame, CAMERA_CONSTANT),
              instances: view.instances.map(i => frameOf(i, frame, CONSTANT)),
            }
          }),
        }
      : {}),
  }
}

/** Name of a clip's file in its shard: `000042_00003.depth.npz`, of another camera than the first `000042_00003.right.depth.npz`. */
export function memberName(index: number, path: string): string {
  if (path === SAMPLE_FILE) return `${frameKey(index, 0)}.clip.json`
  const view = parseView(path)
  if (view) {
    const name = memberName(index, view.path)
    const key = name.indexOf('.') + 1
    return `${name.slice(0, key)}${view.camera}.${name.slice(key)}`
  }
  if (/^[a-z0-9][a-z0-9-]*\.npz$/.test(path)) return `${frameKey(index, 0)}.${path}`
  const layer = parseLayerFile(path)
  if (!layer)
    throw new DataError(
      `samples/${sampleName(index)}/${path} belongs to no frame; WebDataset holds files named layer/00000.ext and arrays.npz`,
    )
  return `${frameKey(index, layer.frame)}.${layer.layer}.${layer.extension}`
}

/** Packs clips, ascending, into `shards/` of the store; gives the entries of the files written. One shard is in memory at a time. */
export async function packShards(
  clips: AsyncIterable<SampleReader>,
  store: BlobStore,
  options: { readonly maxBytes?: number } = {},
): Promise<Record<string, FileEntry>> {
  const most = options.maxBytes ?? SHARD_BYTES
  const written: Record<string, FileEntry> = {}
  const index: { version: 1; shards: ShardIndex['shards'] } = { version: 1, shards: [] }
  let parts: Uint8Array[] = []
  let size = 0
  let files: Record<string, [number, number]> = {}
  const close = async () => {
    if (parts.length === 0) return
    const path = shardFile(index.shards.length)
    const bytes = concat([...parts, tarEnd()])
    await store.put(path, bytes)
    written[path] = entryOf(bytes)
    index.shards.push({ path, ...written[path]!, files })
    parts = []
    size = 0
    files = {}
  }
  for await (const clip of clips) {
    const members = await clipMembers(clip)
    const length = members.reduce((s, m) => s + m.entry.length, 0)
    if (size > 0 && size + length > most) await close()
    for (const { path, entry, bytes } of members) {
      if (path !== undefined) files[`${clip.folder}/${path}`] = [size + headerLength(entry, bytes), bytes]
      parts.push(entry)
      size += entry.length
    }
  }
  await close()
  const json = jsonBytes(index)
  await store.put(SHARD_INDEX_FILE, json)
  written[SHARD_INDEX_FILE] = entryOf(json)
  return written
}

/** The content is the last part of an entry, padded to whole blocks. */
const headerLength = (entry: Uint8Array, bytes: number) => entry.length - Math.ceil(bytes / BLOCK) * BLOCK

interface Member {
  /** Path from the clip's folder; the frame's `json` is derived and has none. */
  readonly path: string | undefined
  readonly entry: Uint8Array
  readonly bytes: number
}

async function clipMembers(clip: SampleReader): Promise<Member[]> {
  const { sample } = clip
  const member = (path: string | undefined, name: string, bytes: Uint8Array): Member => ({
    path,
    entry: tarEntry(name, bytes),
    bytes: bytes.length,
  })
  const out: Member[] = []
  const names = [...Object.keys(sample.files), SAMPLE_FILE]
    .map(path => ({ path, name: memberName(sample.index, path) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  for (let frame = 0; frame < sample.frames; frame++) {
    const key = frameKey(sample.index, frame)
    for (const { path, name } of names) if (name.startsWith(`${key}.`)) out.push(member(path, name, await clip.file(path)))
    out.push(member(undefined, `${key}.json`, jsonBytes(frameRecordOf(sample, frame))))
  }
  return out
}
