/** A small RGB canvas: sizes, copies, lines, boxes, text. Arithmetic only, so the same bytes everywhere. */

export type Rgb = readonly [number, number, number]

export interface Picture {
  readonly width: number
  readonly height: number
  /** RGB, row 0 at the top. */
  readonly data: Uint8Array
}

export function blank(width: number, height: number, colour: Rgb): Picture {
  const data = new Uint8Array(3 * width * height)
  for (let i = 0; i < data.length; i++) data[i] = colour[i % 3]!
  return { width, height, data }
}

/** Mean over each target pixel's area. */
export function resize(from: Picture, width: number, height: number): Picture {
  const out = blank(width, height, [0, 0, 0])
  const sx = from.width / width
  const sy = from.height / height
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const sum = [0, 0, 0]
      let total = 0
      for (let j = Math.floor(y * sy); j < Math.min(from.height, (y + 1) * sy); j++) {
        const h = Math.min(j + 1, (y + 1) * sy) - Math.max(j, y * sy)
        for (let i = Math.floor(x * sx); i < Math.min(from.width, (x + 1) * sx); i++) {
          const w = h * (Math.min(i + 1, (x + 1) * sx) - Math.max(i, x * sx))
          total += w
          for (let c = 0; c < 3; c++) sum[c]! += w * from.data[3 * (j * from.width + i) + c]!
        }
      }
      for (let c = 0; c < 3; c++) out.data[3 * (y * width + x) + c] = Math.round(sum[c]! / total)
    }
  }
  return out
}

/** Copies `from` with its top-left corner at (x, y); what falls outside is cut. */
export function paste(to: Picture, from: Picture, x: number, y: number): void {
  for (let j = 0; j < from.height; j++) {
    if (y + j < 0 || y + j >= to.height) continue
    for (let i = 0; i < from.width; i++) if (x + i >= 0 && x + i < to.width) dot(to, x + i, y + j, from.data, 3 * (j * from.width + i))
  }
}

function dot(to: Picture, x: number, y: number, colour: ArrayLike<number>, at = 0): void {
  if (!(x >= 0 && y >= 0 && x < to.width && y < to.height)) return
  for (let c = 0; c < 3; c++) to.data[3 * (y * to.width + x) + c] = colour[at + c]!
}

/** A line one pixel wide between raster points. */
export function line(to: Picture, x0: number, y0: number, x1: number, y1: number, colour: Rgb): void {
  const reach = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0))
  // Far outside ends would be walked pixel by pixel.
  if (!(reach < 20_000)) return
  const steps = Math.max(1, Math.ceil(reach))
  for (let k = 0; k <= steps; k++) dot(to, Math.floor(x0 + ((x1 - x0) * k) / steps), Math.floor(y0 + ((y1 - y0) * k) / steps), colour)
}

/** The outline of [x0, y0, x1, y1], x1 and y1 exclusive. */
export function box(to: Picture, [x0, y0, x1, y1]: readonly [number, number, number, number], colour: Rgb): void {
  const [r, b] = [Math.max(x0, x1 - 1), Math.max(y0, y1 - 1)]
  line(to, x0, y0, r, y0, colour)
  line(to, x0, b, r, b, colour)
  line(to, x0, y0, x0, b, colour)
  line(to, r, y0, r, b, colour)
}

/** Capitals of 3 × 5 dots: five rows of three bits. */
const GLYPHS: Readonly<Record<string, string>> = {
  a: '25755', b: '65656', c: '34443', d: '65556', e: '74647', f: '74644', g: '34553', h: '55755', i: '72227', j: '11152', k: '55655', l: '44447', m: '57755',
  n: '65555', o: '25552', p: '65644', q: '25563', r: '65655', s: '34216', t: '72222', u: '55557', v: '55552', w: '55775', x: '55255', y: '55222', z: '71247',
  '0': '75557', '1': '26227', '2': '61247', '3': '61216', '4': '55711', '5': '74616', '6': '34757', '7': '71222', '8': '75757', '9': '75716', '-': '00700', '.': '00002',
} // biome-ignore format: a table

/** Text in dots of `size` pixels; letters are 4 dots apart. */
export function text(to: Picture, words: string, x: number, y: number, colour: Rgb, size = 2): void {
  ;[...words.toLowerCase()].forEach((letter, k) => {
    const rows = GLYPHS[letter]
    if (!rows) return
    for (let j = 0; j < 5 * size; j++)
      for (let i = 0; i < 3 * size; i++)
        if ((Number(rows[Math.floor(j / size)]) >> (2 - Math.floor(i / size))) & 1) dot(to, x + 4 * size * k + i, y + j, colour)
  })
}
