import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { OnnxError } from '../onnx/proto/error.ts'
import { encodeModelExternal } from '../onnx/proto/external.ts'
import type { ModelProto } from '../onnx/proto/model.ts'
import { decodeModel } from '../onnx/proto/read.ts'
import { tensorBytes } from '../onnx/proto/tensor.ts'
import { encodeModel } from '../onnx/proto/write.ts'
import { explain, writeFileAtomic } from './files.ts'

/** How to write a model. */
export interface SaveOnnxOptions {
  /** Puts tensors of at least 1 KiB into `<name>.data` beside the model. By default that is done where the file would reach protobuf's 2 GiB. */
  readonly external?: boolean | undefined
}

/** Of 2 GiB, what tensors may take: nodes and names need some. */
const MOST_INSIDE = 2 ** 31 - 2 ** 26

/** Writes a model (and its data file, first) so that each file is there whole or not at all. */
export async function saveOnnx(path: string, model: ModelProto, options: SaveOnnxOptions = {}): Promise<void> {
  const total = (model.graph.initializers ?? []).reduce((n, t) => n + tensorBytes(t), 0)
  if (!(options.external ?? total > MOST_INSIDE)) {
    const bytes = encodeModel(model)
    return writeFileAtomic(path, sink => sink.write(bytes))
  }
  const location = `${basename(path)}.data`
  const { bytes, chunks } = encodeModelExternal(model, { location })
  await writeFileAtomic(join(dirname(path), location), async sink => {
    for (const chunk of chunks()) await sink.write(chunk)
  })
  await writeFileAtomic(path, sink => sink.write(bytes))
}

/** Reads a model and the data files beside it. Throws OnnxError for a model that is corrupt, CheckpointError for files that cannot be read. */
export function loadOnnx(path: string): ModelProto {
  const folder = dirname(resolve(path))
  return decodeModel(readRange(path), {
    external: (location, offset, length) => readRange(join(folder, location), offset, length),
  })
}

function readRange(path: string, offset = 0, length?: number): Uint8Array {
  try {
    const file = openSync(path, 'r')
    try {
      const { size } = fstatSync(file)
      const n = length ?? size
      if (offset + n > size)
        throw new OnnxError(
          `${path} is ${size} bytes long, but the model needs bytes ${offset} to ${offset + n}. Copy the data file again.`,
        )
      const out = new Uint8Array(n)
      for (let done = 0; done < n; ) {
        const read = readSync(file, out, done, Math.min(n - done, 1 << 28), offset + done)
        if (read === 0) throw new OnnxError(`${path} became shorter while it was read: another process writes it. Try again.`)
        done += read
      }
      return out
    } finally {
      closeSync(file)
    }
  } catch (e) {
    throw explain(e, `read ${path}`)
  }
}
