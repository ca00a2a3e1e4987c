/** Other platforms that the tests can reach: where each program is, or why it is not here. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const cache = fileURLToPath(new URL('../../.cache/platforms', import.meta.url))

export interface Found {
  readonly path: string | null
  /** Why `path` is null. */
  readonly reason: string
}

/** A Node executable that npm carries as a package, unpacked once into .cache; its own architecture does not matter. */
export function npmNode(name: string, version: string): Found {
  const folder = join(cache, `${name}-${version}`)
  const path = join(folder, 'package', 'bin', 'node')
  try {
    if (!existsSync(path)) {
      mkdirSync(folder, { recursive: true })
      const packed = execFileSync('npm', ['pack', `${name}@${version}`, '--silent'], {
        cwd: folder,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      execFileSync('tar', ['xzf', packed.trim().split('\n').at(-1)!], { cwd: folder })
    }
    return { path, reason: '' }
  } catch (error) {
    return { path: null, reason: `npm pack ${name}@${version} failed: ${error instanceof Error ? error.message.split('\n')[0] : error}` }
  }
}

/** The first of these programs on this machine. */
export function program(...candidates: readonly string[]): Found {
  const path = candidates.find(existsSync)
  return path ? { path, reason: '' } : { path: null, reason: `none of ${candidates.join(', ')} is here` }
}
