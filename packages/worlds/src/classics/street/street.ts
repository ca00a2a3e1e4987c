/** A street of a European town: houses on both sides, parked and moving cars, people, trees; the frame in which cameras drive. */
import type { Key, Quat, Vec3 } from '@dioramic/scene'
import type { ObjectDraft } from '../../builder/object.ts'
import { ERAS, house } from '../../facades/facade.ts'
import { outfits, pedestrian } from '../../people/pedestrian.ts'
import { hedge, type Season, tree } from '../../trees/tree.ts'
import { CARS, type CarName, car, repainted } from '../../vehicles/car.ts'
import { bicycle, bus } from '../../vehicles/large.ts'
import { carPaint } from '../../vehicles/parts.ts'
import { truck } from '../../vehicles/truck.ts'
import { van } from '../../vehicles/van.ts'
import {
  CROSSING,
  fence,
  furniture,
  ground,
  HOUSES,
  KERB,
  LANE,
  lampPost,
  markings,
  onPavement,
  PAVEMENT,
  rainStreaks,
  STREET,
  trafficLight,
  treePit,
} from './road.ts'
import { type Sign, sign } from './sign.ts'
import type { Conditions } from './weather.ts'

/** SYNTHIA's classes without the sky, which is 0. */
export const CATEGORIES = [
  'building',
  'road',
  'sidewalk',
  'fence',
  'vegetation',
  'pole',
  'car',
  'traffic-sign',
  'pedestrian',
  'bicycle',
  'lane-marking',
  'traffic-light',
  'rain',
] as const

export interface StreetOptions {
  readonly season: Season
  readonly conditions: Conditions
  /** Seconds of the clip, its margins included. */
  readonly start: number
  readonly end: number
  /** m/s of the car that films. */
  readonly speed: number
}

const NAMES = [...(Object.keys(CARS) as CarName[]), 'van'] as const

/** Any car; of each make there is one body, which all share. */
type Fleet = (key: Key) => ObjectDraft
function fleet(key: Key, lamps: number): Fleet {
  const bodies = new Map(NAMES.map(name => [name, name === 'van' ? van(key.fork(name), lamps) : car(key.fork(name), name, lamps)]))
  return k => repainted(bodies.get(k.fork('kind').choice(NAMES))!, carPaint(k.fork('paint')))
}

const TURN: Quat = [0, 0, 1, 0]

/** A draft that moves at constant velocity along x. */
const driven = (draft: ObjectDraft, at: Vec3, velocity: number, { start, end }: StreetOptions): ObjectDraft =>
  draft.along([start, end].map(t => [t, [at[0] + velocity * t, at[1], at[2]] as Vec3] as const))

/** Houses side by side from one end to the other, none across the side street; both sides and the ends of both streets. */
function houses(key: Key, lit: number): ObjectDraft[] {
  const out: ObjectDraft[] = []
  for (const side of [1, -1] as const) {
    const k = key.fork(side > 0 ? 'left' : 'right')
    for (const [from, to] of [
      [STREET[0], CROSSING[0] - 1.5],
      [CROSSING[1] + 1.5, STREET[1]],
    ] as const) {
      const span = to - from
      const count = Math.max(1, Math.round(span / 11))
      const shares = k
        .fork(from < 0 ? 'near' : 'far')
        .times(count)
        .map(u => u.uniform(0.75, 1.25))
      const total = shares.reduce((a, b) => a + b, 0)
      let x: number = from
      shares.forEach((share, i) => {
        const width = (share / total) * span
        const kk = k
          .fork('house')
          .fork(from < 0 ? 'near' : 'far')
          .fork(i)
        const h = house(kk, { width, floors: kk.fork('floors').int(2, 4), era: kk.fork('era').choice(ERAS), lit })
        // Its own front faces −Y: the left side as it is, the right side turned round.
        out.push(side > 0 ? h.at([x, HOUSES, PAVEMENT]) : h.rotated(TURN).at([x + width, -HOUSES, PAVEMENT]))
        x += width
      })
    }
    const end = house(k.fork('end'), { width: 26, floors: 3, era: k.fork('era').choice(ERAS), lit })
    out.push(side > 0 ? end.at([CROSSING[0] - 8, 48, 0]) : end.rotated(TURN).at([CROSSING[1] + 8, -48, 0]))
  }
  const far = house(key.fork('far'), {
    width: 30,
    floors: 4,
    era: key.fork('far-era').choice(['classical', 'brick', 'rendered'] as const),
    lit,
  })
  out.push(far.rotated([0, 0, 1], -Math.PI / 2).at([STREET[1] + 4, 15, 0]))
  return out
}

/** Cars at both kerbs with gaps, clear of the crossing. */
function parked(key: Key): ObjectDraft[] {
  const out: ObjectDraft[] = []
  const cars = fleet(key.fork('fleet'), 0)
  for (const side of [1, -1] as const) {
    let i = 0
    for (let x = STREET[0] + 4; x < STREET[1] - 6; x += 6) {
      const k = key.fork(side > 0 ? 'left' : 'right').fork(i++)
      if ((x > CROSSING[0] - 9 && x < CROSSING[1] + 8) || k.fork('empty').uniform() < 0.38) continue
      const draft = cars(k.fork('car'))
      const at: Vec3 = [x + 3 + k.fork('x').uniform(-0.3, 0.3), side * (LANE + (KERB - LANE) / 2 + k.fork('y').uniform(-0.08, 0.08)), 0]
      const askew = k.fork('turn').uniform(-0.02, 0.02)
      out.push(
        draft
          .rotated([0, 0, 1], (side > 0 ? Math.PI : 0) + askew)
          .at(at)
          .tagged({ parked: true }),
      )
    }
  }
  return out
}

/** Traffic: one or two ahead in the own lane, two or three that come the other way, one of them large. */
function traffic(key: Key, o: StreetOptions): ObjectDraft[] {
  const out: ObjectDraft[] = []
  const { lamps } = o.conditions
  const cars = fleet(key.fork('fleet'), lamps)
  let x = key.fork('gap').uniform(13, 20)
  const ahead = key.fork('ahead').int(1, 2)
  for (let i = 0; i < ahead; i++) {
    const k = key.fork('own').fork(i)
    const large = k.fork('large').uniform()
    const draft = large < 0.15 ? truck(k, lamps) : large < 0.28 ? bus(k, lamps) : cars(k)
    out.push(driven(draft.tagged({ parked: false }), [x, -LANE / 2, 0], o.speed * k.fork('speed').uniform(0.98, 1.08), o))
    x += k.fork('gap').uniform(14, 22)
  }
  let y = key.fork('first').uniform(16, 26)
  const coming = key.fork('coming').int(2, 3)
  const pace = o.speed * key.fork('pace').uniform(0.85, 1.1)
  for (let i = 0; i < coming; i++) {
    const k = key.fork('other').fork(i)
    const draft = i === 1 ? (k.fork('large').uniform() < 0.5 ? bus(k, lamps) : truck(k, lamps)) : cars(k)
    // All at one pace, so that none runs into another.
    out.push(driven(draft.rotated(TURN).tagged({ parked: false }), [y, LANE / 2, 0], -pace, o))
    y += k.fork('gap').uniform(16, 26)
  }
  return out
}

/** People on both pavements, most of them walking, and one or two on the zebra crossing. */
function people(key: Key, o: StreetOptions): ObjectDraft[] {
  const out: ObjectDraft[] = []
  const count = key.fork('count').int(9, 14)
  // Everybody's clothes are drawn from one wardrobe, so that neighbours differ.
  const wardrobe = outfits(key.fork('wardrobe'), count + 2)
  for (let i = 0; i < count; i++) {
    const k = key.fork(i)
    const side = k.fork('side').choice([1, -1] as const)
    const stands = k.fork('stands').uniform() < 0.2
    const speed = stands ? 0 : k.fork('speed').uniform(1.1, 1.6)
    const ahead = k.fork('ahead').uniform() < 0.5
    // One track a person across the pavement, one slot along it.
    const x = 4 + (i * 38) / count + k.fork('x').uniform(-0.8, 0.8)
    const at = onPavement(x, 0.9 + 0.45 * (i % 5), side)
    const figure = pedestrian(k.fork('figure'), { speed, start: o.start, end: o.end }, wardrobe[i]!)
    const turn = stands ? k.fork('turn').uniform(0, 2 * Math.PI) : ahead ? 0 : Math.PI
    const facing = figure.rotated([0, 0, 1], turn)
    out.push(stands ? facing.at(at) : driven(facing, at, ahead ? speed : -speed, o))
  }
  const crossing = key.fork('crossing').int(1, 2)
  for (let i = 0; i < crossing; i++) {
    const k = key.fork('zebra').fork(i)
    const speed = k.fork('speed').uniform(1.1, 1.4)
    const dir = i === 0 ? 1 : -1
    const figure = pedestrian(k.fork('figure'), { speed, start: o.start, end: o.end }, wardrobe[count + i]!).rotated(
      [0, 0, 1],
      (dir * Math.PI) / 2,
    )
    const at: Vec3 = [CROSSING[1] + 1.8 + 0.8 * i, -dir * k.fork('y').uniform(0.5, 3), 0]
    out.push(figure.along([o.start, o.end].map(t => [t, [at[0], at[1] + dir * speed * t, 0] as Vec3] as const)))
  }
  return out
}

/** Metres from the kerb to the row of trees and lamp posts. */
const TREE_ROW = 0.6

/** Where signs stand along the street, and whether the crossing is what comes next. */
const SIGN_PLACES = {
  right: [
    [-8, false],
    [6, false],
    [17, false],
    [29, true],
    [CROSSING[1] + 12, false],
    [CROSSING[1] + 30, false],
  ],
  left: [
    [10, false],
    [27, false],
    [CROSSING[1] + 18, true],
    [CROSSING[1] + 36, false],
  ],
} as const satisfies Record<'left' | 'right', readonly (readonly [number, boolean])[]>
const BEFORE_THE_CROSSING = ['crossing', 'crossing', 'signals-ahead'] as const satisfies readonly Sign[]
const ANYWHERE = ['limit', 'parking', 'priority', 'bus-stop'] as const satisfies readonly Sign[]

/** What stands in a row along a kerb, so that nothing stands in anything else. */
class Kerbside {
  private readonly taken: { readonly x: number; readonly half: number; readonly side: 1 | -1 }[] = []

  /** The place nearest to `x` where something that is `2 · half` metres long is free, taken. */
  take(x: number, half: number, side: 1 | -1): number {
    const free = (at: number) => this.taken.every(t => t.side !== side || Math.abs(t.x - at) >= t.half + half + 0.1)
    for (let step = 0; ; step = step > 0 ? -step : 0.2 - step) {
      if (!free(x + step)) continue
      this.taken.push({ x: x + step, half, side })
      return x + step
    }
  }
}

/** Everything but cameras and light. */
export function street(key: Key, o: StreetOptions): ObjectDraft[] {
  const { wetness, lamps, lit, rain } = o.conditions
  const out: ObjectDraft[] = [...ground(key.fork('ground'), wetness), markings(wetness), ...houses(key.fork('houses'), lit)]
  const trees = [0, 1].map(i => tree(key.fork('tree').fork(i), 6.5 + i, o.season))
  const post = lampPost(lamps * 14)
  const pit = treePit(key.fork('pit').choice(['grating', 'soil'] as const))
  const kerbside = new Kerbside()
  let n = 0
  for (const side of [1, -1] as const)
    for (let x = STREET[0] + 6; x < STREET[1] - 3; x += 9) {
      const k = key.fork('trees').fork(n++)
      if (x > CROSSING[0] - 8 && x < CROSSING[1] + 8) continue
      const at = onPavement(x, TREE_ROW, side)
      if (n % 3 === 0) out.push(post.rotated([0, 0, 1], side > 0 ? 0 : Math.PI).at(at))
      else if (k.fork('there').uniform() < 0.75) {
        const size = k.fork('size').uniform(0.8, 1.15)
        out.push(
          trees[k.fork('kind').int(0, 1)]!.scaled(size)
            .rotated([0, 0, 1], k.fork('turn').uniform(0, 2 * Math.PI))
            .at(at),
          pit.at(at),
        )
      } else continue
      kerbside.take(x, 0.42, side)
    }
  // Signs stand at the right of those who read them: some drive towards +X, the others come the other way.
  for (const [side, places] of Object.entries(SIGN_PLACES).map(([s, p]) => [s === 'right' ? -1 : 1, p] as const))
    for (const [i, [x, before]] of places.entries()) {
      const kind = key
        .fork('signs')
        .fork(side > 0 ? 'left' : 'right')
        .fork(i)
        .choice(before ? BEFORE_THE_CROSSING : ANYWHERE)
      out.push(
        sign(kind)
          .rotated([0, 0, 1], side > 0 ? Math.PI : 0)
          .at(onPavement(kerbside.take(x, 0.15, side), 0.35, side)),
      )
    }
  for (const [i, x] of [-8, 6, 17, 29, CROSSING[1] + 12, CROSSING[1] + 30].entries()) {
    const k = key.fork('things').fork(i)
    const side = k.fork('side').choice([1, -1] as const)
    const kind = k.fork('kind').choice(['bin', 'bench', 'bollard', 'bollard'] as const)
    const thing = furniture(kind).rotated([0, 0, 1], side > 0 ? Math.PI : 0)
    out.push(thing.at(kind === 'bench' ? onPavement(x + 3.2, 2.6, side) : onPavement(kerbside.take(x + 3.2, 0.25, side), 0.4, side)))
    if (k.fork('bicycle').uniform() < 0.6) {
      const where = k.fork('bike-side').choice([1, -1] as const)
      out.push(
        bicycle(k.fork('bike'))
          .rotated([0, 0, 1], k.fork('bike-turn').uniform(-0.2, 0.2))
          .at(onPavement(kerbside.take(x + 1.2, 0.9, where), 0.45, where)),
      )
    }
  }
  const phase = key.fork('phase').choice(['red', 'green'] as const)
  out.push(trafficLight(phase).at(onPavement(CROSSING[0] - 5.2, 0.35, -1)))
  out.push(
    trafficLight(phase)
      .rotated(TURN)
      .at(onPavement(CROSSING[1] + 5.4, 0.35, 1)),
  )
  for (const side of [1, -1] as const) out.push(fence(6).at(onPavement(CROSSING[0] - 8.5, 0.3, side)))
  out.push(
    hedge(key.fork('hedge'), 9, o.season).at([(CROSSING[0] + CROSSING[1]) / 2, 44, 0]),
    hedge(key.fork('hedge-2'), 9, o.season).at([(CROSSING[0] + CROSSING[1]) / 2, -44, 0]),
  )
  out.push(...parked(key.fork('parked')), ...traffic(key.fork('traffic'), o), ...people(key.fork('people'), o))
  if (rain) {
    // Falls at 8 m/s through the box that the camera drives in; tall enough to last.
    const tall = 8 * (o.end - o.start) + 4
    const streaks = rainStreaks(key.fork('rain'), 900, [14, 6, tall / 2])
    out.push(streaks.along([o.start, o.end].map(t => [t, [9 + o.speed * t, -LANE / 2, tall / 2 - 8 * (t - o.start)] as Vec3] as const)))
  }
  return out
}
