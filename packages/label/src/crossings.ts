/** What every pixel's ray meets beyond the first surface: each object's nearest surface on it, in order. Amodal masks and occlusion come from here. */
import type { FrameContext } from './label.ts'
import { memo } from './memo.ts'
import { castOnward } from './raster.ts'

export interface Crossings {
  /** `from[p] … from[p + 1]` are pixel p's entries in `instance`. */
  readonly from: Uint32Array
  /** Indices of objects, nearest surface first, each once a pixel. */
  readonly instance: Uint32Array
}

/** Computed once a frame. A surface is what is one for labels (opacity ≥ 0.5), seen from either side. */
export const crossings = (context: FrameContext): Crossings =>
  memo(context, 'crossings', () => {
    const { primary } = context
    const n = primary.instance.length
    // Linked lists of what each pixel met: most meet one or two objects.
    const head = new Int32Array(n).fill(-1)
    const met: number[] = []
    const next: number[] = []
    const meet = (p: number, instance: number): boolean => {
      let last = -1
      for (let e = head[p]; e >= 0; e = next[e]) {
        if (met[e] === instance) return false
        last = e
      }
      if (last < 0) head[p] = met.length
      else next[last] = met.length
      met.push(instance)
      next.push(-1)
      return true
    }
    let pixels = new Uint32Array(n)
    let t = new Float64Array(n)
    let surfaces = 0
    for (let p = 0; p < n; p++) {
      if (primary.instance[p] < 0) continue
      meet(p, primary.instance[p])
      pixels[surfaces] = p
      t[surfaces++] = primary.t[p]
    }
    pixels = pixels.subarray(0, surfaces)
    t = t.subarray(0, surfaces)
    while (pixels.length > 0) {
      const hits = castOnward(context, pixels, t)
      let left = 0
      for (let i = 0; i < pixels.length; i++) {
        if (hits.instance[i] < 0) continue
        meet(pixels[i], hits.instance[i])
        pixels[left] = pixels[i]
        t[left++] = hits.t[i]
      }
      pixels = pixels.subarray(0, left)
      t = t.subarray(0, left)
    }
    const from = new Uint32Array(n + 1)
    const instance = new Uint32Array(met.length)
    for (let p = 0, at = 0; p < n; p++) {
      for (let e = head[p]; e >= 0; e = next[e]) instance[at++] = met[e]
      from[p + 1] = at
    }
    return { from, instance }
  })
