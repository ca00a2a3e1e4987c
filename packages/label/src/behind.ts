/** The frame as seen straight through all that transmits light: the same rays, gone on (not bent) to the first surface that lets less than half through. */
import { type Image, type Material, numberAt } from '@dioramic/scene'
import type { FrameContext } from './label.ts'
import { memo } from './memo.ts'
import { partOfTriangle } from './parts.ts'
import { castOnward } from './raster.ts'

/** Of a picture, its mean. */
function transmissionOf({ transmission }: Material, images: ReadonlyMap<string, Image>, time: number): number {
  if (typeof transmission === 'number' || 'keys' in transmission) return numberAt(transmission, time)
  const { data } = images.get(transmission.texture)!
  const channel = 'rgba'.indexOf(transmission.channel)
  let sum = 0
  for (let i = channel; i < data.length; i += 4) sum += data[i]!
  return (4 * sum) / data.length / 255
}

/** A context whose `primary` are the surfaces behind transmission ≥ 0.5; equal to the frame's own where nothing transmits. */
export const behindContext = (context: FrameContext): FrameContext =>
  memo(context, 'behind', () => {
    const { resolved, time, primary } = context
    const clear = resolved.objects.map(({ materials }) => materials.map(m => transmissionOf(m, resolved.images, time) >= 0.5))
    if (!clear.some(parts => parts.some(x => x))) return context
    const partOf = resolved.objects.map(({ mesh }) => partOfTriangle(mesh))
    const through = (instance: number, primitive: number) => instance >= 0 && clear[instance][partOf[instance]?.[primitive] ?? 0]
    const hits = {
      instance: primary.instance.slice(),
      primitive: primary.primitive.slice(),
      t: primary.t.slice(),
      u: primary.u.slice(),
      v: primary.v.slice(),
    }
    let pixels = Uint32Array.from(hits.instance.keys()).filter(p => through(hits.instance[p], hits.primitive[p]))
    while (pixels.length > 0) {
      const next = castOnward(
        context,
        pixels,
        Float64Array.from(pixels, p => hits.t[p]),
      )
      const left: number[] = []
      pixels.forEach((p, i) => {
        for (const field of ['instance', 'primitive', 't', 'u', 'v'] as const) hits[field][p] = next[field][i]
        if (through(next.instance[i], next.primitive[i])) left.push(p)
      })
      pixels = Uint32Array.from(left)
    }
    return { ...context, primary: hits }
  })
