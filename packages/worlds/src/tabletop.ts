/**
 * Things on a table: objects of `--assets` (or embedded shapes) dropped onto a wooden table under an HDR environment, photographed by a
 * hand-held-looking camera. Where an asset can hold a ball (a pan, a bowl), a ball is dropped into it and comes to rest there.
 */
import { type AssetObject, bounds, type Key, portable, type Vec3, vec3 } from '@dioramic/scene'
import { z } from 'zod'
import { hdri } from './builder/environment.ts'
import type { ObjectDraft } from './builder/object.ts'
import { preset } from './builder/preset.ts'
import { scene } from './builder/scene.ts'
import { asset, SOLIDS, shape } from './builder/shapes.ts'
import { type Basin, basinOf } from './toolkit/basin.ts'
import { camera } from './toolkit/cameras.ts'
import { randomColor } from './toolkit/colors.ts'
import { ordered } from './toolkit/fields.ts'
import { ROOM_NAMES, roomStrength } from './toolkit/lit-rooms.ts'
import { region } from './toolkit/region.ts'
import { defineWorld } from './world.ts'

/** The brightness that a white table is given. */
const BRIGHTNESS = 0.75
const TABLE_TOPS = ['oak', 'walnut', 'pine', 'parquet', 'marble', 'linen', 'leather'] as const
const FLOORS = ['concrete', 'wood-planks', 'parquet', 'terrazzo'] as const
/** Materials of embedded shapes; those marked take a random colour. */
const THINGS = [
  { name: 'porcelain', tint: true },
  { name: 'ceramic-glaze', tint: true },
  { name: 'plastic-glossy', tint: true },
  { name: 'plastic-matte', tint: true },
  { name: 'car-paint', tint: true },
  { name: 'leather', tint: true },
  { name: 'felt', tint: true },
  { name: 'terracotta', tint: false },
  { name: 'brass', tint: false },
  { name: 'copper', tint: false },
  { name: 'brushed-steel', tint: false },
  { name: 'gold', tint: false },
  { name: 'cork', tint: false },
  { name: 'granite', tint: false },
  { name: 'walnut', tint: false },
  { name: 'carbon-fibre', tint: false },
] as const

/** Length, depth and thickness of the top and height of the table, metres. */
const TABLE = { length: 1.3, depth: 0.8, thickness: 0.035, height: 0.74, leg: 0.06 } as const
const BALL = 0.04

/** The table with its top face at z = 0 and the floor below it. */
function table(key: Key): ObjectDraft[] {
  const top = preset(key.fork('top').choice(TABLE_TOPS), { seed: key.fork('grain').int(0, 999) })
  const legs = preset('cast-iron')
  const under = TABLE.height - TABLE.thickness
  const [x, y] = [TABLE.length / 2 - 0.08, TABLE.depth / 2 - 0.08]
  const box = (name: string, size: Vec3, at: Vec3) => shape('cube').named(name).category('table').asBackground().scaled(size).at(at)
  return [
    shape('plane')
      .named('floor')
      .category('floor')
      .asBackground()
      .scaled([16, 16, 1])
      .at([0, 0, -TABLE.height])
      .material(preset(key.fork('floor').choice(FLOORS)))
      .fixed(),
    box('table-top', [TABLE.length, TABLE.depth, TABLE.thickness], [0, 0, -TABLE.thickness / 2])
      .material(top)
      .fixed({ friction: 0.5 }),
    ...[0, 1, 2, 3].map(i =>
      box(`leg-${i + 1}`, [TABLE.leg, TABLE.leg, under], [i & 1 ? x : -x, i & 2 ? y : -y, -TABLE.thickness - under / 2])
        .material(legs)
        .fixed(),
    ),
  ]
}

/** Assets that can hold the ball, widest first. */
function vessels(assets: Iterable<AssetObject>): { object: AssetObject; basin: Basin }[] {
  return [...assets]
    .map(object => ({ object, basin: basinOf(object.mesh) }))
    .filter((v): v is { object: AssetObject; basin: Basin } => v.basin !== null && v.basin.radius > 1.2 * BALL)
    .sort((a, b) => b.basin.radius - a.basin.radius || (a.object.id < b.object.id ? -1 : 1))
}

function thing(key: Key, id: string | undefined, crowd: number): ObjectDraft {
  const upright = key.fork('upright').uniform() < 0.5
  const where = region([-0.3, -0.24, 0.01], [0.3, 0.24, 0.3 + 0.05 * crowd])
  const body = { friction: 0.5, restitution: 0.15 }
  // Thrown gently towards the middle, so that the pile stays in the picture.
  const throwIn = (p: Vec3): Vec3 => [key.fork('vx').uniform(-0.15, 0.15) - 0.7 * p[0], key.fork('vy').uniform(-0.15, 0.15) - 0.7 * p[1], 0]
  if (id !== undefined)
    return asset(id, key)
      .dynamic({ density: 400, ...body })
      .dropFrom(where, { turn: upright ? 'yaw' : 'random' })
      .withVelocity(throwIn)
  const name = key.fork('shape').choice(SOLIDS)
  const kind = key.fork('material').choice(THINGS)
  const look = preset(kind.name, {
    size: 256,
    seed: key.fork('pattern').int(0, 999),
    ...(kind.tint ? { color: randomColor(key.fork('color')) } : {}),
  })
  const size = key.fork('size').uniform(0.08, 0.17)
  return shape(name, key)
    .scaled(size)
    .material(look)
    .dynamic({ density: 900, ...body })
    .dropFrom(where, { turn: upright ? 'yaw' : 'random' })
    .withVelocity(throwIn)
    .tagged({ size, material_label: kind.name })
}

/** Stands on a half circle of seats around the table. */
function photographer(key: Key, fStop: number, near: number) {
  const azimuth = key.fork('azimuth').uniform(0, 2 * Math.PI)
  const elevation = key.fork('elevation').uniform(0.3, 0.72)
  const distance = key.fork('distance').uniform(near, near + 0.2)
  const r = distance * portable.cos(elevation)
  const target: Vec3 = [key.fork('x').uniform(-0.04, 0.04), key.fork('y').uniform(-0.04, 0.04), 0.05]
  const position: Vec3 = [
    target[0] + r * portable.cos(azimuth),
    target[1] + r * portable.sin(azimuth),
    target[2] + distance * portable.sin(elevation),
  ]
  return camera({ position, lookAt: target, focalLength: key.fork('lens').uniform(34, 46), fStop })
}

export const tabletop = defineWorld({
  name: 'tabletop',
  description: 'Objects of --assets (or embedded shapes) dropped onto a table in an HDR room; a ball rests in the pan if there is one',
  config: z
    .strictObject({
      minCount: z.number().int().min(0).max(40).default(5).describe('fewest objects'),
      maxCount: z.number().int().min(0).max(40).default(9).describe('most objects'),
      ball: z.boolean().default(true).describe('drop a ball into an asset that can hold one'),
      environment: z.string().optional().describe('an embedded HDR picture or one of --assets; random without'),
      brightness: z.number().min(0).max(100).default(1).describe('factor on the light'),
      fStop: z.number().min(0.5).max(64).default(8).describe('aperture; small numbers blur the room'),
    })
    .check(ordered(['minCount', 'maxCount'])),
  build({ key, config, assets }) {
    const categories = [...new Set(['floor', 'table', 'ball', ...SOLIDS, ...[...assets.objects.keys()].sort()])]
    const s = scene({ frames: 24, fps: 12, categories })
    const room = config.environment ?? key.fork('environment').choice(ROOM_NAMES)
    const strength = config.brightness * roomStrength(room, BRIGHTNESS)
    s.add(hdri(room, { strength, rotation: key.fork('room').uniform(0, 2 * Math.PI) }))
    s.add(table(key.fork('table')), photographer(key.fork('camera'), config.fStop, assets.objects.size > 0 ? 0.74 : 0.86))

    const holders = config.ball ? vessels(assets.objects.values()) : []
    const holder = holders[0]
    if (holder) {
      const k = key.fork('vessel')
      // Collision meshes of pans are often centimetres thick at the bottom; this one must hold something.
      const vessel = asset(holder.object.id, k, 'visual')
        .dynamic({ density: 5000, friction: 0.6, restitution: 0 })
        .standOn(region([-0.24, -0.2, 0], [0.24, 0.2, 0.3]))
      const [x, y, z0] = holder.basin.center
      const ball = shape('sphere')
        .named('ball')
        .category('ball')
        .scaled(BALL)
        .material(preset('plastic-glossy', { color: randomColor(k.fork('ball')) }))
        .dynamic({ density: 1100, friction: 0.9, restitution: 0 })
        .over(vessel, [x, y, z0 + BALL / 2 + 0.02])
        .tagged({ inside: holder.object.id })
      s.add(vessel, ball)
      // Nothing falls straight into it, nor onto its handle.
      const { min: low, max: high } = bounds(holder.object.mesh.positions)
      const column = vec3.add(vec3.sub(high, low), [0.03, 0.03, 1])
      s.keepClear(
        shape('cube')
          .scaled(column)
          .over(vessel, [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, high[2] + 0.01 + column[2] / 2]),
      )
    }

    const ids = key.fork('ids').shuffle([...assets.objects.keys()].sort().filter(id => id !== holder?.object.id))
    const wanted = key.fork('count').int(config.minCount, config.maxCount)
    const count = assets.objects.size > 0 ? Math.min(wanted, ids.length) : wanted
    for (const [i, k] of key.fork('objects').times(count).entries()) s.add(thing(k, ids[i], count))
    return s.tag({ environment: room })
  },
})
