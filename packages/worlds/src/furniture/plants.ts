/** Pot plants: broad leaves on bent stems, each leaf a folded blade. */
import { type Key, portable, type Vec3 } from '@dioramic/scene'
import { preset } from '../builder/preset.ts'
import { Model } from '../solids/model.ts'
import { cushion, lathe, tube } from '../solids/round.ts'
import { Solid, shaded } from '../solids/solid.ts'
import { gloss, matt, paint } from './looks.ts'
import { type Piece, piece } from './piece.ts'

/** A leaf from the origin along +X, drooping; two-sided, folded along its middle. */
function leaf(length: number, width: number, droop: number): Solid {
  const n = 6
  const positions: number[] = []
  for (let i = 0; i <= n; i++) {
    const t = i / n
    const x = length * t
    const z = droop * length * (0.6 * t - t * t)
    const half = (width / 2) * portable.sin(Math.PI * portable.pow(t, 0.75)) + 0.0015
    positions.push(x, -half, z + 0.25 * half, x, 0, z, x, half, z + 0.25 * half)
  }
  const top: number[] = []
  for (let i = 0; i < n; i++)
    for (const k of [0, 1]) {
      const a = 3 * i + k
      top.push(a, a + 3, a + 4, a, a + 4, a + 1)
    }
  const side = shaded(positions, top, 1.2)
  const under = shaded(
    positions,
    top.map((_, k) => top[k % 3 === 0 ? k : k % 3 === 1 ? k + 1 : k - 1]!),
    1.2,
  ).at([0, 0, -0.0008])
  return new Solid({
    positions: [...side.positions, ...under.positions],
    normals: [...side.normals, ...under.normals],
    indices: [...side.indices, ...under.indices.map(i => i + side.positions.length / 3)],
    hulls: [],
  })
}

/** A plant in a pot, `height` metres; small ones stand on shelves, large ones on the floor. Stands free. */
export function plant(key: Key, height: number): Piece {
  const r = height * 0.17 + 0.035
  const ph = r * 1.5
  const m = new Model()
  const look = key
    .fork('pot')
    .choice([preset('terracotta', { size: 256 }), gloss(key.fork('glaze')), matt(key.fork('clay')), paint('#e8e6e0', 0.4, 'pot')])
  m.add(
    'pot',
    look,
    lathe(
      [
        [0, 0],
        [r * 0.72, 0],
        [r * 0.75, 0.004],
        [r, ph - 0.004],
        [r + 0.003, ph],
        [r - 0.008, ph],
        [r - 0.012, ph * 0.85],
        [0, ph * 0.85],
      ],
      { segments: 36, pieces: [[1, 4]] },
    ),
  )
  m.add(
    'soil',
    paint('#2b1f17', 0.95, 'soil'),
    cushion([2 * (r - 0.012), 2 * (r - 0.012), 0.03], 2, 2)
      .at([0, 0, ph * 0.86])
      .intangible(),
  )
  const green = paint(key.fork('green').choice(['#3f6b2f', '#2f5a33', '#557d3a', '#3b6548'] as const), 0.45, 'leaf')
  const broad = key.fork('broad').uniform(0.22, 0.42)
  const count = Math.round(14 + 22 * Math.min(1, height))
  const stem: Solid[] = []
  const leaves: Solid[] = []
  for (let i = 0; i < count; i++) {
    const k = key.fork('leaf').fork(i)
    const a = 2.399963 * i + k.fork('a').uniform(-0.3, 0.3)
    const rise = 0.25 + 0.75 * (i / count)
    const top = ph * 0.86 + (height - ph) * rise * k.fork('h').uniform(0.75, 1)
    const out = (height - ph) * (0.12 + 0.2 * (1 - rise))
    const [c, s] = [portable.cos(a), portable.sin(a)]
    const tip: Vec3 = [out * c, out * s, top]
    stem.push(
      tube(
        [[0.01 * c, 0.01 * s, ph * 0.84], [out * 0.4 * c, out * 0.4 * s, ph * 0.86 + (top - ph * 0.86) * 0.6], tip],
        [0.004, 0.003, 0.002],
        { segments: 5 },
      ),
    )
    const l = (height - ph) * k.fork('l').uniform(0.3, 0.45)
    leaves.push(
      leaf(l, l * broad, k.fork('d').uniform(0.5, 1.1))
        .turned([0, 1, 0], -0.35 - 0.5 * rise)
        .turned([0, 0, 1], a)
        .at(tip),
    )
  }
  m.add('leaves', green, leaves).add('stems', paint('#4f6b35', 0.6, 'stem'), stem)
  return piece(m, 'plant', [2 * r, 2 * r, height], key)
}
