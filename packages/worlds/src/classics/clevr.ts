/**
 * CLEVR (Johnson et al., "CLEVR: a diagnostic dataset for compositional language and elementary visual reasoning", 2017): three to ten cubes, spheres and
 * cylinders, two sizes, two materials, eight colours, at rest on a grey floor. Questions come with the label `language`: the families of CLEVR, each question
 * with its functional program, whose run over the clip's record is the answer; answers are balanced.
 *
 * Places keep CLEVR's rules: 0.25 m between surfaces, and 0.4 m between centres along the camera's right and its view, so that left, right, front and behind
 * are never in doubt. Its rule on visible pixels is the label's: things that show less than a thousandth of the picture are not spoken of.
 *
 * Cost: 3–10 objects, one frame of 480 × 320.
 * Command: `diorama generate clevr --count 10 --labels kubric,language --out out/clevr`.
 */
import { type Key, portable, type ShapeName, type Vec3, vec3 } from '@dioramic/scene'
import { z } from 'zod'
import { ambient } from '../builder/environment.ts'
import { material } from '../builder/material.ts'
import type { ObjectDraft } from '../builder/object.ts'
import { scene } from '../builder/scene.ts'
import { floor, shape } from '../builder/shapes.ts'
import { camera } from '../toolkit/cameras.ts'
import { CLEVR_COLORS, type ClevrColor } from '../toolkit/colors.ts'
import { ordered } from '../toolkit/fields.ts'
import { clevrLights } from '../toolkit/lights.ts'
import { defineWorld } from '../world.ts'

const SHAPES: readonly ShapeName[] = ['cube', 'cylinder', 'sphere']
/** Diameter, metres; a cube's diagonal, seen from above, is as long. */
const SIZES = { small: 0.7, large: 1.4 } as const
const MATERIALS = {
  metal: { metallic: 1, roughness: 0.2, ior: 2.5 },
  rubber: { metallic: 0, roughness: 0.7, ior: 1.388 },
} as const
const EYE: Vec3 = [7.21, -6.83, 5.12]
/** Half the side of the square in which centres are drawn. */
const HALF = 3
const GAP = 0.25
const MARGIN = 0.4
const TRIES = 50
const RESTARTS = 200

interface Place {
  readonly x: number
  readonly y: number
  readonly size: keyof typeof SIZES
}

/** Places of `count` things by CLEVR's rules; where a thing finds none in 50 draws all begin again, as there. */
function places(key: Key, count: number, eye: Vec3): Place[] {
  const r = portable.hypot(eye[0], eye[1])
  const away = [-eye[0] / r, -eye[1] / r] as const
  // Across and along the view, on the level.
  const axes = [[away[1], -away[0]], away] as const
  for (let restart = 0; restart < RESTARTS; restart++) {
    const out: Place[] = []
    for (let i = 0; i < count; i++) {
      const found = key
        .fork(restart)
        .fork(i)
        .times(TRIES)
        .map(
          (k): Place => ({
            x: k.fork('x').uniform(-HALF, HALF),
            y: k.fork('y').uniform(-HALF, HALF),
            size: k.fork('size').choice(['small', 'large'] as const),
          }),
        )
        .find(p =>
          out.every(q => {
            const [dx, dy] = [p.x - q.x, p.y - q.y]
            const near = (SIZES[p.size] + SIZES[q.size]) / 2 + GAP
            return dx * dx + dy * dy >= near * near && axes.every(([ax, ay]) => Math.abs(dx * ax + dy * ay) > MARGIN)
          }),
        )
      if (!found) break
      out.push(found)
    }
    if (out.length === count) return out
  }
  throw new RangeError(`clevr: ${count} things found no places in ${RESTARTS} trials; lower maxCount`)
}

function thing(key: Key, { x, y, size }: Place): ObjectDraft {
  const name = key.fork('shape').choice(SHAPES)
  const color = key.fork('color').choice(Object.keys(CLEVR_COLORS) as ClevrColor[])
  const kind = key.fork('material').choice(['metal', 'rubber'] as const)
  const edge = name === 'cube' ? SIZES[size] * Math.SQRT1_2 : SIZES[size]
  return shape(name, key)
    .scaled(edge)
    .rotated([0, 0, 1], key.fork('turn').uniform(0, 2 * Math.PI))
    .at([x, y, edge / 2])
    .material(material({ ...MATERIALS[kind], baseColor: [...CLEVR_COLORS[color]] as [number, number, number] }, `${color}-${kind}`))
    .fixed()
    .tagged({ size_label: size, color_label: color, material_label: kind })
}

export const clevr = defineWorld({
  name: 'clevr',
  description: 'CLEVR: cubes, spheres and cylinders on a grey floor, with questions and their programs (label language)',
  config: z
    .strictObject({
      minCount: z.number().int().min(1).max(10).default(3).describe('fewest objects'),
      maxCount: z.number().int().min(1).max(10).default(10).describe('most objects'),
    })
    .check(ordered(['minCount', 'maxCount'])),
  build({ key, config }) {
    const s = scene({ frames: 1, fps: 12, categories: ['floor', ...SHAPES] })
    const ground = floor({ size: 400 }).material(material({ baseColor: [0.502, 0.502, 0.502], roughness: 1, specular: 0 }, 'ground'))
    const eye = vec3.add(
      EYE,
      key
        .fork('camera')
        .uniforms(3)
        .map(u => u - 0.5) as unknown as Vec3,
    )
    s.add(ground, ambient([0.05, 0.05, 0.05]), clevrLights(key.fork('lights'), 2))
    s.add(camera({ position: eye, lookAt: [0, 0, 0.35], resolution: [480, 320] }))
    const count = key.fork('count').int(config.minCount, config.maxCount)
    s.add(places(key.fork('places'), count, eye).map((p, i) => thing(key.fork('objects').fork(i), p)))
    return s
  },
})
