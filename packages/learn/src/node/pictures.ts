/** Folders of pictures. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { decodeImage } from '@dioramic/codec'
import { GanError, type Planes, planesFrom, shrunk } from '../gan/index.ts'

/**
 * PNG and JPEG pictures of a folder in the order of their names, each averaged down by the greatest whole factor that leaves it as large as `size`: what is learned from them is to be learned at
 * the scale of what it is for.
 * @throws GanError where there is no folder or no picture; CodecError for one that is damaged
 */
export function loadPictures(folder: string, size: { readonly width: number; readonly height: number }): Planes[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new GanError(`there is no folder ${folder}; give one with PNG or JPEG pictures`)
  const names = readdirSync(folder)
    .filter(n => /\.(png|jpe?g)$/i.test(n))
    .sort()
  if (names.length === 0) throw new GanError(`${folder} has no .png or .jpg pictures`)
  return names.map(name => {
    const { width, height, data } = decodeImage(new Uint8Array(readFileSync(join(folder, name))))
    return shrunk(planesFrom(data, width, height, 4), size)
  })
}
