/** Every clip of a set in MOVi's form, one folder a clip and camera, and one file with the hashes of all. */
import { z } from 'zod'
import { entryOf } from '../../layout/manifest.ts'
import { MOVI_INDEX_FILE, moviFolder } from '../../layout/paths.ts'
import type { SampleReader } from '../../layout/reader.ts'
import { check } from '../../schema/check.ts'
import { jsonBytes, parseJson } from '../../schema/json.ts'
import { type FileEntry, files } from '../../schema/primitives.ts'
import type { BlobStore } from '../../store/blob-store.ts'
import { encodeMovi } from './write.ts'

const schema = z.strictObject({ files })

/** Writes all clips and the index; returns the index's path and entry. Throws `DataError` where the form cannot hold a clip. */
export async function writeMovi(clips: AsyncIterable<SampleReader>, store: BlobStore): Promise<Readonly<Record<string, FileEntry>>> {
  const all: Record<string, FileEntry> = {}
  for await (const clip of clips)
    for (const [k, view] of clip.views.entries()) {
      const folder = moviFolder(clip.index, k === 0 ? undefined : view.sample.cameras[0]!.name)
      for await (const { path, bytes } of encodeMovi(view)) {
        await store.put(`${folder}/${path}`, bytes)
        all[`${folder}/${path}`] = entryOf(bytes)
      }
    }
  const bytes = jsonBytes({ files: all })
  await store.put(MOVI_INDEX_FILE, bytes)
  return { [MOVI_INDEX_FILE]: entryOf(bytes) }
}

/** Hashes of the files of a set in MOVi's form. */
export async function moviEntries(store: BlobStore): Promise<Readonly<Record<string, FileEntry>>> {
  return check(schema, parseJson(await store.get(MOVI_INDEX_FILE), MOVI_INDEX_FILE), MOVI_INDEX_FILE).files
}
