/**
 * Bin picking: a heap of like parts in a bin, seen from above by a calibrated stereo pair, as pose estimators are trained and judged on (Hodaň et al., "BOP:
 * benchmark for 6D object pose estimation", 2018). Parts come from `--assets`, else are made by code.
 *
 * Shows: poses in the camera's frame (`pose-camera`), visible and amodal masks, visible fractions, depth, disparity.
 * Cost: 10–20 parts, one frame of 640 × 480 from two cameras; a heap settles in a few seconds.
 * Command: `diorama generate bin-picking --count 4 --labels kubric,bop,disparity --format folder,bop --out out/bin`.
 */
import { portable, type Vec3 } from '@dioramic/scene'
import { z } from 'zod'
import { hdri } from '../builder/environment.ts'
import { material } from '../builder/material.ts'
import { preset } from '../builder/preset.ts'
import { scene } from '../builder/scene.ts'
import { asset, floor } from '../builder/shapes.ts'
import { boxBetween } from '../solids/box.ts'
import { Model } from '../solids/model.ts'
import { camera, stereoRig } from '../toolkit/cameras.ts'
import { srgb } from '../toolkit/colors.ts'
import { ordered } from '../toolkit/fields.ts'
import { areaLight } from '../toolkit/lights.ts'
import { region } from '../toolkit/region.ts'
import { defineWorld } from '../world.ts'
import { PARTS, part } from './parts.ts'

/** Inside of the bin, metres. */
const BIN = { width: 0.36, depth: 0.26, height: 0.12, wall: 0.006 } as const

export const binPicking = defineWorld({
  name: 'bin-picking',
  description:
    'A heap of like parts in a bin before a stereo pair: parts of --assets, else bolts, nuts, brackets, shafts, elbows, housings',
  config: z
    .strictObject({
      part: z
        .enum(['any', ...PARTS])
        .default('any')
        .describe('which part, without --assets; any draws one kind a clip'),
      minCount: z.number().int().min(1).max(40).default(10).describe('fewest parts'),
      maxCount: z.number().int().min(1).max(40).default(18).describe('most parts'),
      baseline: z.number().min(0.01).max(0.5).default(0.1).describe('metres between the cameras'),
    })
    .check(ordered(['minCount', 'maxCount'])),
  build({ key, config, assets }) {
    const ids = [...assets.objects.keys()].sort()
    const s = scene({ frames: 1, fps: 10, ...(ids.length > 0 ? {} : { categories: ['floor', 'bin', ...PARTS] }) })
    const { width: w, depth: d, height: h, wall: t } = BIN
    const plastic = material(
      {
        baseColor: [...srgb(key.fork('bin').choice(['#2a4d7a', '#6b6e70', '#8a2f26', '#3a3f42', '#b9b4a8'] as const))],
        roughness: 0.5,
        ior: 1.5,
      },
      'bin',
    )
    const bin = new Model().add(
      'walls',
      plastic,
      boxBetween([-w / 2 - t, -d / 2 - t, 0], [w / 2 + t, d / 2 + t, t], 0.001),
      boxBetween([-w / 2 - t, -d / 2 - t, 0], [-w / 2, d / 2 + t, h], 0.002),
      boxBetween([w / 2, -d / 2 - t, 0], [w / 2 + t, d / 2 + t, h], 0.002),
      boxBetween([-w / 2 - t, -d / 2 - t, 0], [w / 2 + t, -d / 2, h], 0.002),
      boxBetween([-w / 2 - t, d / 2, 0], [w / 2 + t, d / 2 + t, h], 0.002),
      boxBetween([-w / 2 - 0.02, -d / 2 - 0.02, h - 0.008], [-w / 2, d / 2 + 0.02, h], 0.002),
      boxBetween([w / 2, -d / 2 - 0.02, h - 0.008], [w / 2 + 0.02, d / 2 + 0.02, h], 0.002),
    )
    s.add(
      floor({ size: 6 }).material(
        preset(key.fork('bench').choice(['concrete', 'oak', 'wood-planks'] as const), { seed: key.fork('grain').int(0, 3) }),
      ),
    )
    s.add(bin.draft('bin').fixed({ friction: 0.4, restitution: 0.05 }))
    s.add(hdri('workshop', { strength: 0.5, rotation: key.fork('around').uniform(0, 2 * Math.PI) }))
    s.add(
      areaLight({
        position: [key.fork('lx').uniform(-0.7, 0.7), key.fork('ly').uniform(-0.6, 0.6), 1.6],
        size: [0.6, 0.3],
        power: key.fork('power').uniform(6, 12),
      }),
    )
    const kind = config.part === 'any' ? key.fork('kind').choice(PARTS) : config.part
    const count = key.fork('count').int(config.minCount, config.maxCount)
    const id = ids.length > 0 ? key.fork('asset').choice(ids) : null
    const body = { density: 2700, friction: 0.45, restitution: 0.05 }
    // They fall in one after another from a column as wide as the bin.
    const column = region([-w / 2 + 0.02, -d / 2 + 0.02, h], [w / 2 - 0.02, d / 2 - 0.02, h + (id ? 1.6 : 0.55)])
    for (const k of key.fork('parts').times(count)) {
      // Like parts: all are drawn from one key and fall each their own way.
      const draft = id ? asset(id, k) : part(kind, key.fork('shape'))
      s.add(draft.dropFrom(column, { key: k, optional: true }).dynamic(body))
    }
    const tilt = key.fork('tilt').uniform(0, 0.35)
    const around = key.fork('seat').uniform(0, 2 * Math.PI)
    const r = key.fork('distance').uniform(0.62, 0.75)
    const eye: Vec3 = [
      r * portable.sin(tilt) * portable.cos(around),
      r * portable.sin(tilt) * portable.sin(around),
      0.03 + r * portable.cos(tilt),
    ]
    const left = camera({ position: eye, lookAt: [0, 0, 0.03], focalLength: 36, resolution: [640, 480] })
    s.add(stereoRig(left, config.baseline))
    // Elbows rock on each other, by less than a millimetre in a tenth of a second; the clip is one frame.
    return s.settle({ seconds: 12, friction: body.friction, damping: 8, unrest: 'stop' }).tag({ part: id ?? kind, count, bin: [w, d, h] })
  },
})
