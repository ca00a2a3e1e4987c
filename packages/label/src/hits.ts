/** Hits put together from casts at several times. */
import type { Hits } from '@dioramic/render'

export const emptyHits = (count: number): Hits => ({
  instance: new Int32Array(count),
  primitive: new Uint32Array(count),
  t: new Float64Array(count),
  u: new Float64Array(count),
  v: new Float64Array(count),
})

/** Hit `at` of a part becomes hit `i`. */
export function putHit(hits: Hits, i: number, part: Hits, at: number): void {
  hits.instance[i] = part.instance[at]
  hits.primitive[i] = part.primitive[at]
  hits.t[i] = part.t[at]
  hits.u[i] = part.u[at]
  hits.v[i] = part.v[at]
}
