/**
 * A conveyor belt that carries mixed parts past a camera: what sorters and trackers see. The belt is a body that moves, and carries by friction alone.
 *
 * Shows: tracking ids, poses and velocities, flow, contacts.
 * Cost: 6–12 parts, 20 frames of 256 × 256.
 * Command: `diorama generate conveyor --count 2 --labels kubric,velocity,tracks --out out/conveyor`.
 */
import { z } from 'zod'
import { hdri } from '../builder/environment.ts'
import { material } from '../builder/material.ts'
import { preset } from '../builder/preset.ts'
import { scene } from '../builder/scene.ts'
import { asset, floor } from '../builder/shapes.ts'
import { boxBetween } from '../solids/box.ts'
import { Model } from '../solids/model.ts'
import { cylinder } from '../solids/round.ts'
import { camera } from '../toolkit/cameras.ts'
import { areaLight } from '../toolkit/lights.ts'
import { region } from '../toolkit/region.ts'
import { defineWorld } from '../world.ts'
import { PARTS, part } from './parts.ts'

const FRAMES = 20
const FPS = 10
const HEIGHT = 0.8
/** Width of the belt and half the length of its frame, metres. */
const WIDTH = 0.4
const HALF = 1

export const conveyor = defineWorld({
  name: 'conveyor',
  description: 'A conveyor belt that carries mixed parts past a camera, by friction; parts of --assets, else made by code',
  config: z.strictObject({
    count: z.number().int().min(1).max(30).default(9).describe('parts on the belt'),
    speed: z.number().min(0).max(1).default(0.2).describe('m/s of the belt'),
  }),
  build({ key, config, assets }) {
    const ids = [...assets.objects.keys()].sort()
    const s = scene({ frames: FRAMES, fps: FPS, ...(ids.length > 0 ? {} : { categories: ['floor', 'belt', 'frame', ...PARTS] }) })
    const [start, end] = [-1 / FPS, FRAMES / FPS]
    const travel = config.speed * (end - start)
    const rubber = material({ baseColor: [0.028, 0.03, 0.031], roughness: 0.65 }, 'belt')
    // Long enough that neither of its ends comes into the frame.
    const belt = new Model().add(
      'rubber',
      rubber,
      boxBetween([-HALF - travel, -WIDTH / 2, HEIGHT - 0.01], [HALF, WIDTH / 2, HEIGHT], 0.001),
    )
    for (let x = -HALF - travel + 0.1; x < HALF - 0.05; x += 0.25)
      belt.add(
        'marks',
        material({ baseColor: [0.35, 0.33, 0.05], roughness: 0.6 }, 'marks'),
        boxBetween([x, -WIDTH / 2 + 0.005, HEIGHT - 0.002], [x + 0.02, -WIDTH / 2 + 0.03, HEIGHT + 0.0002], 0).intangible(),
      )
    const aluminium = preset('aluminium')
    const dark = material({ baseColor: [0.05, 0.05, 0.055], roughness: 0.5 }, 'legs')
    const frame = new Model()
    for (const side of [-1, 1]) {
      const y = side * (WIDTH / 2 + 0.02)
      frame.add('rails', aluminium, boxBetween([-HALF, y - 0.015, HEIGHT - 0.09], [HALF, y + 0.015, HEIGHT + 0.035], 0.004))
      for (const x of [-HALF + 0.2, HALF - 0.2])
        frame.add('legs', dark, boxBetween([x - 0.025, y - 0.02, 0], [x + 0.025, y + 0.02, HEIGHT - 0.09], 0.004))
    }
    for (let x = -HALF + 0.05; x < HALF; x += 0.15)
      frame.add(
        'rollers',
        aluminium,
        cylinder(0.025, WIDTH - 0.005, { segments: 20 })
          .turned([1, 0, 0], Math.PI / 2)
          .at([x, WIDTH / 2, HEIGHT - 0.04])
          .intangible(),
      )
    s.add(
      floor({ size: 12 }).material(preset('concrete', { seed: key.fork('floor').int(0, 3) })),
      frame.draft('frame').asBackground().fixed(),
    )
    s.add(
      belt
        .draft('belt')
        .asBackground()
        .along(
          [
            [start, [0, 0, 0]],
            [end, [travel, 0, 0]],
          ],
          'pushes',
        ),
    )
    s.add(hdri('warehouse', { strength: 0.6, rotation: key.fork('around').uniform(0, 2 * Math.PI) }))
    s.add(areaLight({ position: [key.fork('lx').uniform(-0.5, 0.5), 0.2, 2.4], lookAt: [0, 0, HEIGHT], size: [1.2, 0.3], power: 30 }))
    // Where the parts are when the clip begins, so that most of them cross the picture.
    const place = region([-0.45 - travel / 2, -WIDTH / 2 + 0.04, HEIGHT + 0.004], [0.25, WIDTH / 2 - 0.04, HEIGHT + 0.25])
    for (const k of key.fork('parts').times(config.count)) {
      const draft = ids.length > 0 ? asset(k.fork('asset').choice(ids), k) : part(k.fork('kind').choice(PARTS), k)
      s.add(draft.dropFrom(place, { key: k, optional: true }).dynamic({ density: 2700, friction: 0.7, restitution: 0.05 }))
    }
    s.add(
      camera({
        position: [key.fork('x').uniform(-0.15, 0.15), -0.75, HEIGHT + key.fork('z').uniform(0.55, 0.75)],
        lookAt: [0, 0, HEIGHT],
        focalLength: 38,
      }),
    )
    return s.settle({ seconds: 12, damping: 8 }).tag({ speed: config.speed })
  },
})
