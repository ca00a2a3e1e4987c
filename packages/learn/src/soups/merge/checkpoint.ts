/** Checkpoints as a merge sees them: arrays by name, read a piece at a time, whatever the format. */
import { type ByteSource, encodeArray, openSafetensors, openTorch, type StoredDtype, storedBytes } from '@dioramic/tensor'
import { SoupError } from '../error.ts'

export interface StoredArray {
  readonly dtype: StoredDtype
  readonly shape: readonly number[]
}

export interface Checkpoint {
  /** What errors call it, such as its path. */
  readonly name: string
  readonly arrays: ReadonlyMap<string, StoredArray>
  /** Groups of names that are one array, such as tied embeddings; only torch's files know. */
  readonly ties: readonly (readonly string[])[]
  /** Fills `into` with stored bytes of an array from element `from` on, in C order. */
  read(array: string, from: number, into: Uint8Array<ArrayBuffer>): Promise<void>
  /** Checks the sums that the format has. @throws CheckpointError */
  verify(): Promise<void>
}

/** Opens a safetensors file or what torch.save wrote (no code is run). Only headers are read. @throws CheckpointError for anything else */
export async function openCheckpoint(source: ByteSource): Promise<Checkpoint> {
  const head = new Uint8Array(Math.min(2, source.size))
  await source.readInto(0, head)
  const zipped = head[0] === 0x50 && head[1] === 0x4b
  return zipped || /\.(pt|pth|bin|ckpt)$/.test(source.name) ? torch(source) : safetensors(source)
}

async function safetensors(source: ByteSource): Promise<Checkpoint> {
  const file = await openSafetensors(source)
  // A training state of this library: what is averaged is the model, not the optimiser.
  const ofRun = file.metadata.has('dioramic.state')
  const entries = [...file.entries].filter(([name]) => !ofRun || /^(params|state)\//.test(name))
  return {
    name: source.name,
    arrays: new Map(entries),
    ties: [],
    read: (name, from, into) => file.read(name, from, into),
    verify: async () => {},
  }
}

async function torch(source: ByteSource): Promise<Checkpoint> {
  const file = await openTorch(source)
  // Elements of a view such as a transpose are gathered in memory, one array at a time.
  let gathered: { readonly name: string; readonly bytes: Uint8Array } | undefined
  return {
    name: source.name,
    arrays: file.tensors,
    ties: file.ties,
    read: async (name, from, into) => {
      if (file.contiguous(name)) return file.readPiece(name, from, into)
      const { dtype } = file.tensors.get(name)!
      if (gathered?.name !== name) {
        const array = (await file.read([name])).get(name)!
        const bytes = new Uint8Array(array.data.length * storedBytes(dtype))
        let at = 0
        for (const piece of encodeArray(name, array, dtype)) {
          bytes.set(piece, at)
          at += piece.length
        }
        gathered = { name, bytes }
      }
      const start = from * storedBytes(dtype)
      into.set(gathered.bytes.subarray(start, start + into.length))
    },
    verify: () => file.verify(),
  }
}

/**
 * Several files as one checkpoint, by the `weight_map` of an index such as model.safetensors.index.json.
 *
 * @throws SoupError where an array is not in the file that the index names
 */
export function sharded(name: string, weightMap: Readonly<Record<string, string>>, shards: ReadonlyMap<string, Checkpoint>): Checkpoint {
  const at = new Map<string, Checkpoint>()
  const arrays = new Map<string, StoredArray>()
  for (const [array, file] of Object.entries(weightMap)) {
    const shard = shards.get(file)
    const stored = shard?.arrays.get(array)
    if (!shard || !stored)
      throw new SoupError(`${name}: "${array}" should be in ${file}, which does not hold it; copy the checkpoint again`)
    at.set(array, shard)
    arrays.set(array, stored)
  }
  return {
    name,
    arrays,
    ties: [...shards.values()].flatMap(s => s.ties),
    read: (array, from, into) => at.get(array)!.read(array, from, into),
    verify: async () => {
      for (const s of shards.values()) await s.verify()
    },
  }
}
