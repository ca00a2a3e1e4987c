/** A few solids of any colour on a floor, near enough to fill a small picture. */
import { type Key, portable, type ShapeName } from '@dioramic/scene'
import { camera, defineWorld, floor, hdri, material, preset, randomColor, region, scene, shape } from '@dioramic/worlds'
import { z } from 'zod'

const SOLIDS: readonly ShapeName[] = ['cube', 'sphere', 'cone']

const solid = (key: Key) =>
  shape(key.fork('shape').choice(SOLIDS), key)
    .scaled(key.fork('size').uniform(0.17, 0.24))
    .material(material({ baseColor: [...randomColor(key.fork('color'))], roughness: key.fork('roughness').uniform(0.3, 0.8) }))
    .standOn(region([-0.42, -0.42, 0], [0.42, 0.42, 0.4]))
    .fixed()

/** Pictures of each scene: building one costs more than looking at it. */
export const CAMERAS = 6

/** A camera somewhere on a shell around the middle. */
function seat(key: Key, name: string) {
  const azimuth = key.fork('azimuth').uniform(0, 2 * Math.PI)
  const elevation = key.fork('elevation').uniform(0.35, 0.9)
  const away = key.fork('distance').uniform(0.95, 1.25)
  const r = away * portable.cos(elevation)
  return camera({
    name,
    position: [r * portable.cos(azimuth), r * portable.sin(azimuth), away * portable.sin(elevation)],
    lookAt: [0, 0, 0.08],
    focalLength: 52,
  })
}

export const solidsOnFloor = defineWorld({
  name: 'solids-on-floor',
  description: 'Two or three solids on a floor in an HDR room',
  config: z.strictObject({
    rooms: z.array(z.string()).min(1).default(['studio']),
    strength: z.number().min(0).default(1),
  }),
  build({ key, config }) {
    const s = scene({ frames: 1, fps: 12 })
    s.add(
      hdri(key.fork('room').choice(config.rooms), { strength: config.strength, rotation: key.fork('turn').uniform(0, 2 * Math.PI) }),
      floor({ size: 12 }).material(preset('concrete', { seed: key.fork('grain').int(0, 999), size: 128 })),
    )
    for (const [i, k] of key.fork('cameras').times(CAMERAS).entries()) s.add(seat(k, `camera-${i}`))
    for (const k of key.fork('solids').times(key.fork('count').int(2, 3))) s.add(solid(k))
    return s
  },
})
