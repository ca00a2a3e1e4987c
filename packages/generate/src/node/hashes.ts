/** What the bytes of a sample depend on besides its recipe: the engines, by hash or version. */
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { KERNEL_SHA256 } from '@dioramic/render'

/** Name and version of the package that a module of `from` means by `specifier`. */
function packageVersion(specifier: string, from: string): string {
  for (let folder = dirname(createRequire(from).resolve(specifier)); folder !== dirname(folder); folder = dirname(folder)) {
    const file = join(folder, 'package.json')
    if (!existsSync(file)) continue
    const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string }
    if (name && version) return `${name} ${version}`
  }
  return specifier
}

/** Hashes that every sample records: kernel, physics engine, codecs. */
export function engineHashes(): Record<string, string> {
  const here = import.meta.url
  return {
    kernel: KERNEL_SHA256,
    physics: packageVersion('@dimforge/rapier3d-deterministic-compat', createRequire(here).resolve('@dioramic/physics')),
    codec: packageVersion('@dioramic/codec', here),
  }
}
