/**
 * MOVi-A of Kubric (Greff et al. 2022, 2203.03570): CLEVR's cubes, cylinders and spheres tossed onto a grey floor.
 *
 * Counts, sizes, materials, spawn region, velocities, lights and the camera follow the original worker (commit 0ee21e2). What was a defect
 * there is not here: every draw comes from the seed (0 included), the sun's edge is soft, densities are kg/m³ (same ratios), the floor is
 * one flat plane rather than a dome whose wall bends the horizon.
 */
import { type Key, type ShapeName, type Vec3, vec3 } from '@dioramic/scene'
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
import { countFields, gravityField, lightsField } from './fields.ts'
import { MATERIALS } from './materials.ts'
import { tossed } from './toss.ts'

const SHAPES: readonly ShapeName[] = ['cube', 'cylinder', 'sphere']
const SIZES = { small: 0.7, large: 1.4 } as const

function clevrObject(key: Key): ObjectDraft {
  const name = key.fork('shape').choice(SHAPES)
  const size = key.fork('size').choice(['small', 'large'] as const)
  const color = key.fork('color').choice(Object.keys(CLEVR_COLORS) as ClevrColor[])
  const kind = key.fork('material').choice(['metal', 'rubber'] as const)
  const m = MATERIALS[kind]
  const look = material({ ...m.fields, baseColor: [...CLEVR_COLORS[color]] }, `${color}-${kind}`)
  return tossed(shape(name, key).scaled(SIZES[size]).material(look), key)
    .dynamic({ density: m.density, friction: m.friction, restitution: m.restitution })
    .tagged({ size_label: size, color_label: color, material_label: kind, color: [...CLEVR_COLORS[color]] })
}

export const moviA = defineWorld({
  name: 'movi-a',
  description: "Kubric's MOVi-A: 3 to 10 CLEVR shapes of metal or rubber tossed onto a grey floor",
  config: z
    .strictObject({
      ...countFields(3, 10),
      ...gravityField,
      ...lightsField,
    })
    .check(ordered(['minCount', 'maxCount'])),
  build({ key, config }) {
    const s = scene({ frames: 24, fps: 12, gravity: [0, 0, -config.gravity], categories: ['floor', ...SHAPES] })
    const ground = floor({ size: 400, friction: 0.3, restitution: 0.5 }).material(
      material({ baseColor: [0.502, 0.502, 0.502], roughness: 1, specular: 0 }, 'ground'),
    )
    const jitter = key.fork('camera').uniforms(3) as unknown as Vec3
    s.add(ground, ambient([0.05, 0.05, 0.05]), clevrLights(key.fork('lights'), config.lights))
    s.add(camera({ position: vec3.add([7.48113, -6.50764, 5.34367], jitter), lookAt: [0, 0, 0] }))
    const count = key.fork('count').int(config.minCount, config.maxCount)
    for (const k of key.fork('objects').times(count)) s.add(clevrObject(k))
    return s.tag({ background: 'clevr' })
  },
})
