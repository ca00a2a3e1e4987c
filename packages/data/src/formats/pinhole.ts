/** Formats that know plain pinholes only. */
import { DataError } from '../error.ts'
import type { SampleReader } from '../layout/reader.ts'

/**
 * Refuses a clip whose camera has a lens or a rolling shutter.
 *
 * @param format as `--format` calls it
 * @param what the file that cannot say it
 * @throws DataError that names the camera and what it has
 */
export function requirePinhole({ sample, folder }: SampleReader, format: string, what: string): void {
  const camera = sample.cameras[0]!
  const lens = camera['lens'] as { readonly model: string } | undefined
  if ((camera['readout'] as number | undefined) || lens)
    throw new DataError(
      `${folder}, camera ${camera.name}: ${what} is written for plain pinholes, and this one has ${lens ? `the lens ${lens.model}` : 'a rolling shutter'}; leave out --format ${format}`,
    )
}
