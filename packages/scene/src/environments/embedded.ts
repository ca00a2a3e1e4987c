/**
 * Environment pictures that come with the package: the CC0 HDRIs of `@pmndrs/assets` (Poly Haven, made small), each in a module of its own
 * that is loaded only when asked for.
 *
 * They follow the equirectangular convention of three.js: +Y up, u = ½ + atan2(z, x)/2π. Turned to +Z up the usual way, (x, y, z) → (x, −z, y),
 * that is ours (direction.ts) texel by texel, so nothing is resampled.
 */
import { decodeExr, type ExrImage } from '@dioramic/codec'
import type { Assets } from '../assets.ts'
import type { HdrImage } from '../mesh.ts'
import type { Environment } from '../schema/light.ts'
import { suggest } from '../suggest.ts'
import { EnvironmentError } from './error.ts'
import { removeNegativeLobes, restoreLostChannels } from './mend.ts'

/** Literal imports, so that bundlers see them. Each default export is a data URL. */
const MODULES: Readonly<Record<string, () => Promise<{ default: string }>>> = {
  apartment: () => import('@pmndrs/assets/hdri/apartment.exr.js'),
  bridge: () => import('@pmndrs/assets/hdri/bridge.exr.js'),
  city: () => import('@pmndrs/assets/hdri/city.exr.js'),
  dawn: () => import('@pmndrs/assets/hdri/dawn.exr.js'),
  esplanade: () => import('@pmndrs/assets/hdri/esplanade.exr.js'),
  forest: () => import('@pmndrs/assets/hdri/forest.exr.js'),
  hall: () => import('@pmndrs/assets/hdri/hall.exr.js'),
  lab: () => import('@pmndrs/assets/hdri/lab.exr.js'),
  lobby: () => import('@pmndrs/assets/hdri/lobby.exr.js'),
  night: () => import('@pmndrs/assets/hdri/night.exr.js'),
  park: () => import('@pmndrs/assets/hdri/park.exr.js'),
  sky: () => import('@pmndrs/assets/hdri/sky.exr.js'),
  studio: () => import('@pmndrs/assets/hdri/studio.exr.js'),
  sunrise: () => import('@pmndrs/assets/hdri/sunrise.exr.js'),
  sunset: () => import('@pmndrs/assets/hdri/sunset.exr.js'),
  venice: () => import('@pmndrs/assets/hdri/venice.exr.js'),
  warehouse: () => import('@pmndrs/assets/hdri/warehouse.exr.js'),
  workshop: () => import('@pmndrs/assets/hdri/workshop.exr.js'),
}

/** Ids that `hdri` environments can name without `--assets`. */
export const EMBEDDED_HDRIS: readonly string[] = Object.keys(MODULES)

/** Reads and decodes one embedded picture. Throws `EnvironmentError` for an unknown name. */
export async function loadEmbeddedHdri(name: string): Promise<HdrImage> {
  const load = Object.hasOwn(MODULES, name) ? MODULES[name] : undefined
  if (!load) throw new EnvironmentError(`there is no embedded HDR environment "${name}"; ${suggest(name, EMBEDDED_HDRIS)}`)
  const url = (await load()).default
  const bytes = Uint8Array.from(atob(url.slice(url.indexOf(',') + 1)), c => c.charCodeAt(0))
  return hdrFromExr(decodeExr(bytes), name)
}

/** Assets holding the named embedded pictures, all of them when no names are given. */
export async function loadEmbeddedAssets(names: readonly string[] = EMBEDDED_HDRIS): Promise<Assets> {
  const unique = [...new Set(names)]
  const pictures = await Promise.all(unique.map(loadEmbeddedHdri))
  return { objects: new Map(), images: new Map(), hdris: new Map(unique.map((name, i) => [name, pictures[i]!])) }
}

/** Which embedded pictures an environment names; ids that are not embedded are left to `--assets`. */
export function embeddedHdrisOf(environment: Environment | undefined): string[] {
  const sources = environment ? [environment.light, environment.background] : []
  return [...new Set(sources.flatMap(s => (s?.type === 'hdri' && EMBEDDED_HDRIS.includes(s.asset) ? [s.asset] : [])))]
}

/** Linear RGB of an EXR picture's R, G and B, finite and ≥ 0: NaN becomes 0, infinity the largest half, and negative lobes are mended (mend.ts). */
export function hdrFromExr(exr: ExrImage, name: string): HdrImage {
  const { width, height } = exr
  const data = new Float32Array(width * height * 3)
  for (const [c, channel] of ['R', 'G', 'B'].entries()) {
    const values = (exr.channels.find(x => x.name === channel) ?? exr.channels.find(x => x.name === 'Y'))?.data
    if (!values)
      throw new EnvironmentError(`HDR environment "${name}" has no channel ${channel}; it has: ${exr.channels.map(x => x.name).join(', ')}`)
    for (let i = 0; i < width * height; i++) {
      const x = values[i]!
      data[3 * i + c] = Number.isNaN(x) ? 0 : Math.max(-65504, Math.min(x, 65504))
    }
  }
  restoreLostChannels(data, width, height)
  removeNegativeLobes(data, width, height)
  return { width, height, data }
}
