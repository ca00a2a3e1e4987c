/** How many pixels something has, and the tight box around them, far edges exclusive. */
export class Extent {
  pixels = 0
  readonly box: [number, number, number, number] = [Infinity, Infinity, 0, 0]

  add(x: number, y: number): void {
    const b = this.box
    this.pixels++
    b[0] = Math.min(b[0], x)
    b[1] = Math.min(b[1], y)
    b[2] = Math.max(b[2], x + 1)
    b[3] = Math.max(b[3], y + 1)
  }
}

/** Of every id in a layer. */
export function extentsOf(ids: ArrayLike<number>, width: number): ReadonlyMap<number, Extent> {
  const out = new Map<number, Extent>()
  for (let p = 0; p < ids.length; p++) {
    const extent = out.get(ids[p]!) ?? new Extent()
    if (extent.pixels === 0) out.set(ids[p]!, extent)
    extent.add(p % width, Math.floor(p / width))
  }
  return out
}
