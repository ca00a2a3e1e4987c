/** Files of a folder or a mirror on the web, the latter kept in a cache and checked by their hash each time they are used. */
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256 } from '@dioramic/codec'
import { AssetError } from '../assets/error.ts'
import { cacheFolder, replaceFile } from './files.ts'

export const isUrl = (place: string): boolean => /^https?:\/\//.test(place)

/** Where downloaded files are kept. */
export const downloadFolder = (): string => cacheFolder('assets')

const hashOf = (text: string): string => sha256(new TextEncoder().encode(text))

/** Plain http is for this machine alone: what comes over it could be anyone's. */
function checkScheme(url: string): void {
  const { protocol, hostname } = new URL(url)
  if (protocol === 'http:' && !['localhost', '127.0.0.1', '[::1]'].includes(hostname))
    throw new AssetError(`${url}: assets are fetched over https only; write https://${url.slice('http://'.length)}`)
}

async function download(url: string): Promise<Uint8Array> {
  checkScheme(url)
  let response: Response
  try {
    response = await fetch(url)
  } catch (error) {
    const cause = (error as Error).cause
    throw new AssetError(`${url} cannot be fetched: ${cause instanceof Error ? cause.message : (error as Error).message}`, { cause: error })
  }
  if (response.url) checkScheme(response.url)
  if (!response.ok) throw new AssetError(`${url} cannot be fetched: the server answers ${response.status} ${response.statusText}`)
  return new Uint8Array(await response.arrayBuffer())
}

export interface Fetched {
  readonly bytes: Uint8Array
  readonly sha256: string
}

/**
 * The bytes of a file, by path or URL. One from the web is asked for once: later it comes from the cache, if its bytes still have the hash that they
 * had when they came; damaged ones are fetched again.
 *
 * @param expected sha256 that it must have
 * @throws AssetError when it cannot be read or has another hash
 */
export async function fetchFile(place: string, expected?: string, cache: string = downloadFolder()): Promise<Fetched> {
  if (!isUrl(place)) {
    const bytes = await readFile(place).catch(error => {
      const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
      throw new AssetError(`${place} ${missing ? 'does not exist' : `cannot be read: ${(error as Error).message}`}`, { cause: error })
    })
    return checked(place, bytes, expected)
  }
  const file = join(cache, hashOf(place))
  const kept = await readFile(file).catch(() => null)
  const written = kept && (await readFile(`${file}.sha256`, 'utf8').catch(() => null))
  if (kept && written === sha256(kept) && (expected === undefined || written === expected)) return { bytes: kept, sha256: written }
  const fetched = checked(place, await download(place), expected)
  await mkdir(cache, { recursive: true })
  await replaceFile(file, fetched.bytes)
  await replaceFile(`${file}.sha256`, fetched.sha256)
  return fetched
}

function checked(place: string, bytes: Uint8Array, expected: string | undefined): Fetched {
  const hash = sha256(bytes)
  if (expected !== undefined && hash !== expected)
    throw new AssetError(`${place} has the sha256 ${hash}, not ${expected} as its manifest says; it is damaged or another version`)
  return { bytes, sha256: hash }
}
