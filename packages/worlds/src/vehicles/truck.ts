/** A box lorry: cab, chassis, a load body with two doors at its rear. It looks along +X; the origin is on the ground below its middle. */
import type { Key, Vec3 } from '@dioramic/scene'
import type { MaterialDraft } from '../builder/material.ts'
import { material, plain } from '../builder/material.ts'
import type { ObjectDraft } from '../builder/object.ts'
import { box, boxBetween } from '../solids/box.ts'
import { Model } from '../solids/model.ts'
import { cushion, cylinder, tube } from '../solids/round.ts'
import { addPlate, addWheel, alloy, carPaint, indicator, lampGlass, pane, reflector, reversingLamp, tailLamp, trim } from './parts.ts'
import { around, Skin } from './skin.ts'

const [WIDTH, CAB, FLOOR] = [2.35, 1.9, 0.95]
const HALF = WIDTH / 2

const galvanised = (): MaterialDraft => material({ baseColor: [0.42, 0.43, 0.44], metallic: 0.8, roughness: 0.45 }, 'galvanised')

/** The rear of the box in the plane x: frame, two leaves, hinges, locking bars with their handles, tape that reflects. */
function addDoors(m: Model, look: MaterialDraft, x: number, height: number, lights: number): void {
  const slab = (y0: number, y1: number, z0: number, z1: number, off: number, deep = 0.03) =>
    boxBetween([x - off, y0, z0], [x - off + deep, y1, z1], 0.004).intangible()
  m.add(
    'frame',
    galvanised(),
    slab(-HALF, -HALF + 0.07, FLOOR, height, 0.03, 0.08),
    slab(HALF - 0.07, HALF, FLOOR, height, 0.03, 0.08),
    slab(-HALF, HALF, height - 0.09, height, 0.03, 0.08),
    slab(-HALF, HALF, FLOOR - 0.04, FLOOR + 0.1, 0.035, 0.09),
  )
  const [low, high] = [FLOOR + 0.11, height - 0.1]
  m.add('trim', trim(), slab(-HALF + 0.06, HALF - 0.06, low - 0.02, high + 0.02, 0.002, 0.01))
  for (const s of [1, -1]) {
    const between = (a: number, b: number) => [Math.min(s * a, s * b), Math.max(s * a, s * b)] as const
    m.add('box', look, slab(...between(0.008, HALF - 0.08), low, high, 0.022))
    // Four hinges a leaf at the corner posts.
    for (let i = 0; i < 4; i++) {
      const z = low + 0.12 + ((high - low - 0.24) * i) / 3
      m.add(
        'frame',
        galvanised(),
        slab(...between(HALF - 0.24, HALF - 0.01), z - 0.03, z + 0.03, 0.036),
        cylinder(0.018, 0.12, { segments: 8 })
          .at([x - 0.036, s * (HALF - 0.075), z - 0.06])
          .intangible(),
      )
    }
    for (const y of [0.13, 0.52]) {
      const bar: Vec3[] = [
        [x - 0.05, s * y, FLOOR + 0.02],
        [x - 0.05, s * y, height - 0.03],
      ]
      m.add('bars', alloy(), tube(bar, 0.017, { segments: 8 }))
      for (const z of [FLOOR + 0.05, low + 0.25, (low + high) / 2, high - 0.2, height - 0.05])
        m.add('bars', alloy(), slab(...between(y - 0.05, y + 0.05), z - 0.025, z + 0.025, 0.058, 0.04))
      m.add('bars', alloy(), slab(...between(y, y + 0.3), low + 0.33, low + 0.365, 0.075, 0.02))
      m.add('trim', trim(), slab(...between(y + 0.24, y + 0.31), low + 0.31, low + 0.385, 0.06, 0.04))
    }
    // Tape, red and white by turns, and a corner of it above.
    for (let i = 0; i < 5; i++)
      m.add(
        i % 2 ? 'tape-white' : 'reflectors',
        i % 2 ? plain('#e6e6e2', 'tape', 0.3) : reflector(),
        slab(...between(0.05 + 0.21 * i, 0.25 + 0.21 * i), FLOOR + 0.0, FLOOR + 0.05, 0.037, 0.01),
      )
    m.add('reflectors', reflector(), slab(...between(HALF - 0.3, HALF - 0.08), height - 0.06, height - 0.025, 0.033, 0.01))
    m.add('tail-lamps', tailLamp(lights), slab(...between(HALF - 0.05, HALF - 0.02), height - 0.3, height - 0.16, 0.034, 0.01))
  }
}

/** Long sides of the box: rails, seams between its sheets, a carrier's stripes. */
function addSides(m: Model, key: Key, colour: string, x0: number, x1: number, height: number): void {
  const stripe = plain(
    key.fork('stripe').choice(['#b3262b', '#1f4f8a', '#2d6e4e', '#d98a1c', '#3b3f45'].filter(c => c !== colour)),
    'stripe',
    0.4,
  )
  const tall = key.fork('stripe-height').uniform(0.25, 0.6)
  const z = key.fork('stripe-place').uniform(FLOOR + 0.4, FLOOR + 0.9)
  const n = Math.round((x1 - x0) / 1.2)
  for (const s of [1, -1]) {
    const on = (a: number, b: number, z0: number, z1: number, off: number) =>
      boxBetween(
        [a, Math.min(s * (HALF - 0.01), s * (HALF + off)), z0],
        [b, Math.max(s * (HALF - 0.01), s * (HALF + off)), z1],
        0,
      ).intangible()
    m.add('stripe', stripe, on(x0 + 0.06, x1 - 0.06, z, z + tall, 0.002))
    m.add('stripe', stripe, on(x0 + 0.06, x1 - 0.06, z + tall + 0.06, z + tall + 0.11, 0.002))
    // The carrier's mark, read from its own side: blocks for letters above the stripes.
    const foot = z + tall + 0.3
    const block = (from: number, to: number, z0: number, z1: number) => {
      const [a, b] = [from, to].map(t => (x0 + x1) / 2 - s * t) as [number, number]
      m.add('stripe', stripe, on(Math.min(a, b), Math.max(a, b), foot + z0, foot + z1, 0.002))
    }
    for (let i = 0; i < 6; i++) {
      const at = (i - 2.5) * 0.44
      const [high, closed] = key.fork('mark').fork(i).uniforms(2) as [number, number]
      const beam = high < 0.5 ? 0 : 0.34
      block(at - 0.17, at - 0.09, 0, 0.42)
      block(at - 0.17, at + 0.17, beam, beam + 0.08)
      if (closed < 0.6) block(at + 0.09, at + 0.17, 0, 0.42)
    }
    for (let i = 1; i < n; i++) {
      const x = x0 + ((x1 - x0) * i) / n
      m.add('frame', galvanised(), on(x - 0.012, x + 0.012, FLOOR, height, 0.005))
    }
    m.add(
      'frame',
      galvanised(),
      on(x0, x1, FLOOR - 0.04, FLOOR + 0.1, 0.012),
      on(x0, x1, height - 0.07, height + 0.01, 0.012),
      on(x1 - 0.06, x1 + 0.01, FLOOR, height, 0.012),
    )
    // Guards between the wheels, so that nobody gets under.
    for (const g of [0.5, 0.75])
      m.add(
        'frame',
        galvanised(),
        boxBetween([x0 + 2.1, s * (HALF - 0.1) - 0.015, g], [x1 - 0.9, s * (HALF - 0.1) + 0.015, g + 0.1], 0.004).intangible(),
      )
    for (const g of [x0 + 2.3, x1 - 1.1])
      m.add(
        'frame',
        galvanised(),
        boxBetween([g, s * (HALF - 0.14) - 0.02, 0.5], [g + 0.06, s * (HALF - 0.14) + 0.02, FLOOR], 0).intangible(),
      )
    m.add(
      'side-lamps',
      indicator(),
      on(x0 + 1.2, x0 + 1.3, FLOOR + 0.01, FLOOR + 0.05, 0.016),
      on(x1 - 1, x1 - 0.9, FLOOR + 0.01, FLOOR + 0.05, 0.016),
    )
  }
}

/** Below the box's rear: lamps in their board, number plate, under-run bar, mud flaps. */
function addUnderRear(m: Model, key: Key, x: number, lights: number): void {
  const board = box([0.05, WIDTH - 0.12, 0.17], 0.01).at([x + 0.06, 0, 0.79])
  m.add('trim', trim(), board.intangible())
  const skin = new Skin(board)
  for (const s of [1, -1]) {
    const lamp = (y: number, wide: number) => skin.patch('rear', around([s * y, 0.79], wide, 0.12), { stands: 0.01, round: 0.2 })
    m.add('tail-lamps', tailLamp(lights), lamp(0.98, 0.2))
    m.add('indicators', indicator(), lamp(0.8, 0.13))
    m.add('reversing-lamps', reversingLamp(), lamp(0.67, 0.1))
    m.add('bar', galvanised(), boxBetween([x + 0.08, s * 0.55 - 0.03, 0.5], [x + 0.14, s * 0.55 + 0.03, 0.8], 0).intangible())
    m.add('reflectors', reflector(), boxBetween([x + 0.017, s * 0.85 - 0.09, 0.465], [x + 0.03, s * 0.85 + 0.09, 0.515], 0).intangible())
    m.add(
      'trim',
      trim(),
      box([0.02, 0.4, 0.45], 0)
        .at([x + 0.75, s * (HALF - 0.22), 0.42])
        .intangible(),
    )
  }
  m.add('bar', galvanised(), box([0.09, WIDTH - 0.14, 0.11], 0.015).at([x + 0.075, 0, 0.49]))
  addPlate(m, key, skin, 'rear', [0, 0.79])
}

/** A box lorry in its own frame. `lights` is the radiance of its lamps: 0 by day. */
export function truck(key: Key, lights = 0): ObjectDraft {
  const [load, h] = [key.fork('load').uniform(4.6, 5.6), key.fork('height').uniform(3.2, 3.5)]
  const l = load + CAB + 0.15
  const m = new Model()
  const x0 = l / 2
  const paint = carPaint(key.fork('paint'))
  const cab = cushion([CAB, WIDTH - 0.1, 2.05], 12, 7, [48, 24]).at([x0 - CAB / 2, 0, 0.55 + 1.02])
  m.add('body', paint, cab)
  const skin = new Skin(cab)
  m.add(
    'windows',
    pane(),
    skin.patch(
      'front',
      [
        [-0.98, 1.6],
        [0.98, 1.6],
        [0.94, 2.32],
        [-0.94, 2.32],
      ],
      { stands: 0.008, round: 0.15, depth: 0.3, columns: 8 },
    ),
  )
  for (const side of ['left', 'right'] as const) {
    const [a, b] = [x0 - 1.3, x0 - 0.3]
    m.add(
      'windows',
      pane(),
      skin.patch(
        side,
        [
          [a + 0.08, 1.62],
          [b - 0.06, 1.55],
          [b - 0.12, 2.28],
          [a + 0.08, 2.28],
        ],
        { stands: 0.008, round: 0.15 },
      ),
    )
    m.add(
      'trim',
      trim(),
      skin.seam(
        side,
        [
          [a, 0.8],
          [a, 2.36],
          [b - 0.06, 2.36],
          [b, 1.5],
          [b, 0.8],
          [a, 0.8],
        ],
        0.014,
      ),
      skin.patch(side, around([a + 0.16, 1.38], 0.18, 0.05), { stands: 0.02 }),
    )
  }
  const colour = key.fork('box').choice(['#e8e8e5', '#d9dcdf', '#b8c4cc', '#2f5f9e', '#a33a2c'] as const)
  const look = plain(colour, 'box', 0.4)
  m.add('box', look, boxBetween([-x0, -HALF, FLOOR], [-x0 + load, HALF, h], 0.03))
  addDoors(m, look, -x0, h, lights)
  addSides(m, key, colour, -x0, -x0 + load, h)
  addUnderRear(m, key.fork('plate'), -x0, lights)
  const bumper = box([0.14, WIDTH - 0.1, 0.34], 0.06).at([x0 - 0.03, 0, 0.6])
  m.add(
    'trim',
    trim(),
    box([l - 0.3, 0.9, 0.22], 0.03).at([-0.05, 0, 0.75]),
    bumper,
    skin.patch('front', around([0, 1.2], WIDTH * 0.6, 0.36), { stands: 0.012, round: 0.15 }),
  )
  m.add('frame', galvanised(), ...[1.1, 1.2, 1.3].map(z => skin.patch('front', around([0, z], WIDTH * 0.56, 0.03), { stands: 0.02 })))
  addPlate(m, key.fork('plate'), new Skin(bumper), 'front', [0, 0.6])
  for (const s of [1, -1] as const) {
    m.add('headlamps', lampGlass([0.75, 0.78, 0.8], lights * 12), box([0.08, 0.34, 0.2], 0.04).at([x0 + 0.01, s * 0.88, 0.82]))
    for (const x of [x0 - 1.1, -x0 + 1.4]) {
      addWheel(m, 0.46, 0.32, [x, s * (HALF - 0.17), 0.46], s)
      m.add(
        'trim',
        trim(),
        box([1.1, 0.34, 0.05], 0.02)
          .at([x, s * (HALF - 0.2), 0.96])
          .intangible(),
      )
    }
    m.add('trim', trim(), box([0.1, 0.2, 0.4], 0.04).at([x0 - 0.25, s * (HALF + 0.12), 2.05]))
  }
  return m.draft('car').tagged({ vehicle_label: 'truck' })
}
