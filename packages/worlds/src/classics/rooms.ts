/**
 * Furnished rooms after SceneNet RGB-D (McCormac et al., "SceneNet RGB-D: Can 5M synthetic images beat generic ImageNet pre-training on indoor
 * segmentation?", 2017): a bedroom, living room, kitchen, office or bathroom whose loose things are dropped and settle under physics, filmed by a
 * camera that wanders in one corner. Everything is made from solids by code: beds, sofas, fitted kitchens, bathtubs, lamps, curtains, plants and forty other kinds.
 *
 * Shows: poses, the mesh of every surface, instance and semantic segmentation with parts, depth, normals, flow.
 * Cost: 60–110 objects, 16 frames of 256 × 256; a clip builds and settles in some seconds, a frame of 64 samples takes about five on one core.
 * Command: `diorama generate rooms --count 2 --config room=kitchen --out out/rooms`.
 */
import { z } from 'zod'
import { defineWorld } from '../world.ts'
import { furnished, ROOM_CONFIG } from './rooms/furnished.ts'

export const rooms = defineWorld({
  name: 'rooms',
  description: 'Furnished rooms after SceneNet: bedroom, living room, kitchen, office, bathroom; loose things settle under physics',
  config: z.strictObject(ROOM_CONFIG),
  build: ({ key, config }) => furnished(key, config, { height: [1.35, 1.65], focalLength: [20, 23.5] }),
})
