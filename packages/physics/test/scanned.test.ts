// Scanned objects and a ball in a pan at rest, measured on what is seen: exact distances to the visual meshes' own triangles.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Mesh, quat, resolveScene, type SceneInput, sceneSchema, type Vec3, vec3 } from '@dioramic/scene'
import { expect, test } from 'vitest'
import { initPhysics } from '../src/physics.ts'

const MANIFEST = fileURLToPath(new URL('../../../../shared/assets/manifest.json', import.meta.url))

/** Distance of a point to a triangle (Ericson, Real-Time Collision Detection, 5.1.5, by projection and edges). */
function toTriangle(p: Vec3, a: Vec3, b: Vec3, c: Vec3): number {
  const n = vec3.cross(vec3.sub(b, a), vec3.sub(c, a))
  const l = vec3.length(n)
  const sides = [
    [a, b],
    [b, c],
    [c, a],
  ] as const
  if (l > 0 && sides.every(([u, v]) => vec3.dot(vec3.cross(vec3.sub(v, u), vec3.sub(p, u)), n) >= 0))
    return Math.abs(vec3.dot(vec3.sub(p, a), n)) / l
  return Math.min(
    ...sides.map(([u, v]) => {
      const d = vec3.sub(v, u)
      const t = vec3.dot(vec3.sub(p, u), d) / vec3.dot(d, d)
      return vec3.distance(p, vec3.lerp(u, v, Math.min(1, Math.max(0, t || 0))))
    }),
  )
}

const vertex = ({ positions: p }: Mesh, i: number): Vec3 => [p[3 * i]!, p[3 * i + 1]!, p[3 * i + 2]!]

test.skipIf(!existsSync(MANIFEST))(
  'eight scanned objects and a ball in the pan rest within 1 mm or 0.5 % of their size of what they rest on (skipped without ../shared/assets)',
  async () => {
    const { loadAssets } = await import('@dioramic/scene/node')
    const { assets } = await loadAssets(MANIFEST)
    const ids = [...assets.objects.keys()]
    expect(ids).toHaveLength(8)
    const lowest = (mesh: Mesh) => Math.min(...Array.from({ length: mesh.positions.length / 3 }, (_, i) => mesh.positions[3 * i + 2]!))
    const place = (i: number): [number, number] => [0.45 * (i % 3) - 0.45, 0.45 * Math.floor(i / 3) - 0.45]
    const pan = ids.indexOf('chefmate_8_frypan')
    const [panX, panY] = place(pan)
    const input: SceneInput = {
      frames: 71,
      fps: 12,
      cameras: [{ position: [0, 0, 1], rotation: [0, 0, 0, 1] }],
      geometries: {
        floor: { type: 'shape', shape: 'plane' },
        ball: { type: 'shape', shape: 'sphere' },
        ...Object.fromEntries(ids.map(id => [id, { type: 'asset' as const, asset: id }])),
      },
      objects: [
        { id: 1, name: 'table', geometry: 'floor', scale: [4, 4, 1], body: { type: 'static' } },
        ...ids.map((id, i) => ({
          id: i + 2,
          name: id,
          geometry: id,
          position: [...place(i), 0.01 - lowest(assets.objects.get(id)!.mesh)] as [number, number, number],
          body: { type: 'dynamic' as const, density: 500 },
        })),
        {
          id: 100,
          name: 'ball',
          geometry: 'ball',
          scale: [0.04, 0.04, 0.04],
          position: [panX + 0.01, panY + 0.01, 0.14],
          body: { type: 'dynamic' },
        },
      ],
    }
    const resolved = resolveScene(sceneSchema.parse(input), assets)
    const motion = (await initPhysics()).simulate(resolved)
    for (const [i, id] of ids.entries()) {
      const { mesh } = assets.objects.get(id)!
      const { position, rotation } = motion.pose(i + 2, motion.end)
      const zs: number[] = []
      let size = 0
      for (let v = 0; 3 * v < mesh.positions.length; v++) {
        const p = vertex(mesh, v)
        size = Math.max(size, 2 * Math.max(...p.map(Math.abs)))
        zs.push(position[2] + quat.rotate(rotation, p)[2])
      }
      // The nearest point of a mesh to a plane is a vertex. Half of the farthest extent stands for the size: stricter than the bounds.
      const gap = zs.reduce((a, b) => Math.min(a, b))
      expect(Math.abs(gap), `${id} on the table, mm: ${(1000 * gap).toFixed(2)}`).toBeLessThanOrEqual(Math.max(1e-3, 0.0025 * size))
      const { linear, angular } = motion.velocity(i + 2, motion.end)
      expect(vec3.length(linear) + (vec3.length(angular) * size) / 2, `${id} moves`).toBeLessThan(1e-3)
    }
    const { mesh } = assets.objects.get('chefmate_8_frypan')!
    const pose = motion.pose(pan + 2, motion.end)
    const centre = quat.rotate(quat.conjugate(pose.rotation), vec3.sub(motion.pose(100, motion.end).position, pose.position))
    let distance = Number.POSITIVE_INFINITY
    for (let t = 0; t < mesh.indices.length; t += 3) {
      const [a, b, c] = [0, 1, 2].map(k => vertex(mesh, mesh.indices[t + k]!)) as [Vec3, Vec3, Vec3]
      distance = Math.min(distance, toTriangle(centre, a, b, c))
    }
    const gap = distance - 0.02
    expect(Math.hypot(centre[0], centre[1]), 'the ball is in the pan').toBeLessThan(0.1)
    expect(Math.abs(gap), `ball in the pan, mm: ${(1000 * gap).toFixed(2)}`).toBeLessThanOrEqual(1e-3)
    expect(vec3.length(motion.velocity(100, motion.end).linear)).toBeLessThan(1e-3)
  },
  180_000,
)
