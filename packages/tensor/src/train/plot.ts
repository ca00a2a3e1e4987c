/** Curves as SVG. */
import type { LogEntry } from './log.ts'

export interface Series {
  readonly name: string
  readonly points: readonly (readonly [x: number, y: number])[]
}

export interface PlotOptions {
  readonly title?: string
  readonly x?: string
  readonly y?: string
  /** Tenths, ones, tens at equal distances; only positive values are drawn. */
  readonly logX?: boolean
  readonly logY?: boolean
  readonly width?: number
  readonly height?: number
}

const COLOURS = ['#4269d0', '#efb118', '#ff725c', '#6cc5b0', '#3ca951', '#ff8ab7', '#a463f2', '#97bbf5']

/** Lines over common axes. Values that are not finite leave a gap. */
export function plot(series: readonly Series[], options: PlotOptions = {}): string {
  const { title = '', x = '', y = '', logX = false, logY = false, width = 720, height = 420 } = options
  const [left, right, top, bottom] = [64, 16, title ? 36 : 16, 48]
  const fx = (v: number) => (logX ? Math.log10(v) : v)
  const fy = (v: number) => (logY ? Math.log10(v) : v)
  const fine = series.map(s => ({ name: s.name, points: s.points.map(([a, b]) => [fx(a), fy(b)] as const) }))
  const good = fine.flatMap(s => s.points.filter(p => p.every(Number.isFinite)))
  const range = (list: readonly number[]): [number, number] => {
    const [low, high] = list.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [Infinity, -Infinity])
    return low > high ? [0, 1] : low === high ? [low - 0.5, high + 0.5] : [low, high]
  }
  const [x0, x1] = range(good.map(p => p[0]))
  const [y0, y1] = range(good.map(p => p[1]))
  const px = (v: number) => left + ((v - x0) / (x1 - x0)) * (width - left - right)
  const py = (v: number) => height - bottom - ((v - y0) / (y1 - y0)) * (height - top - bottom)
  const out: string[] = []
  for (const v of ticks(x0, x1, 8)) {
    out.push(`<line x1="${at(px(v))}" y1="${top}" x2="${at(px(v))}" y2="${height - bottom}" stroke="#e5e5e5"/>`)
    out.push(`<text x="${at(px(v))}" y="${height - bottom + 16}" text-anchor="middle">${label(logX ? 10 ** v : v)}</text>`)
  }
  for (const v of ticks(y0, y1, 6)) {
    out.push(`<line x1="${left}" y1="${at(py(v))}" x2="${width - right}" y2="${at(py(v))}" stroke="#e5e5e5"/>`)
    out.push(`<text x="${left - 6}" y="${at(py(v) + 4)}" text-anchor="end">${label(logY ? 10 ** v : v)}</text>`)
  }
  fine.forEach((s, i) => {
    const colour = COLOURS[i % COLOURS.length]
    let path = ''
    let pen = 'M'
    for (const [a, b] of s.points) {
      if (!Number.isFinite(a) || !Number.isFinite(b)) pen = 'M'
      else {
        path += `${pen}${at(px(a))} ${at(py(b))}`
        pen = 'L'
      }
    }
    out.push(`<path d="${path}" fill="none" stroke="${colour}" stroke-width="1.5" stroke-linejoin="round"/>`)
    out.push(`<text x="${width - right - 8}" y="${top + 16 + 16 * i}" text-anchor="end" fill="${colour}">${escaped(s.name)}</text>`)
  })
  out.push(`<text x="${(left + width - right) / 2}" y="${height - 12}" text-anchor="middle">${escaped(x)}</text>`)
  out.push(`<text transform="translate(14 ${(top + height - bottom) / 2}) rotate(-90)" text-anchor="middle">${escaped(y)}</text>`)
  if (title) out.push(`<text x="${width / 2}" y="22" text-anchor="middle" font-size="15">${escaped(title)}</text>`)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="12" fill="#333"><rect width="100%" height="100%" fill="white"/>\n${out.join('\n')}\n</svg>\n`
}

/** The losses of a run, training and validation. */
export function lossPlot(entries: readonly LogEntry[], options: PlotOptions = {}): string {
  const of = (kind: LogEntry['kind'], name: string): Series => ({
    name: kind === 'train' ? 'training' : 'validation',
    points: entries.flatMap(e => (e.kind === kind && name in e.values ? [[e.step, e.values[name]!] as const] : [])),
  })
  const series = [of('train', 'loss'), of('evaluation', 'validation/loss')].filter(s => s.points.length > 0)
  return plot(series, { title: 'Loss', x: 'update', y: 'loss', ...options })
}

/** Round numbers inside of a range, at most about `most` of them. */
function ticks(low: number, high: number, most: number): number[] {
  const rough = (high - low) / most
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 5, 10].find(m => m * power >= rough) ?? 10)
  const first = Math.ceil(low / step - 1e-9)
  return Array.from({ length: Math.max(0, Math.floor(high / step + 1e-9) - first + 1) }, (_, i) => (first + i) * step)
}

const at = (v: number): string => `${Math.round(v * 100) / 100}`
const label = (v: number): string => {
  const size = Math.abs(v)
  return size !== 0 && (size < 1e-3 || size >= 1e5) ? v.toExponential(0) : `${Number(v.toPrecision(4))}`
}
const escaped = (s: string): string => s.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
