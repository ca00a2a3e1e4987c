/** Woven carpets. */
import type { Key } from '@dioramic/scene'
import type { MaterialDraft } from '../builder/material.ts'
import { box } from '../solids/box.ts'
import { Model } from '../solids/model.ts'
import type { Solid } from '../solids/solid.ts'
import { srgb } from '../toolkit/colors.ts'
import { pile } from './looks.ts'
import { type Piece, piece } from './piece.ts'

/** Field, border and a line between the two: wool that is dyed to go with the rest of a room. */
const PALETTES = [
  ['#a89d8c', '#7d7263', '#cfc6b4'],
  ['#7f8a92', '#565f68', '#b9c0c2'],
  ['#8d6d60', '#5e463f', '#c2a894'],
  ['#8b9488', '#5f6a61', '#bcc2b3'],
  ['#b9b2a6', '#8f8a83', '#6c6964'],
  ['#56606e', '#3a424d', '#a39c8e'],
  ['#a8826a', '#6d5247', '#d0bda3'],
  ['#c4bcab', '#76808a', '#9aa1a4'],
] as const

/** What stands out of the layer below, metres. */
const STEP = 0.0012

/** A thin carpet: a border, a line and a field that is plain, striped or set with lozenges; some have fringes. Lies free; nothing bumps into it. */
export function rug(key: Key, w: number, d: number): Piece {
  const m = new Model()
  const [field, border, line] = key
    .fork('palette')
    .choice(PALETTES)
    .map((colour: string) => pile(srgb(colour))) as [MaterialDraft, MaterialDraft, MaterialDraft]
  const layer = (level: number, x: number, y: number, sx: number, sy: number, turn = 0): Solid =>
    box([sx, sy, 0.004], 0.0008)
      .turned([0, 0, 1], turn)
      .at([x, y, 0.006 + level * STEP])
      .intangible()
  m.add('border', border, box([w, d, 0.008], 0.003).at([0, 0, 0.004]).intangible())
  const edge = Math.min(0.14, 0.09 * w, 0.09 * d)
  m.add('line', line, layer(1, 0, 0, w - 2 * edge, d - 2 * edge))
  const [fw, fd] = [w - 2 * edge - 0.04, d - 2 * edge - 0.04]
  m.add('field', field, layer(2, 0, 0, fw, fd))
  const pattern = key.fork('pattern').choice(['plain', 'stripes', 'lozenges'] as const)
  if (pattern === 'stripes') {
    const n = Math.max(3, Math.round(fw / 0.16))
    for (let i = 0; i < n; i++) m.add('pattern', border, layer(3, fw * ((i + 0.5) / n - 0.5), 0, 0.3 * (fw / n), fd))
  }
  if (pattern === 'lozenges') {
    const [nx, ny] = [Math.max(2, Math.round(fw / 0.3)), Math.max(2, Math.round(fd / 0.3))]
    const side = 0.42 * Math.min(fw / nx, fd / ny)
    for (let i = 0; i < nx; i++)
      for (let j = 0; j < ny; j++) {
        const [x, y] = [fw * ((i + 0.5) / nx - 0.5), fd * ((j + 0.5) / ny - 0.5)]
        m.add('pattern', line, layer(3, x, y, side, side, Math.PI / 4))
        m.add('pattern-inner', border, layer(4, x, y, 0.5 * side, 0.5 * side, Math.PI / 4))
      }
  }
  if (key.fork('fringe').uniform() < 0.5) {
    const n = Math.round(d / 0.035)
    const k = key.fork('tassels')
    for (const s of [-1, 1])
      for (let i = 0; i < n; i++) {
        const turn = k
          .fork(s + 1)
          .fork(i)
          .uniform(-0.25, 0.25)
        const tassel = box([0.05, 0.008, 0.004], 0.001).turned([0, 0, 1], turn)
        m.add('fringe', line, tassel.at([s * (w / 2 + 0.022), d * ((i + 0.5) / n - 0.5), 0.003]).intangible())
      }
  }
  return piece(m, 'rug', [w, d, 0.012], key)
}
