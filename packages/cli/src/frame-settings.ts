/** Options of `generate` and `render`, as settings and assets. */
import { readFileSync } from 'node:fs'
import type { Quality, Settings } from '@dioramic/generate'
import { QUALITIES, settingsSchema } from '@dioramic/generate'
import { labelName, selectLabels } from '@dioramic/label'
import { type Assets, NO_ASSETS, readCalibration } from '@dioramic/scene'
import { type Factor, factorOf, type Variation, variationOf } from '@dioramic/worlds'
import pc from 'picocolors'
import { UsageError } from './fail.ts'
import { parseSensor } from './sensor-option.ts'

export interface FrameOptions {
  readonly seed: number
  readonly size?: [number, number]
  /** Calibration files. */
  readonly camera?: readonly string[]
  readonly frames?: number
  readonly spp?: number
  readonly bounces?: number
  readonly filterGlossy: number
  readonly quality: Quality
  readonly denoise: boolean
  readonly view: Settings['view']
  readonly exposure: number
  /** As `parseSensor` reads it. */
  readonly sensor?: string
  readonly assets: readonly string[]
  readonly config: Readonly<Record<string, unknown>>
  readonly vary: readonly string[]
  readonly shift: Readonly<Record<string, number>>
}

/** Settings that bytes depend on; label presets are written out. */
export function settingsOf(o: FrameOptions, labels: string): Settings {
  const quality = QUALITIES[o.quality]
  return settingsSchema.parse({
    ...(o.camera?.length ? { calibration: readCalibration(o.camera.map(readText), o.size) } : {}),
    ...variation(o),
    size: o.size ?? null,
    frames: o.frames ?? null,
    spp: o.spp ?? quality.spp,
    maxBounces: o.bounces ?? quality.maxBounces,
    ...(o.filterGlossy > 0 ? { filterGlossy: o.filterGlossy } : {}),
    denoise: o.denoise,
    view: o.view,
    exposure: o.exposure,
    ...(o.sensor === undefined ? {} : { sensor: parseSensor(o.sensor) }),
    labels: selectLabels(labels).map(labelName),
  })
}

/** What `--vary` and `--shift` say; nothing when neither was given. */
function variation(o: FrameOptions): { readonly variation?: Variation } {
  const vary = o.vary.map(name => factor('--vary', name))
  const shift = Object.fromEntries(Object.entries(o.shift).map(([name, far]) => [factor('--shift', name), far]))
  return vary.length > 0 || Object.keys(shift).length > 0 ? { variation: variationOf(vary, shift) } : {}
}

function factor(option: string, name: string): Factor {
  try {
    return factorOf(name)
  } catch (e) {
    throw new UsageError(`${option} ${name}: ${(e as Error).message}`)
  }
}

function readText(file: string): { readonly name: string; readonly text: string } {
  try {
    return { name: file, text: readFileSync(file, 'utf8') }
  } catch (e) {
    const why = (e as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (e as Error).message
    throw new UsageError(`--camera ${file} could not be read: ${why}`)
  }
}

export interface LoadedAssets {
  readonly assets: Assets
  readonly hashes: Readonly<Record<string, string>>
}

/** Collision meshes that stand off are one finding, however many there are; everything else is said one by one. */
export function gathered(warnings: readonly string[]): readonly string[] {
  const found = warnings.map(w => /^asset "([^"]*)": its collision mesh .* stands up to (\S+ mm) off what is seen/.exec(w))
  const off = found.filter(f => f !== null)
  if (off.length < 2) return warnings
  const list = off.map(f => `${f[1]} ${f[2]}`).join(', ')
  return [
    ...warnings.filter((_, i) => found[i] === null),
    `${off.length} collision meshes stand off what is seen by more than their limit (${list}); hulls of the visual meshes are used instead`,
  ]
}

/** Everything that `--assets` names. */
export async function readAssets(paths: readonly string[]): Promise<LoadedAssets> {
  if (paths.length === 0) return { assets: NO_ASSETS, hashes: {} }
  const { loadAssets } = await import('@dioramic/scene/node')
  const { assets, hashes, warnings } = await loadAssets(paths)
  for (const w of gathered(warnings)) process.stderr.write(`${pc.yellow('warning')}: ${w}\n`)
  return { assets, hashes }
}
