/** Soft goods: pillows, duvets, folded towels. */
import { type Key, portable, type Vec3 } from '@dioramic/scene'
import { box } from '../solids/box.ts'
import { cushion, loft } from '../solids/round.ts'
import { join, type Solid } from '../solids/solid.ts'

/** A point of the square [−1, 1]² at a share of its perimeter. */
function around(share: number): readonly [number, number] {
  const s = 4 * share
  const x = 2 * (s % 1) - 1
  return s < 1 ? [x, -1] : s < 2 ? [1, x] : s < 3 ? [-x, 1] : [-1, -x]
}

/** A stuffed square of cloth about the origin: fullest in its middle, thin at its seams, its corners standing out as ears. */
export function pillow(size: Vec3, key: Key): Solid {
  const [n, m, q] = [48, 9, 1.5]
  const [a, b] = key.uniforms(2) as [number, number]
  const ring = (j: number): Vec3[] => {
    // From the middle of its underside over the seam to the middle of its top.
    const angle = (Math.PI / 2) * (j / m)
    const r = Math.max(0, portable.cos(angle))
    const full = Math.sign(j) * portable.pow(Math.max(0, 1 - portable.pow(r, q)), 1 / q)
    return Array.from({ length: n }, (_, i): Vec3 => {
      const [u, w] = around(i / n).map(x => x * r) as [number, number]
      // Stuffing draws the sides in, and puckers the cloth along the seams.
      const pucker = 1 + 0.06 * u * u * portable.sin(11 * w + 6 * a) + 0.06 * w * w * portable.sin(10 * u + 6 * b)
      return [(size[0] / 2) * u * (1 - 0.1 * (1 - w * w)), (size[1] / 2) * w * (1 - 0.1 * (1 - u * u)), (size[2] / 2) * full * pucker]
    })
  }
  const rings = Array.from({ length: 2 * m + 1 }, (_, j) => ring(j - m))
  return loft(rings, { caps: false, crease: 1.1 }).withHulls(cushion(size, 9, q, [4, 2]).hulls)
}

/**
 * A duvet on a mattress `w` wide, from y = 0 (its foot) to y = `l`: puffed, its sides hanging `drop` metres in folds, the foot rounded off, and turned
 * back at its head, where it is twice as thick. Its top lies about z = 0.
 */
export function duvet(w: number, l: number, drop: number, key: Key): Solid {
  const p = key.uniforms(8).map(x => 6.28 * x)
  const half = 12
  const round = 0.07
  const turned = key.fork('turned').uniform(0.2, 0.3)
  /** Height of the puffed cloth over a place of the bed. */
  const puff = (x: number, y: number): number =>
    0.011 * portable.sin(7.5 * x + 2.1 * y + p[0]!) +
    0.009 * portable.sin(8.5 * y - 3.4 * x + p[1]!) +
    0.006 * portable.sin(15 * x + 9 * y + p[2]!) +
    0.004 * portable.sin(23 * y - 17 * x + p[3]!)
  const inner = l - 0.09 - turned
  const rows = [
    ...[0, 0.004, 0.014, 0.03, 0.05],
    ...Array.from({ length: 30 }, (_, j) => round + (inner - round) * (j / 29)),
    ...[0.035, 0.05, 0.065].map(y => inner + y),
    ...Array.from({ length: 8 }, (_, j) => l - turned + (turned - 0.03) * (j / 7)),
    ...[0.018, 0.009, 0.003, 0].map(y => l - y),
  ]
  const rings = rows.map((y): Vec3[] => {
    const back = l - y
    // The turned-back end: a step up, then a round edge.
    const thick = back < turned ? 0.035 * Math.min(1, (turned - back) / 0.03) : 0
    const end = back < 0.03 ? 0.06 * (1 - Math.sqrt(Math.max(0, 1 - ((0.03 - back) / 0.03) * ((0.03 - back) / 0.03)))) : 0
    // Over the foot of the bed the cloth goes down.
    const u = Math.max(0, 1 - y / round)
    const down = y < round ? round * (1 - Math.sqrt(Math.max(0, 1 - u * u))) : 0
    const top = (x: number): number => puff(x, y) + thick - end - down
    const line: Vec3[] = []
    for (const side of [-1, 1]) {
      const hem: Vec3[] = []
      // From the hem up: folds swing widest at the hem.
      for (let i = 0; i <= 8; i++) {
        const t = i / 8
        const swing = 0.017 * (1 - t) * (portable.sin(13 * y + p[4 + (side > 0 ? 1 : 0)]!) + 0.5 * portable.sin(27 * y + p[6]!))
        const wavy = i === 0 ? 0.012 * portable.sin(9 * y + p[7]! + side) : 0
        hem.push([side * (w / 2 + 0.012 + swing + 0.4 * thick), y, -drop + t * (drop - round) + wavy - down * 0.3 * t])
      }
      // Round the edge of the mattress.
      for (let i = 1; i <= 4; i++) {
        const a = (Math.PI / 2) * (i / 4)
        const x = w / 2 - round + round * portable.cos(a)
        hem.push([side * x, y, (top(side * x) + round) * portable.sin(a) - round])
      }
      if (side < 0) {
        line.push(...hem)
        for (let i = 1; i < half; i++) {
          const x = (w - 2 * round) * (i / half - 0.5)
          line.push([x, y, top(x)])
        }
      } else line.push(...hem.reverse())
    }
    return line
  })
  // Cloth in front of the foot closes the first ring; below, the mattress is inside.
  const body = loft(rings, { crease: 1.1 })
  return body.withHulls(box([w, l - round, drop], 0).at([0, (l + round) / 2, 0.004 - drop / 2]).hulls)
}

/** A towel folded to `w` × `d` metres, `h` thick, lying on z = 0 with the fold towards −Y. */
export function foldedTowel(w: number, d: number, h: number, key: Key): Solid {
  const layers = 4
  const t = h / layers
  const sheets = Array.from({ length: layers }, (_, i) => {
    const k = key.fork(i)
    const slip = k.fork('slip').uniform(-0.004, 0.004)
    return cushion([w - k.fork('w').uniform(0, 0.006), d - 0.012, 1.25 * t], 14, 2.4, [36, 8]).at([
      slip,
      0.005 + slip,
      0.625 * t + ((h - 1.25 * t) * i) / (layers - 1),
    ])
  })
  // Two folds, each round two layers.
  const folds = [0, 1].map(i => cushion([w - 0.004, 0.03, 2 * t * 0.98], 12, 2.2, [36, 10]).at([0, -d / 2 + 0.015, t * (2 * i + 1)]))
  return join(...sheets, ...folds).withHulls(box([w, d, h], 0).at([0, 0, h / 2]).hulls)
}
