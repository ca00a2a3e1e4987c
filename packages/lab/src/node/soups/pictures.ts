/** Small pictures of a world that shifts, rendered once and kept by the hash of all that decides them. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bytesEpoch, makeClip, radianceSeed, settingsSchema, worldSource } from '@dioramic/generate'
import { createRenderer, toDisplay } from '@dioramic/render'
import { loadKernel } from '@dioramic/render/node'
import { NO_ASSETS } from '@dioramic/scene'
import { cacheFolder } from '@dioramic/scene/node'
import { f32, i64, type NDArray } from '@dioramic/tensor'
import world, { CLASSES, EDGE, type Shift } from '../../soups/world.ts'

export interface PictureSet {
  /** f32 [n, 3, EDGE, EDGE], display values from 0 to 1. */
  readonly x: NDArray
  /** i64 [n], the classes in turn. */
  readonly y: NDArray
  /** SHA-256 of the pixels: the same on every machine. */
  readonly hash: string
}

const PIXELS = EDGE * EDGE * 3
/** Rays a pixel; few, where noise is the shift. */
const SPP = { clean: 8, noisy: 2 }

const folder = (): string => cacheFolder('lab-soups')

/** `count` pictures of a shift from clip `from` on, rendered unless they are kept. */
export async function pictures(shift: Shift, from: number, count: number): Promise<PictureSet> {
  const file = fileURLToPath(new URL('../../soups/world.ts', import.meta.url))
  const source = createHash('sha256')
    .update(readFileSync(file))
    .update(readFileSync(import.meta.filename))
    .digest('hex')
  const id = createHash('sha256')
    .update(JSON.stringify([bytesEpoch, source, shift, from, count]))
    .digest('hex')
    .slice(0, 24)
  const path = join(folder(), `${shift}-${from}-${count}-${id}.bin`)
  const known = existsSync(path) ? readFileSync(path) : undefined
  const pixels = known?.length === count * PIXELS ? new Uint8Array(known) : await render(shift, from, count)
  if (pixels.length !== known?.length) {
    mkdirSync(folder(), { recursive: true })
    writeFileSync(`${path}.${process.pid}.part`, pixels)
    renameSync(`${path}.${process.pid}.part`, path)
  }
  const x = new Float32Array(count * PIXELS)
  const area = EDGE * EDGE
  for (let i = 0; i < count; i++)
    for (let p = 0; p < area; p++) for (let c = 0; c < 3; c++) x[(i * 3 + c) * area + p] = pixels[(i * area + p) * 3 + c]! / 255
  return {
    x: f32(x, [count, 3, EDGE, EDGE]),
    y: i64(Array.from({ length: count }, (_, i) => (from + i) % CLASSES.length)),
    hash: createHash('sha256').update(pixels).digest('hex'),
  }
}

async function render(shift: Shift, from: number, count: number): Promise<Uint8Array<ArrayBuffer>> {
  const renderer = await createRenderer(await loadKernel())
  const spp = shift === 'noise' ? SPP.noisy : SPP.clean
  const settings = settingsSchema.parse({ size: [EDGE, EDGE], spp, maxBounces: 2, labels: [], denoise: false })
  const out = new Uint8Array(count * PIXELS)
  for (let i = 0; i < count; i++) {
    const index = from + i
    const clip = await makeClip({
      source: worldSource(world, 'soups-shapes', { shift, label: index % CLASSES.length }),
      seed: 0,
      index,
      settings,
      assets: NO_ASSETS,
    })
    const { color, width, height } = renderer
      .load(clip.resolved, clip.motion)
      .radiance({ camera: 0, frame: 0, spp, maxBounces: settings.maxBounces, seed: radianceSeed(clip, 0, 0) })
    out.set(toDisplay(color, width, height, settings.view, settings.exposure), i * PIXELS)
  }
  return out
}
