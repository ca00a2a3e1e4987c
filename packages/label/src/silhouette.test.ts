/** The skipping of vertex clusters must never change the box: clumps of triangles of many sizes, near and far, against every vertex. */
import type { CameraState, Mesh } from '@dioramic/scene'
import { Key } from '@dioramic/scene'
import { expect } from 'vitest'
import { fc, test } from '../test/kit/property.ts'
import { silhouette } from './silhouette.ts'

const camera: CameraState = {
  width: 64,
  height: 48,
  fx: 80,
  fy: 80,
  cx: 32,
  cy: 24,
  position: [0, 0, 0],
  rotation: [0, 0, 0, 1],
  aperture: 0,
  focusDistance: 1,
}

/** Clumps of 22 triangles: about a cluster each, so that bounding balls are tight. */
function clumps(seed: number): Mesh {
  const key = Key.fromSeed(seed)
  const positions: number[] = []
  key.times(30).forEach(clump => {
    const range = (name: string, low: number, high: number) => low + (high - low) * clump.fork(name).uniform()
    const [x, y, z, r] = [range('x', -2, 2), range('y', -2, 2), range('z', -3, -0.3), range('r', 0.01, 0.25)]
    clump
      .fork('points')
      .times(66)
      .forEach(point => {
        positions.push(...[x, y, z].map((c, a) => c + r * (2 * point.fork(`${a}`).uniform() - 1)))
      })
  })
  const count = positions.length / 3
  return {
    positions: Float32Array.from(positions),
    indices: Uint32Array.from({ length: count }, (_, i) => i),
    normals: null,
    uvs: null,
    parts: [],
  }
}

test.prop(
  'the box is that of all vertices',
  fc.integer({ min: 0, max: 1e6 }),
  seed => {
    const mesh = clumps(seed)
    // Stretched along x, so that balls in the camera's frame need the largest stretch.
    const view = Float64Array.from([4, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0])
    const slopes: number[][] = [[], []]
    for (let i = 0; i < mesh.positions.length; i += 3) {
      slopes[0].push((4 * mesh.positions[i]) / -mesh.positions[i + 2])
      slopes[1].push(mesh.positions[i + 1] / -mesh.positions[i + 2])
    }
    const [[l, r], [b, t]] = slopes.map(s => [Math.min(...s), Math.max(...s)])
    const found = silhouette(camera, view, mesh)!
    expect(found.cut).toBe(false)
    ;[32 + 80 * l, 24 - 80 * t, 32 + 80 * r, 24 - 80 * b].forEach((x, k) => {
      expect(Math.abs(found.box[k] - x)).toBeLessThan(1e-9 * (1 + Math.abs(x)))
    })
  },
  150,
)
