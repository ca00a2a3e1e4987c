import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** A hash of a saved run's arrays: the file's bytes without the record, in which are times. */
export function arraysOf(path: string): string {
  const bytes = readFileSync(path)
  return createHash('sha256')
    .update(bytes.subarray(8 + Number(bytes.readBigUInt64LE(0))))
    .digest('hex')
}
