/** One random scene through everything: built, simulated, traced, denoised, labelled, encoded. What is wrong with it, in words. */
import { assembleSample, decodeLayer, encodeLayer } from '@dioramic/data'
import { DEFAULT_LABELS, type Label, labelName, PRESETS, selectLabels } from '@dioramic/label'
import type { RadianceFrame, Renderer } from '@dioramic/render'
import { Key, NO_ASSETS } from '@dioramic/scene'
import { makeClip } from '../../src/clip.ts'
import { finishFrame, keptLight, layerSpecs } from '../../src/frame.ts'
import { clipHead } from '../../src/record.ts'
import { settingsSchema } from '../../src/settings.ts'
import { sceneSource } from '../../src/source.ts'
import { randomScene } from './scenes.ts'

export interface Outcome {
  readonly seed: number
  /** `pictures`, or the name of the error that refused the scene. */
  readonly result: string
  /** What the error says. */
  readonly message?: string
  /** What is wrong; empty when all is well. */
  readonly faults: readonly string[]
  readonly milliseconds: number
}

/** Errors that are meant for whoever wrote the scene. */
const MEANT = new Set(['QuarantineError', 'ResolveError', 'PhysicsError', 'RenderError', 'LabelError'])
/** Words of errors that nobody wrote. */
const ACCIDENT =
  /(?<!received )undefined|is not a function|Cannot read|is not iterable|out of bounds|unreachable|Invalid (array|typed)|must be a (safe )?integer|call stack|\[object|Unrepresentable/i
/** A place in the scene, or the kind of thing: what to look at. */
const PLACE = /(objects?|cameras?|lights?|geometries|textures|materials|environment|frames|fps|gravity|stepRate|scene|mesh|categories)/

/** Makes the scene of a seed. Never throws. */
export async function trial(renderer: Renderer, seed: number): Promise<Outcome> {
  const start = performance.now()
  const faults: string[] = []
  const done = (result: string, message?: string): Outcome => ({
    seed,
    result,
    ...(message === undefined ? {} : { message }),
    faults,
    milliseconds: performance.now() - start,
  })
  try {
    await make(renderer, Key.fromSeed(seed).fork('fuzz'), faults)
    return done('pictures')
  } catch (e) {
    const error = e instanceof Error ? e : new Error(String(e))
    if (!MEANT.has(error.name)) faults.push(`${error.name} is no error for the scene's author: ${error.stack}`)
    else if (ACCIDENT.test(error.message) || !PLACE.test(error.message)) faults.push(`an error that is not clear: ${error.message}`)
    return done(error.name, error.message)
  }
}

async function make(renderer: Renderer, key: Key, faults: string[]): Promise<void> {
  const k = key.fork('settings')
  const preset = k.fork('labels').choice([DEFAULT_LABELS, 'all', ...Object.keys(PRESETS)])
  const labels = selectLabels(preset)
  const settings = settingsSchema.parse({
    spp: k.fork('spp').int(1, 3),
    maxBounces: k.fork('bounces').choice([1, 4, 8, 64]),
    denoise: k.fork('denoise').uniform() < 0.7,
    labels: labels.map(labelName),
  })
  const source = sceneSource(randomScene(key))
  const clip = await makeClip({ source, seed: 0, index: 0, settings, assets: NO_ASSETS })
  const loaded = renderer.load(clip.resolved, clip.motion)
  const head = clipHead(clip, loaded, labels)
  const lightOf = keptLight(clip, loaded, labels)
  const records = Array.from({ length: clip.scene.frames }, (_, frame) => {
    lightOf(frame).forEach((picture, camera) => {
      faults.push(...pictureFaults(picture).map(f => `camera ${camera}, frame ${frame}, ${preset}: ${f}`))
    })
    const { files, record } = finishFrame(clip, loaded, frame, labels, lightOf)
    for (const file of files) faults.push(...layerFaults(labels, file.layer, file.bytes).map(f => `${file.path}: ${f}`))
    return record
  })
  const body = assembleSample({ ...head.head, configHash: '0'.repeat(64), bytesEpoch: 0, hashes: {} }, records, head)
  // JSON has no NaN: it would become null.
  const { config: _, ...rest } = body as { config?: unknown }
  faults.push(...numberFaults(rest, 'sample.json'))
}

/** Light is a number and not negative, and so are the guides but for depth, which is negative behind a lens that sees so far round; normals are short, shares are shares. */
function pictureFaults({ color, half, square, albedo, normal, depth, coverage, split }: RadianceFrame): string[] {
  const least = { color, half, square, albedo, coverage, ...split }
  return [
    ...Object.entries(least).flatMap(([name, a]) => outside(name, a, 0, name === 'coverage' || name === 'shadow' ? 1.001 : Infinity)),
    ...outside('normal', normal, -1.001, 1.001),
    ...outside('depth', depth, -Infinity, Infinity),
  ]
}

function outside(name: string, values: Float32Array, low: number, high: number): string[] {
  const i = values.findIndex(x => !(x >= low && x <= high && Math.abs(x) !== Infinity))
  return i < 0 ? [] : [`${name}[${i}] of ${values.length} is ${values[i]}`]
}

function layerFaults(labels: readonly Label[], name: string, bytes: Uint8Array): string[] {
  const spec = layerSpecs(labels).find(s => s.name === name)!
  const layer = decodeLayer(spec, bytes)
  const again = encodeLayer(spec, layer)
  const faults = again.bytes.every((b, i) => b === bytes[i]) ? [] : [`reads back as other bytes`]
  // A miss is infinitely far.
  const far = /depth|distance/.test(name)
  const i = layer.data instanceof Float32Array ? layer.data.findIndex(x => Number.isNaN(x) || (!far && !Number.isFinite(x))) : -1
  return i < 0 ? faults : [...faults, `value ${i} of ${layer.data.length} is ${layer.data[i]}`]
}

function numberFaults(value: unknown, path: string): string[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [`${path} is ${value}`]
  if (typeof value !== 'object' || value === null) return []
  for (const [k, v] of Object.entries(value)) {
    const faults = numberFaults(v, `${path}.${k}`)
    if (faults.length > 0) return faults
  }
  return []
}
