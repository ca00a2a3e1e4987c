/** A still life in which every label has something to say: glass, metal, a glowing ball, soft shadows, things that fall, two eyes. Pictures of docs/labels.md. */
import { areaLight, camera, defineWorld, floor, preset, scene, shape, sky, stereoRig } from '@dioramic/worlds'
import { z } from 'zod'

export default defineWorld({
  config: z.object({}),
  build({ key }) {
    const s = scene({ frames: 6, fps: 12, categories: ['floor', 'cube', 'sphere', 'gear', 'monkey', 'teapot', 'torus', 'lamp'] })
    const bounce = { density: 800, restitution: 0.5 }
    s.add(
      sky({ elevation: 0.5, strength: 0.2 }),
      areaLight({ position: [1.2, -1.2, 2.4], lookAt: [0, 0, 0.2], size: [0.5, 0.5], power: 90 }),
      floor({ size: 12 }).material(preset('parquet')),
      shape('sphere')
        .category('lamp')
        .scaled(0.26)
        .at([0.62, 0.5, 0.13])
        .material({ baseColor: [0.1, 0.1, 0.1], emission: [4, 2.2, 1] })
        .fixed(),
      shape('cube').scaled([0.34, 0.34, 0.42]).rotated([0, 0, 1], 0.5).at([-0.05, 0.45, 0.21]).material(preset('terracotta')).fixed(),
      shape('gear').scaled(0.36).rotated([1, 0, 0], 1.2).at([-0.55, 0.25, 0.24]).material(preset('brass')).fixed(),
      shape('sphere').scaled(0.3).at([0.3, -0.28, 0.15]).material({ transmission: 1, roughness: 0, ior: 1.5 }).fixed(),
      shape('teapot', key.fork('teapot'))
        .scaled(0.36)
        .at([-0.28, -0.2, 0.5])
        .material(preset('porcelain', { color: [0.1, 0.3, 0.6] }))
        .dynamic(bounce)
        .withVelocity([0.4, 0.1, 0]),
      shape('monkey', key.fork('monkey'))
        .scaled(0.34)
        .rotated([1, 0, 0], 1.2)
        .at([0.18, 0.02, 0.62])
        .material({ baseColor: [0.6, 0.15, 0.1], roughness: 0.3 })
        .dynamic(bounce)
        .withVelocity([-0.5, -0.2, -1]),
      shape('torus', key.fork('torus'))
        .scaled(0.3)
        .rotated([1, 0, 0], 0.8)
        .at([0.52, 0.1, 0.55])
        .material(preset('plastic-glossy', { color: [0.2, 0.5, 0.1] }))
        .dynamic(bounce)
        .withVelocity([0, -0.6, -0.5]),
      ...stereoRig(camera({ position: [0.25, -2, 1.05], lookAt: [0.02, 0, 0.22], focalLength: 48 }), 0.12),
    )
    return s
  },
})
