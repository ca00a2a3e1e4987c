/** A world of one solid on a floor, of which one thing at a time may be changed: pictures for classifiers of shape, inside their distribution and outside. */
import { type Key, portable, type ShapeName, type Vec3 } from '@dioramic/scene'
import { ambient, areaLight, camera, defineWorld, floor, material, preset, randomColor, scene, shape, sun } from '@dioramic/worlds'
import { z } from 'zod'

/** What is told apart. */
export const CLASSES = ['cube', 'sphere', 'cylinder', 'cone', 'torus'] as const satisfies readonly ShapeName[]

/** Pixels along an edge of a picture. */
export const EDGE = 32

/** What may be changed: `none` is the nominal world, `mixed` draws everything wide. */
export const SHIFTS = ['lighting', 'texture', 'background', 'camera', 'clutter', 'noise'] as const
export type Shift = (typeof SHIFTS)[number] | 'none' | 'mixed'

const PATTERNS = ['oak', 'marble', 'granite', 'terrazzo', 'cork', 'carbon-fibre', 'parquet', 'brass'] as const
const GROUNDS = ['parquet', 'terrazzo', 'wood-planks', 'marble', 'granite', 'leather'] as const

function lights(key: Key, low: boolean) {
  if (!low) return [ambient([0.5, 0.5, 0.5]), areaLight({ position: [1.5, -1.5, 4], size: [2, 2], power: 120 })]
  // A low, warm sun from any side: long shadows, half of the solid in the dark.
  const a = key.fork('azimuth').uniform(0, 2 * Math.PI)
  const h = key.fork('height').uniform(0.25, 0.6)
  return [
    ambient([0.06, 0.07, 0.1]),
    sun({ position: [portable.cos(a), portable.sin(a), h], irradiance: 3.5, color: [1, 0.75, 0.5], angle: 0.02 }),
  ]
}

export default defineWorld({
  name: 'soups-shapes',
  description: 'One solid on a floor; `shift` changes the light, the texture, the ground, the camera or what stands beside it',
  config: z.strictObject({
    shift: z.enum(['none', 'mixed', ...SHIFTS]).default('none'),
    label: z
      .int()
      .min(0)
      .max(CLASSES.length - 1)
      .default(0),
  }),
  build({ key, config: { shift, label } }) {
    const is = (s: Shift) => shift === s || (shift === 'mixed' && key.fork(s).uniform() < 0.3)
    const s = scene({ frames: 1, fps: 12 })
    s.add(lights(key.fork('light'), is('lighting')))
    const ground = is('background')
      ? preset(key.fork('ground').choice(GROUNDS), { size: 64, seed: key.fork('pattern').int(0, 99) })
      : material({ baseColor: [0.45, 0.45, 0.45], roughness: 0.9 }, 'ground')
    s.add(floor({ size: 12 }).material(ground))
    const size = key.fork('size').uniform(0.75, 1)
    const paint = is('texture')
      ? preset(key.fork('texture').choice(PATTERNS), { size: 64, seed: key.fork('grain').int(0, 99) })
      : material({ baseColor: [...randomColor(key.fork('colour'))], roughness: 0.5 }, 'paint')
    const turn = key.fork('yaw').uniform(0, 2 * Math.PI)
    const tilt = key.fork('tilt').uniform(0, 2 * Math.PI)
    const place: Vec3 = [key.fork('x').uniform(-0.2, 0.2), key.fork('y').uniform(-0.2, 0.2), 0.5]
    s.add(
      shape(CLASSES[label]!)
        .scaled(size)
        .rotated([1, 0, 0], key.fork('lean').uniform(-0.3, 0.3))
        .rotated([0, 0, 1], turn)
        .at(place)
        .material(paint),
    )
    if (is('clutter'))
      for (const [i, k] of key.fork('clutter').times(2).entries()) {
        const a = tilt + i * 2.4 + k.fork('a').uniform(0, 1)
        const c = k.fork('size').uniform(0.25, 0.4)
        s.add(
          shape(k.fork('shape').choice(['cube', 'sphere'] as const))
            .scaled(c)
            .at([1 * portable.cos(a), 1 * portable.sin(a), c / 2])
            .material(material({ baseColor: [...randomColor(k.fork('colour'))], roughness: 0.6 }, 'other')),
        )
      }
    const far = is('camera')
    const a = key.fork('around').uniform(0, 2 * Math.PI)
    const up = far ? key.fork('up').uniform(0.05, 0.25) : key.fork('up').uniform(0.45, 0.75)
    const r = far ? key.fork('distance').uniform(3, 3.6) : key.fork('distance').uniform(2.3, 2.6)
    const c = r * portable.cos(up)
    s.add(
      camera({
        position: [c * portable.cos(a), c * portable.sin(a), 0.45 + r * portable.sin(up)],
        lookAt: [key.fork('u').uniform(-0.1, 0.1), key.fork('v').uniform(-0.1, 0.1), 0.45],
        focalLength: 50,
        resolution: [EDGE, EDGE],
      }),
    )
    return s
  },
})
