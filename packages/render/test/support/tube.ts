/** A tube along +Z on a chain of joints: the simplest body that bends. */
import type { SceneInput } from '@dioramic/scene'

export type MeshInput = Extract<NonNullable<SceneInput['geometries']>[string], { type: 'mesh' }>

/**
 * Radius `radius`, from z = 0 to z = 1, `rings` × `sides` quads and two lids, on `joints` joints `j0`, `j1`, … at equal heights, each the parent of the next. A
 * vertex between two joints follows both, by its height.
 */
export function tube(rings: number, sides: number, joints: number, radius = 0.15): MeshInput {
  const positions: number[] = []
  const normals: number[] = []
  const uvs: number[] = []
  const indices: number[] = []
  const heights: number[] = []
  const add = (p: readonly number[], n: readonly number[], uv: readonly number[]) => {
    positions.push(...p)
    normals.push(...n)
    uvs.push(...uv)
    heights.push(p[2]!)
    return heights.length - 1
  }
  const around = (i: number) => [Math.cos((2 * Math.PI * i) / sides), Math.sin((2 * Math.PI * i) / sides)] as const
  for (let j = 0; j <= rings; j++) {
    for (let i = 0; i <= sides; i++) {
      const [c, s] = around(i)
      add([radius * c, radius * s, j / rings], [c, s, 0], [i / sides, j / rings])
      if (i === sides || j === rings) continue
      const a = j * (sides + 1) + i
      indices.push(a, a + 1, a + sides + 2, a, a + sides + 2, a + sides + 1)
    }
  }
  for (const z of [0, 1]) {
    const n = [0, 0, 2 * z - 1]
    const middle = add([0, 0, z], n, [0.5, z])
    const rim = Array.from({ length: sides }, (_, i) => add([radius * around(i)[0], radius * around(i)[1], z], n, [i / sides, z]))
    rim.forEach((a, i) => {
      const b = rim[(i + 1) % sides]!
      indices.push(middle, z ? a : b, z ? b : a)
    })
  }
  const weights: number[] = []
  const links: number[] = []
  for (const z of heights) {
    const at = Math.min(z * joints, joints - 1)
    const j = Math.min(Math.floor(at), Math.max(0, joints - 2))
    const w = joints === 1 ? 0 : at - j
    links.push(j, Math.min(j + 1, joints - 1), 0, 0)
    weights.push(1 - w, w, 0, 0)
  }
  return {
    type: 'mesh',
    positions,
    normals,
    uvs,
    indices,
    skin: {
      joints: Array.from({ length: joints }, (_, j) => ({
        name: `j${j}`,
        ...(j === 0 ? {} : { parent: `j${j - 1}` }),
        translation: [0, 0, j === 0 ? 0 : 1 / joints] as [number, number, number],
      })),
      indices: links,
      weights,
    },
  }
}

/** A turn about +X. */
export const turnX = (angle: number): [number, number, number, number] => [Math.sin(angle / 2), 0, 0, Math.cos(angle / 2)]
