/** The pictures of the refiner's experiment: labelled renders, and photographs of other such scenes in other rooms. */
import { makeClip, settingsSchema, worldSource } from '@dioramic/generate'
import { frameContext, labelFrame, selectLabels } from '@dioramic/label'
import type { Planes } from '@dioramic/learn/gan'
import { createRenderer, type Renderer, toDisplay } from '@dioramic/render'
import { loadKernel } from '@dioramic/render/node'
import { NO_ASSETS } from '@dioramic/scene'
import { photograph } from './refiner-camera.ts'
import { CAMERAS, solidsOnFloor } from './refiner-world.ts'

export const EDGE = 24

export interface Labelled {
  readonly pictures: readonly Planes[]
  /** Of each pixel: 1 on a solid, else 0. */
  readonly labels: readonly Int32Array[]
}

export interface Scenes {
  readonly [name: string]: number
  readonly renders: number
  readonly targets: number
  readonly tests: number
}

export interface RefinerPictures {
  readonly renders: Labelled
  /** Their labels are for the arm that shows what could be had; the refiner sees none. */
  readonly targets: Labelled
  readonly tests: Labelled
}

/** Our own renders: a studio, a clean camera. */
const STUDIO = { rooms: ['studio'], strength: 0.3 }
/** Where the photographs are taken. */
const ROOMS = { rooms: ['apartment', 'lobby', 'venice', 'warehouse'], strength: 1 }

const made = new Map<string, Promise<RefinerPictures>>()

/** Made once a process; the same numbers give the same pictures. */
export function refinerPictures(scenes: Scenes): Promise<RefinerPictures> {
  const name = JSON.stringify(scenes)
  if (!made.has(name)) made.set(name, make(scenes))
  return made.get(name)!
}

async function make({ renders, targets, tests }: Scenes): Promise<RefinerPictures> {
  const renderer = await createRenderer(await loadKernel())
  const of = (look: 'render' | 'photograph', from: number, count: number) => pictures(renderer, look, from, count)
  const all = {
    renders: await of('render', 0, renders),
    targets: await of('photograph', 1000, targets),
    tests: await of('photograph', 2000, tests),
  }
  renderer.dispose()
  return all
}

async function pictures(renderer: Renderer, look: 'render' | 'photograph', from: number, count: number): Promise<Labelled> {
  const source = worldSource(solidsOnFloor, 'solids-on-floor', look === 'render' ? STUDIO : ROOMS)
  const settings = settingsSchema.parse({ size: [EDGE, EDGE], frames: 1, spp: 12, maxBounces: 3, labels: ['segmentation'] })
  const labels = selectLabels('segmentation')
  const out: { pictures: Planes[]; labels: Int32Array[] } = { pictures: [], labels: [] }
  for (let index = from; index < from + count; index++) {
    const clip = await makeClip({ source, seed: 0, index, settings, assets: NO_ASSETS })
    const loaded = renderer.load(clip.resolved, clip.motion)
    const solids = new Set(clip.scene.objects.flatMap(o => (o.isBackground ? [] : [o.id])))
    for (let camera = 0; camera < CAMERAS; camera++) {
      const key = clip.key.fork('light').fork(camera)
      const { color: light } = loaded.denoise(
        loaded.radiance({ camera, frame: 0, spp: settings.spp, maxBounces: settings.maxBounces, seed: key.words }),
      )
      const context = frameContext({ resolved: clip.resolved, motion: clip.motion, rays: t => loaded.rays(t), camera, frame: 0 })
      const ids = labelFrame(context, labels).layers[0]!.data
      out.labels.push(Int32Array.from(ids as ArrayLike<number>, id => (solids.has(id) ? 1 : 0)))
      const data = look === 'render' ? planes(toDisplay(light, EDGE, EDGE, 'standard')) : photograph(light, EDGE, EDGE, key.fork('camera'))
      out.pictures.push({ height: EDGE, width: EDGE, data })
    }
  }
  return out
}

/** Interleaved bytes as planes of −1 … 1. */
function planes(bytes: Uint8Array): Float32Array {
  const area = bytes.length / 3
  return Float32Array.from({ length: bytes.length }, (_, i) => (2 * bytes[3 * (i % area) + Math.floor(i / area)]!) / 255 - 1)
}
