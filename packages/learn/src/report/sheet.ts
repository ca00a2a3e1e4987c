/** Rows of pictures as one SVG. */
import { encodePng } from '@dioramic/codec'
import { escaped } from './html.ts'

export interface SheetRow {
  readonly title: string
  /** Planes [1 or 3, height, width] of each picture, −1 … 1; all of one size. */
  readonly pictures: readonly ArrayLike<number>[]
}

const GAP = 2
const LINE = 18

/** Pictures of height × width pixels, each pixel `scale` wide, a title above each row. They are one PNG inside the SVG. */
export function sheet(rows: readonly SheetRow[], [height, width]: readonly [height: number, width: number], scale = 2): string {
  const columns = Math.max(...rows.map(r => r.pictures.length))
  const [across, down] = [width * scale + GAP, height * scale + GAP]
  const wide = columns * across
  const strips = rows.map(row => {
    const data = new Uint8Array(3 * wide * down).fill(255)
    row.pictures.forEach((p, i) => {
      const colours = p.length / (height * width)
      for (let y = 0; y < height * scale; y++)
        for (let x = 0; x < width * scale; x++)
          for (let c = 0; c < 3; c++) {
            const from = ((colours === 1 ? 0 : c) * height + Math.floor(y / scale)) * width + Math.floor(x / scale)
            data[3 * (y * wide + i * across + x) + c] = Math.max(0, Math.min(255, Math.round((p[from]! + 1) * 127.5)))
          }
    })
    return encodePng({ width: wide, height: down, channels: 3, bitDepth: 8, data })
  })
  const body = strips.map((png, r) => {
    const top = r * (down + LINE)
    const href = `data:image/png;base64,${btoa(Array.from(png, b => String.fromCharCode(b)).join(''))}`
    return `<text x="2" y="${top + LINE - 5}">${escaped(rows[r]!.title)}</text><image x="0" y="${top + LINE}" width="${wide}" height="${down}" href="${href}"/>`
  })
  const tall = rows.length * (down + LINE)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${wide} ${tall}" width="${wide}" height="${tall}" font-family="system-ui, sans-serif" font-size="12" fill="#333"><rect width="100%" height="100%" fill="white"/>\n${body.join('\n')}\n</svg>\n`
}
