/** A picture of ids: every object emits its own colour and reflects nothing, so a pixel's colour is the mix of what covers it. */
import type { Clip } from '@dioramic/generate'
import { frameContext, LABELS, type Label } from '@dioramic/label'
import { createRenderer } from '@dioramic/render'
import { loadKernel } from '@dioramic/render/node'
import { materialSchema, type ResolvedScene } from '@dioramic/scene'

export interface Agreement {
  /** Pixels where some object covers at least half by its label. */
  readonly pixels: number
  /** Share of them where the picture's largest part is the same object. */
  readonly agree: number
  /** Mean difference of shares over the pixels that several objects share. */
  readonly difference: number
}

/** The clip's scene without lights, objects `first`, `first + 1`, `first + 2` shining red, green and blue. */
function lit({ scene, objects, images }: ResolvedScene, first: number): ResolvedScene {
  const dark = { baseColor: [0, 0, 0], specular: 0, roughness: 1 }
  return {
    scene: { ...scene, lights: [], environment: undefined },
    images,
    environment: null,
    objects: objects.map((o, k) => {
      const emission = [0, 1, 2].map(c => (k === first + c ? 1 : 0))
      return { ...o, materials: o.materials.map(() => materialSchema.parse({ ...dark, emission })) }
    }),
  }
}

/** Compares shares of pixels with three objects a picture, all pictures by the same samples. */
export async function agreement(clip: Clip, frame: number, spp: number): Promise<Agreement> {
  const renderer = await createRenderer(await loadKernel())
  const n = clip.resolved.objects.length
  const [width, height] = clip.scene.cameras[0]!.resolution
  const seen = new Float32Array(n * width * height)
  for (let first = 0; first < n; first += 3) {
    const loaded = renderer.load(lit(clip.resolved, first), clip.motion)
    const { color } = loaded.radiance({ camera: 0, frame, spp, maxBounces: 1, seed: [5, 9] })
    for (let p = 0; p < width * height; p++) for (let c = 0; c < 3 && first + c < n; c++) seen[p * n + first + c] = color[3 * p + c]!
  }
  const loaded = renderer.load(clip.resolved, clip.motion)
  const context = frameContext({ resolved: clip.resolved, motion: clip.motion, rays: t => loaded.rays(t), frame })
  const layer = (name: string) => (LABELS.get(name) as Extract<Label, { kind: 'pixels' }>).compute(context).data
  const [ids, points] = [layer('coverage-id'), layer('coverage')]
  const index = new Map(clip.scene.objects.map((o, k) => [o.id, k]))
  let [pixels, agree, shared, off] = [0, 0, 0, 0]
  for (let p = 0; p < width * height; p++) {
    const of = Array.from(seen.subarray(p * n, (p + 1) * n))
    if (points[4 * p + 1]! > 0) {
      shared++
      for (let k = 0; k < 4; k++) {
        const object = index.get(ids[4 * p + k]!)
        if (object !== undefined && points[4 * p + k]! > 0) off += Math.abs(of[object]! - points[4 * p + k]! / 55) / 4
      }
    }
    const winner = index.get(ids[4 * p]!)
    if (winner === undefined || points[4 * p]! < 27.5) continue
    pixels++
    if (of.indexOf(Math.max(...of)) === winner) agree++
  }
  renderer.dispose()
  return { pixels, agree: agree / pixels, difference: off / Math.max(1, shared) }
}
