/** A packed data set seen as if its clips still stood in folders: same paths, same bytes. */
import { z } from 'zod'
import { SHARD_INDEX_FILE } from '../layout/paths.ts'
import { check } from '../schema/check.ts'
import { parseJson } from '../schema/json.ts'
import { fileEntry } from '../schema/primitives.ts'
import { type BlobInfo, type BlobStore, byPath, MissingBlob } from '../store/blob-store.ts'

const range = z.tuple([z.number().int().min(0), z.number().int().min(0)])

/** shards/index.json: where every file of every clip is, so that one file is one ranged read. */
export const shardIndexSchema = z.strictObject({
  version: z.literal(1),
  shards: z.array(
    fileEntry.extend({
      path: z.string(),
      /** Path from the set's folder → offset and length in the tar. */
      files: z.record(z.string(), range),
    }),
  ),
})
export type ShardIndex = z.infer<typeof shardIndexSchema>

/** Read-only; paths outside samples/ go to the store itself. */
export async function shardView(store: BlobStore): Promise<BlobStore> {
  const index = check(shardIndexSchema, parseJson(await store.get(SHARD_INDEX_FILE), SHARD_INDEX_FILE), SHARD_INDEX_FILE)
  const files = new Map<string, { readonly shard: string; readonly offset: number; readonly length: number }>()
  for (const { path, files: members } of index.shards)
    for (const [file, [offset, length]] of Object.entries(members)) files.set(file, { shard: path, offset, length })
  const refuse = async (): Promise<never> => {
    throw new Error(`${store.name} is packed in shards and cannot be changed; make it again without the format webdataset`)
  }
  return {
    name: store.name,
    async get(path, part) {
      const found = files.get(path)
      if (!found) return store.get(path, part)
      const from = part ? Math.min(part.offset, found.length) : 0
      const length = part ? Math.min(part.length, found.length - from) : found.length
      return store.get(found.shard, { offset: found.offset + from, length }).catch(e => {
        throw e instanceof MissingBlob ? new MissingBlob(store.name, path) : e
      })
    },
    async head(path) {
      const found = files.get(path)
      return found ? { path, bytes: found.length } : store.head(path)
    },
    async list(prefix) {
      const inside: BlobInfo[] = [...files].filter(([path]) => path.startsWith(prefix)).map(([path, f]) => ({ path, bytes: f.length }))
      return [...inside, ...(await store.list(prefix))].sort(byPath)
    },
    put: refuse,
    delete: refuse,
  }
}
