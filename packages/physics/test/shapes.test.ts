// Every shape comes to rest, measured on its visual mesh.
import { NO_ASSETS, quat, resolveScene, sceneSchema, type Vec3, vec3 } from '@dioramic/scene'
import { expect, test } from 'vitest'
import { initPhysics } from '../src/physics.ts'

const SHAPES = ['cone', 'cube', 'cylinder', 'gear', 'monkey', 'quadruped', 'sphere', 'sponge', 'teapot', 'torus', 'torus-knot'] as const

test.each(SHAPES)('a %s of 0.1 and 0.3 m lies still within 1 mm or 0.5 per cent of the floor after six seconds', async shape => {
  const physics = await initPhysics()
  for (const size of [0.1, 0.3]) {
    const turned = [[0, 0, 0, 1] as const, quat.normalize([0.3, 0.2, 0.1, 0.9])]
    const scene = sceneSchema.parse({
      frames: 71,
      fps: 12,
      cameras: [{ position: [0, 0, 1], rotation: [0, 0, 0, 1] }],
      geometries: { floor: { type: 'shape', shape: 'plane' }, it: { type: 'shape', shape } },
      objects: [
        { id: 1, name: 'floor', geometry: 'floor', scale: [4, 4, 1], body: { type: 'static' } },
        ...turned.map((rotation, i) => ({
          id: 2 + i,
          name: `it-${i}`,
          geometry: 'it',
          scale: [size, size, size],
          position: [1.2 * i - 0.6, 0, 0.6 * size + 0.02],
          rotation: [...rotation],
          body: { type: 'dynamic' },
        })),
      ],
    })
    const resolved = resolveScene(scene, NO_ASSETS)
    const motion = physics.simulate(resolved)
    for (const id of [2, 3]) {
      const { position, rotation } = motion.pose(id, motion.end)
      const p = resolved.objects[id - 1]!.mesh.positions
      let lowest = Number.POSITIVE_INFINITY
      for (let v = 0; v < p.length; v += 3) {
        const corner: Vec3 = [size * p[v]!, size * p[v + 1]!, size * p[v + 2]!]
        lowest = Math.min(lowest, position[2] + quat.rotate(rotation, corner)[2])
      }
      expect(Math.abs(lowest), `gap of object ${id}, size ${size}`).toBeLessThanOrEqual(Math.max(1e-3, 0.005 * size))
      const { linear, angular } = motion.velocity(id, motion.end)
      expect(vec3.length(linear) + vec3.length(angular) * size * 0.5, `speed of object ${id}, size ${size}`).toBeLessThan(1e-3)
    }
  }
})
