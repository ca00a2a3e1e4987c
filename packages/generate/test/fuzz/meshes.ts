/** Random triangles, sound and broken, as a scene holds them. */
import { type Key, type SceneInput, SHAPE_NAMES } from '@dioramic/scene'

type GeometryInput = NonNullable<SceneInput['geometries']>[string]
type MeshInput = Extract<GeometryInput, { type: 'mesh' }>
type Points = [number, number, number][]

/** Shapes of few triangles and one hull, which are made at once. */
const PLAIN = ['cube', 'sphere', 'plane', 'cone', 'cylinder'] as const

/** A geometry: half of the time a named shape, else triangles of one of the kinds below. */
export function randomGeometry(key: Key): GeometryInput {
  if (key.fork('shape?').uniform() < 0.5) {
    const plain = key.fork('plain').uniform() < 0.95
    return { type: 'shape', shape: key.fork('shape').choice(plain ? PLAIN : SHAPE_NAMES) }
  }
  const k = key.fork('mesh')
  const kinds = k.fork('refused?').uniform() < 0.05 ? REFUSED : KINDS
  const mesh = finish(k, kinds[k.fork('kind').choice(Object.keys(kinds))]!(k))
  return k.fork('deforms').uniform() < 0.2 ? withMorph(k, withSkin(k, mesh)) : mesh
}

interface Triangles {
  readonly points: Points
  readonly faces: readonly (readonly [number, number, number])[]
}

const cloud = (key: Key, n: number, size = 0.5): Points =>
  key.times(n).map(k => k.uniforms(3).map(u => (u * 2 - 1) * size) as [number, number, number])

const soupOf = (points: Points): Triangles => ({
  points,
  faces: Array.from({ length: Math.floor(points.length / 3) }, (_, i) => [3 * i, 3 * i + 1, 3 * i + 2] as const),
})

/** The box [−½, ½]³ scaled to `size`. */
function box([x, y, z]: readonly [number, number, number]): Triangles {
  const points: Points = Array.from({ length: 8 }, (_, i) => [((i & 1) - 0.5) * x, (((i >> 1) & 1) - 0.5) * y, ((i >> 2) - 0.5) * z])
  const quads = [
    [0, 2, 3, 1],
    [4, 5, 7, 6],
    [0, 1, 5, 4],
    [2, 6, 7, 3],
    [0, 4, 6, 2],
    [1, 3, 7, 5],
  ] as const
  return { points, faces: quads.flatMap(([a, b, c, d]) => [[a, b, c] as const, [a, c, d] as const]) }
}

const KINDS: Readonly<Record<string, (key: Key) => Triangles>> = {
  soup: key => soupOf(cloud(key.fork('points'), 3 * key.fork('n').int(1, 20))),
  /** Many triangles in one place: nothing to split. */
  stack: key => {
    const three = cloud(key.fork('points'), 3)
    return soupOf(Array.from({ length: key.fork('n').int(1, 40) }, () => three).flat())
  },
  /** Points, lines and slivers among a sound box. */
  degenerate: key => {
    const { points, faces } = box([1, 1, 1])
    const [a, b] = cloud(key.fork('points'), 2) as [Points[0], Points[0]]
    const third = key
      .fork('third')
      .choice<Points[0]>([a, b, [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2], [a[0] + 1e-7, a[1], a[2]]])
    return { points: [...points, a, b, third], faces: [...faces, [8, 9, 10], [8, 8, 8], [0, 1, 1], [9, 10, 8]] }
  },
  flat: key => soupOf(cloud(key.fork('points'), 3 * key.fork('n').int(1, 8)).map(([x, y]) => [x, y, 0])),
  blade: key => box([1, key.fork('y').uniform(0.001, 0.1), 10 ** key.fork('z').uniform(-6, -1)]),
  /** Open: a box without some faces. */
  open: key => {
    const { points, faces } = box([1, 1, 1])
    return { points, faces: faces.filter((_, i) => i === 0 || key.fork(i).uniform() < 0.6) }
  },
  inside: () => {
    const { points, faces } = box([1, 1, 1])
    return { points, faces: faces.map(([a, b, c]) => [a, c, b] as const) }
  },
  /** Far from its own origin. */
  away: key => {
    const { points, faces } = box([1, 1, 1])
    const by = 10 ** key.fork('by').uniform(2, 7)
    return { points: points.map(([x, y, z]) => [x + by, y, z]), faces }
  },
  vast: key => {
    const s = 10 ** key.fork('size').uniform(3, 15.5)
    return box([s, s, s])
  },
  tiny: key => {
    const s = 10 ** key.fork('size').uniform(-30, -4)
    return box([s, s, s])
  },
}

/** What no renderer can take. */
const REFUSED: typeof KINDS = {
  /** No area at all. */
  line: key => ({
    points: key.times(6).map(k => [k.uniform(), 0, 0]),
    faces: [
      [0, 1, 2],
      [3, 4, 5],
    ],
  }),
  /** Names vertices that are not there, or has numbers that are not numbers. */
  broken: key => {
    const { points, faces } = box([1, 1, 1])
    const bad = key.fork('bad').choice([Number.NaN, Number.POSITIVE_INFINITY, 1e39, -1e300])
    return key.fork('what').uniform() < 0.5 ? { points, faces: [...faces, [0, 1, 99]] } : { points: [...points, [bad, 0, 0]], faces }
  },
}

function finish(key: Key, { points, faces }: Triangles): MeshInput {
  const normals = key.fork('normals').choice(['none', 'none', 'some', 'zero', 'long', 'any'] as const)
  const uvs = key.fork('uvs').choice(['none', 'some', 'same', 'far'] as const)
  const normalOf = (k: Key): readonly number[] =>
    normals === 'zero' ? [0, 0, 0] : normals === 'long' ? [0, 0, 1e20] : normals === 'any' ? k.direction() : [0, 0, 1]
  const uvOf = (k: Key): readonly number[] => (uvs === 'same' ? [0.5, 0.5] : k.uniforms(2).map(u => u * (uvs === 'far' ? 1e9 : 1)))
  return {
    type: 'mesh',
    positions: points.flat(),
    indices: faces.flat(),
    ...(normals === 'none' ? {} : { normals: points.flatMap((_, i) => normalOf(key.fork('normal').fork(i))) }),
    ...(uvs === 'none' ? {} : { uvs: points.flatMap((_, i) => uvOf(key.fork('uv').fork(i))) }),
  }
}

/** Names that `randomPose` knows. */
export const JOINTS = ['root', 'tip'] as const
export const MORPHS = ['grow'] as const

function withSkin(key: Key, mesh: MeshInput): MeshInput {
  const vertices = mesh.positions.length / 3
  const weight = key
    .fork('weights')
    .times(vertices)
    .map(k => k.uniform())
  return {
    ...mesh,
    skin: {
      joints: [
        {
          name: JOINTS[0],
          scale: key.fork('scale').choice([
            [1, 1, 1],
            [0, 0, 0],
            [1, -1, 1],
            [1e-20, 1, 1],
          ]),
        },
        { name: JOINTS[1], parent: JOINTS[0], translation: [0, 0, key.fork('length').uniform(-1, 1)] },
      ],
      indices: weight.flatMap(() => [0, 1, 0, 0]),
      weights: weight.flatMap(w => [w, 1 - w, 0, 0]),
    },
  }
}

function withMorph(key: Key, mesh: MeshInput): MeshInput {
  const size = key.fork('morph').choice([0.2, 1, 1e6, 1e20])
  return {
    ...mesh,
    morphs: [{ name: MORPHS[0], positions: mesh.positions.map((_, i) => (key.fork('move').fork(i).uniform() - 0.5) * size) }],
  }
}
