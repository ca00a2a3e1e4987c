/**
 * MOVi-B of Kubric (Greff et al. 2022, 2203.03570): eleven shapes in any hue and size, of metal or rubber, tossed onto a floor of any hue and seen from anywhere.
 *
 * As the original worker (commit 0ee21e2), but that camera and floor colour come from the seed, sizes are recorded, and the floor is one flat plane.
 */
import type { Key, ShapeName } from '@dioramic/scene'
import { z } from 'zod'
import { ambient } from '../builder/environment.ts'
import { material } from '../builder/material.ts'
import type { ObjectDraft } from '../builder/object.ts'
import { scene } from '../builder/scene.ts'
import { floor, shape } from '../builder/shapes.ts'
import { uniformHue } from '../toolkit/colors.ts'
import { ordered } from '../toolkit/fields.ts'
import { clevrLights } from '../toolkit/lights.ts'
import { defineWorld } from '../world.ts'
import { MOVI_CLIP, stillCamera } from './camera.ts'
import { countFields, gravityField, lightsField } from './fields.ts'
import { MATERIALS } from './materials.ts'
import { tossed } from './toss.ts'

/** KuBasic's eleven; `quadruped` and `monkey` stand for its spot and suzanne. */
const SHAPES: readonly ShapeName[] = [
  'cone',
  'cube',
  'cylinder',
  'gear',
  'monkey',
  'quadruped',
  'sphere',
  'sponge',
  'teapot',
  'torus',
  'torus-knot',
]

function thing(key: Key): ObjectDraft {
  const color = uniformHue(key.fork('color'))
  const kind = key.fork('material').choice(['metal', 'rubber'] as const)
  const m = MATERIALS[kind]
  const scale = key.fork('size').uniform(0.7, 1.4)
  return tossed(
    shape(key.fork('shape').choice(SHAPES), key)
      .scaled(scale)
      .material(material({ ...m.fields, baseColor: [...color] }, kind))
      .dynamic({ density: m.density, friction: m.friction, restitution: m.restitution })
      .tagged({ scale, color: [...color], material_label: kind }),
    key,
  )
}

export const moviB = defineWorld({
  name: 'movi-b',
  description: "Kubric's MOVi-B: 3 to 10 of eleven shapes, any hue and size, metal or rubber, tossed; the camera anywhere above",
  config: z
    .strictObject({
      ...countFields(3, 10),
      ...gravityField,
      ...lightsField,
    })
    .check(ordered(['minCount', 'maxCount'])),
  build({ key, config }) {
    const s = scene({ ...MOVI_CLIP, gravity: [0, 0, -config.gravity], categories: ['floor', ...SHAPES] })
    const background = uniformHue(key.fork('background'))
    s.add(
      floor({ size: 400, friction: 0.3, restitution: 0.5 }).material(
        material({ baseColor: [...background], roughness: 1, specular: 0 }, 'ground'),
      ),
    )
    s.add(ambient([0.05, 0.05, 0.05]), clevrLights(key.fork('lights'), config.lights), stillCamera(key.fork('camera')))
    for (const k of key.fork('objects').times(key.fork('count').int(config.minCount, config.maxCount))) s.add(thing(k))
    return s.tag({ background_color: [...background] })
  },
})
