/** `occlusion`: how much of each object's amodal mask is seen, and what hides the rest. */
import { crossings } from '../crossings.ts'
import type { InstanceLabel } from '../label.ts'

export const occlusion: InstanceLabel = {
  kind: 'instances',
  name: 'occlusion',
  definition:
    "amodalPixels: pixels of the amodal mask. visibleFraction and occludedFraction: shares of them that segmentation gives to the object, and does not; null without any. occludedBy: [id, pixels] of every object whose nearest surface lies before this one's on some of its pixels, most pixels first; several may hide one pixel, and two objects may hide parts of each other. What lies outside the picture counts in truncatedFraction (box-amodal).",
  compute(context) {
    const { from, instance } = crossings(context)
    const { objects } = context.resolved.scene
    const total = new Uint32Array(objects.length)
    const seen = new Uint32Array(objects.length)
    const hiders = objects.map(() => new Map<number, number>())
    for (let p = 0; p + 1 < from.length; p++) {
      for (let e = from[p]; e < from[p + 1]; e++) {
        const k = instance[e]
        total[k]++
        if (e === from[p]) seen[k]++
        for (let b = from[p]; b < e; b++) hiders[k].set(instance[b], (hiders[k].get(instance[b]) ?? 0) + 1)
      }
    }
    return hiders.map((by, k) => ({
      amodalPixels: total[k],
      visibleFraction: total[k] > 0 ? seen[k] / total[k] : null,
      occludedFraction: total[k] > 0 ? (total[k] - seen[k]) / total[k] : null,
      occludedBy: [...by].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([b, pixels]) => [objects[b].id, pixels]),
    }))
  },
}
