/** Pictures as SVG beside the curves of the tensor engine's `plot`: fields of colour, matrices with numbers, rows of small pictures. */
import { escaped } from './html.ts'

type Colour = readonly [red: number, green: number, blue: number]

const mix = (a: Colour, b: Colour, t: number): Colour => [0, 1, 2].map(i => Math.round(a[i]! + (b[i]! - a[i]!) * t)) as unknown as Colour
const css = (c: Colour): string => `#${c.map(v => v.toString(16).padStart(2, '0')).join('')}`

const WHITE: Colour = [255, 255, 255]
/** White to blue over 0 … 1. */
export const blues = (v: number): string => css(mix(WHITE, [33, 90, 166], Math.max(0, Math.min(1, v))))
/** Blue over white to red, −1 … 1. */
export const signed = (v: number): string =>
  css(v < 0 ? mix(WHITE, [43, 101, 176], Math.min(1, -v)) : mix(WHITE, [190, 45, 40], Math.min(1, v)))
/** Black to white. */
export const greys = (v: number): string => css(mix([0, 0, 0], WHITE, Math.max(0, Math.min(1, v))))
/** A distinct colour for each of a few numbers. */
export const category = (k: number): string =>
  ['#4269d0', '#efb118', '#ff725c', '#6cc5b0', '#3ca951', '#ff8ab7', '#a463f2', '#97bbf5', '#9c6b4e', '#9498a0'][k % 10]!

/** Whether white words are easier to read on a colour than dark ones. */
const dark = (hex: string): boolean => [1, 3, 5].reduce((s, i) => s + Number.parseInt(hex.slice(i, i + 2), 16), 0) < 430

export interface GridOptions {
  readonly cell?: number
  readonly title?: string
  /** Written into the cells. */
  readonly text?: (row: number, column: number) => string
  readonly rows?: string
  readonly columns?: string
}

/** A matrix of cells coloured by a function. */
export function grid(rows: number, columns: number, colour: (row: number, column: number) => string, o: GridOptions = {}): string {
  const { cell = 28, title = '', text } = o
  const [left, top] = [o.rows ? 44 : 8, (title ? 30 : 8) + (o.columns ? 34 : 0)]
  const out: string[] = []
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) {
      const [x, y] = [left + j * cell, top + i * cell]
      out.push(`<rect x="${x}" y="${y}" width="${cell}" height="${cell}" fill="${colour(i, j)}"/>`)
      const words = text?.(i, j)
      if (words)
        out.push(
          `<text x="${x + cell / 2}" y="${y + cell / 2 + 4}" text-anchor="middle" font-size="11" fill="${dark(colour(i, j)) ? '#fff' : '#333'}">${escaped(words)}</text>`,
        )
    }
  const [width, height] = [left + columns * cell + 8, top + rows * cell + 8]
  if (text)
    for (let k = 0; k < Math.max(rows, columns); k++) {
      if (k < columns && o.columns)
        out.push(`<text x="${left + (k + 0.5) * cell}" y="${top - 5}" text-anchor="middle" font-size="11">${k}</text>`)
      if (k < rows && o.rows)
        out.push(`<text x="${left - 6}" y="${top + (k + 0.5) * cell + 4}" text-anchor="end" font-size="11">${k}</text>`)
    }
  if (o.rows)
    out.push(`<text transform="translate(12 ${top + (rows * cell) / 2}) rotate(-90)" text-anchor="middle">${escaped(o.rows)}</text>`)
  if (o.columns) out.push(`<text x="${left + (columns * cell) / 2}" y="${top - 18}" text-anchor="middle">${escaped(o.columns)}</text>`)
  if (title) out.push(`<text x="${width / 2}" y="20" text-anchor="middle" font-size="15">${escaped(title)}</text>`)
  return frame(width, height, out.join('\n'))
}

/** A small picture of h × w numbers with a word above it. */
export interface Tile {
  readonly title: string
  readonly values: ArrayLike<number>
  readonly size: readonly [height: number, width: number]
  /** `grey` over the numbers' range, `signed` over their largest modulus. */
  readonly scale: 'grey' | 'signed'
}

/** Rows of small pictures. */
export function tiles(rows: readonly (readonly Tile[])[], edge = 88): string {
  const gap = 10
  const out: string[] = []
  rows.forEach((row, r) => {
    row.forEach((tile, c) => {
      const [h, w] = tile.size
      const [x, y] = [gap + c * (edge + gap), 20 + gap + r * (edge + gap + 20)]
      const values = Array.from(tile.values)
      const top = Math.max(...values.map(Math.abs), 1e-12)
      const [low, high] = [Math.min(...values), Math.max(...values)]
      out.push(`<text x="${x + edge / 2}" y="${y - 5}" text-anchor="middle" font-size="10">${escaped(tile.title)}</text>`)
      values.forEach((v, k) => {
        const fill = tile.scale === 'grey' ? greys((v - low) / (high - low || 1)) : signed(v / top)
        const [i, j] = [Math.floor(k / w), k % w]
        out.push(
          `<rect x="${round(x + (j * edge) / w)}" y="${round(y + (i * edge) / h)}" width="${round(edge / w + 0.3)}" height="${round(edge / h + 0.3)}" fill="${fill}"/>`,
        )
      })
      out.push(`<rect x="${x}" y="${y}" width="${edge}" height="${edge}" fill="none" stroke="#bbb"/>`)
    })
  })
  const columns = Math.max(...rows.map(r => r.length))
  return frame(gap + columns * (edge + gap), 20 + rows.length * (edge + gap + 20), out.join('\n'))
}

export interface PolygonOptions {
  readonly edge?: number
  /** No seams between the polygons: for rasters. */
  readonly seamless?: boolean
  /** Places of the unit square with a word beside them. */
  readonly marks?: readonly { readonly at: readonly [number, number]; readonly word: string }[]
  /** Words and their colours, below. */
  readonly legend?: readonly { readonly word: string; readonly colour: string }[]
}

/** Polygons of the unit square, each of a colour. */
export function polygons(
  list: readonly { readonly corners: readonly (readonly [number, number])[]; readonly colour: string }[],
  { edge = 420, seamless = false, marks = [], legend = [] }: PolygonOptions = {},
): string {
  const place = ([x, y]: readonly [number, number]) => [round(8 + x * edge), round(8 + (1 - y) * edge)] as const
  const stroke = seamless ? 'stroke="none" shape-rendering="crispEdges"' : 'stroke="#fff" stroke-width="0.6"'
  const wide = 88
  const columns = Math.max(1, Math.floor(edge / wide))
  return frame(
    edge + 16,
    edge + 16 + 20 * Math.ceil(legend.length / columns),
    [
      ...list.map(p => `<polygon points="${p.corners.map(c => place(c).join(',')).join(' ')}" fill="${p.colour}" ${stroke}/>`),
      ...marks.map(({ at, word }) => {
        const [x, y] = place(at)
        return `<circle cx="${x}" cy="${y}" r="5" fill="#fff" stroke="#222" stroke-width="1.5"/><text x="${x + 9}" y="${y + 4}" font-weight="600" stroke="#fff" stroke-width="3" paint-order="stroke">${escaped(word)}</text>`
      }),
      ...legend.map(({ word, colour }, i) => {
        const [x, y] = [8 + (i % columns) * wide, edge + 16 + 20 * Math.floor(i / columns)]
        return `<rect x="${x}" y="${y}" width="12" height="12" fill="${colour}"/><text x="${x + 17}" y="${y + 10}">${escaped(word)}</text>`
      }),
    ].join('\n'),
  )
}

/** Points of the plane, a square of ±reach for each set, with crosses at `marks`. */
export function scatter(
  sets: readonly { readonly title: string; readonly points: readonly (readonly number[])[]; readonly colour: string }[],
  {
    reach,
    marks = [],
    edge = 170,
    columns = 4,
  }: { readonly reach: number; readonly marks?: readonly (readonly number[])[]; readonly edge?: number; readonly columns?: number },
): string {
  const gap = 10
  const out = sets.flatMap(({ title, points, colour }, k) => {
    const [left, top] = [gap + (k % columns) * (edge + gap), 24 + Math.floor(k / columns) * (edge + 28)]
    const at = ([x, y]: readonly number[]) =>
      [round(left + ((x! / reach + 1) / 2) * edge), round(top + ((1 - y! / reach) / 2) * edge)] as const
    const inside = points.filter(p => Math.max(Math.abs(p[0]!), Math.abs(p[1]!)) <= reach)
    return [
      `<text x="${left + edge / 2}" y="${top - 6}" text-anchor="middle">${escaped(title)}</text>`,
      `<rect x="${left}" y="${top}" width="${edge}" height="${edge}" fill="none" stroke="#bbb"/>`,
      ...inside.map(p => `<circle cx="${at(p)[0]}" cy="${at(p)[1]}" r="1.3" fill="${colour}"/>`),
      ...marks.map(m => {
        const [x, y] = at(m)
        return `<path d="M${x - 4} ${y}h8M${x} ${y - 4}v8" stroke="#333"/>`
      }),
    ]
  })
  const across = Math.min(columns, sets.length)
  return frame(gap + across * (edge + gap), 24 + Math.ceil(sets.length / columns) * (edge + 28), out.join('\n'))
}

const round = (v: number): number => Math.round(v * 100) / 100

const frame = (width: number, height: number, body: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="12" fill="#333"><rect width="100%" height="100%" fill="white"/>\n${body}\n</svg>\n`

/** Horizontal bars with their 95 % intervals, longest first as given. */
export function bars(
  list: readonly { readonly name: string; readonly value: number; readonly interval: readonly [number, number] }[],
): string {
  const [left, width, step] = [190, 440, 24]
  const top = Math.max(1e-12, ...list.map(b => b.interval[1]))
  const x = (v: number) => round(left + (Math.max(0, v) / top) * width)
  const rows = list.map(({ name, value, interval: [low, high] }, i) => {
    const y = 8 + i * step
    const words = name.length > 26 ? `${name.slice(0, 25)}…` : name
    return [
      `<text x="${left - 8}" y="${y + 15}" text-anchor="end">${escaped(words)}</text>`,
      `<rect x="${left}" y="${y + 3}" width="${Math.max(0, x(value) - left)}" height="${step - 8}" fill="${category(0)}"/>`,
      `<line x1="${x(low)}" x2="${x(high)}" y1="${y + step / 2 - 1}" y2="${y + step / 2 - 1}" stroke="#222" stroke-width="1.5"/>`,
      `<text x="${x(Math.max(value, high)) + 6}" y="${y + 15}" font-size="11">${Number(value.toPrecision(2))}</text>`,
    ].join('')
  })
  return frame(left + width + 60, list.length * step + 16, rows.join('\n'))
}
