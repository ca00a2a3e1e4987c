/** Checkpoints in files: single ones, and shards by their index. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Sha256 } from '@dioramic/codec'
import { withFile } from '@dioramic/tensor/node'
import { SoupError } from '../../soups/error.ts'
import { type Checkpoint, openCheckpoint, sharded } from '../../soups/merge/checkpoint.ts'

/** Runs `use` with all of some checkpoints open. A path that ends in .json is an index of shards. */
export async function withCheckpoints<T>(paths: readonly string[], use: (checkpoints: readonly Checkpoint[]) => Promise<T>): Promise<T> {
  const next = (i: number, open: readonly Checkpoint[]): Promise<T> =>
    i === paths.length ? use(open) : withCheckpoint(paths[i]!, c => next(i + 1, [...open, c]))
  return next(0, [])
}

const withCheckpoint = <T>(path: string, use: (c: Checkpoint) => Promise<T>): Promise<T> =>
  path.endsWith('.json') ? withShards(path, use) : withFile(path, async source => use(await openCheckpoint(source)))

async function withShards<T>(path: string, use: (c: Checkpoint) => Promise<T>): Promise<T> {
  const map = readIndex(path)
  const files = [...new Set(Object.values(map))].sort()
  const next = (i: number, open: ReadonlyMap<string, Checkpoint>): Promise<T> =>
    i === files.length
      ? use(sharded(path, map, open))
      : withFile(join(dirname(path), files[i]!), async source => next(i + 1, new Map([...open, [files[i]!, await openCheckpoint(source)]])))
  return next(0, new Map())
}

function readIndex(path: string): Readonly<Record<string, string>> {
  let index: { readonly weight_map?: unknown }
  try {
    index = JSON.parse(readFileSync(path, 'utf8')) as typeof index
  } catch (e) {
    throw new SoupError(`the index ${path} cannot be read: ${(e as Error).message}`)
  }
  const map = index?.weight_map
  if (typeof map !== 'object' || map === null || !Object.values(map).every(f => typeof f === 'string'))
    throw new SoupError(`${path} is no index of shards: it has no weight_map from arrays to files, as model.safetensors.index.json has`)
  return map as Record<string, string>
}

/** OpenSSL's SHA-256, ten times as fast as the portable one. */
export function nativeSha256(): Sha256 {
  const hash = createHash('sha256')
  const self: Sha256 = {
    update(bytes) {
      hash.update(bytes)
      return self
    },
    digest: () => hash.digest('hex'),
  }
  return self
}
