/** Small scenes by hand, for tests: no files, no physics. */
import type { Motion } from '@dioramic/physics'
import {
  type HdrImage,
  type Image,
  type Mesh,
  numberAt,
  quatAt,
  type ResolvedScene,
  type SceneInput,
  sceneSchema,
  vec3At,
} from '@dioramic/scene'

void numberAt
/** Poses from keyframes only. */
export function keyframeMotion(resolved: ResolvedScene): Motion {
  const byId = new Map(resolved.scene.objects.map(o => [o.id, o]))
  return {
    start: -1 / resolved.scene.fps,
    end: resolved.scene.frames / resolved.scene.fps,
    pose: (id, t) => ({ position: vec3At(byId.get(id)!.position, t), rotation: quatAt(byId.get(id)!.rotation, t) }),
    velocity: () => ({ linear: [0, 0, 0], angular: [0, 0, 0] }),
    body: () => undefined,
    contacts: [],
  }
}

/** Sphere of radius 1 by subdividing an icosahedron `levels` times; smooth normals. */
export function icosphere(levels: number, smooth = true): Mesh {
  const g = (1 + Math.sqrt(5)) / 2
  let points: number[][] = [
    [-1, g, 0],
    [1, g, 0],
    [-1, -g, 0],
    [1, -g, 0],
    [0, -1, g],
    [0, 1, g],
    [0, -1, -g],
    [0, 1, -g],
    [g, 0, -1],
    [g, 0, 1],
    [-g, 0, -1],
    [-g, 0, 1],
  ]
  let faces = [
    [0, 11, 5],
    [0, 5, 1],
    [0, 1, 7],
    [0, 7, 10],
    [0, 10, 11],
    [1, 5, 9],
    [5, 11, 4],
    [11, 10, 2],
    [10, 7, 6],
    [7, 1, 8],
    [3, 9, 4],
    [3, 4, 2],
    [3, 2, 6],
    [3, 6, 8],
    [3, 8, 9],
    [4, 9, 5],
    [2, 4, 11],
    [6, 2, 10],
    [8, 6, 7],
    [9, 8, 1],
  ]
  const unit = (p: number[]) => {
    const l = Math.sqrt(p[0]! * p[0]! + p[1]! * p[1]! + p[2]! * p[2]!)
    return p.map(x => x / l)
  }
  points = points.map(unit)
  for (let i = 0; i < levels; i++) {
    const middle = new Map<string, number>()
    const mid = (a: number, b: number) => {
      const key = a < b ? `${a},${b}` : `${b},${a}`
      let m = middle.get(key)
      if (m === undefined) {
        m = points.push(unit([0, 1, 2].map(k => points[a]![k]! + points[b]![k]!))) - 1
        middle.set(key, m)
      }
      return m
    }
    faces = faces.flatMap(([a, b, c]) => {
      const ab = mid(a!, b!)
      const bc = mid(b!, c!)
      const ca = mid(c!, a!)
      return [
        [a!, ab, ca],
        [b!, bc, ab],
        [c!, ca, bc],
        [ab, bc, ca],
      ]
    })
  }
  const positions = Float32Array.from(points.flat())
  return {
    positions,
    indices: Uint32Array.from(faces.flat()),
    normals: smooth ? positions.slice() : null,
    uvs: Float32Array.from(points.flatMap(p => [p[0]! * 0.5 + 0.5, p[2]! * 0.5 + 0.5])),
    parts: [{ firstTriangle: 0, triangles: faces.length, material: null }],
  }
}

/** The square [−½, ½]² at z = 0, facing +Z. */
export function square(): Mesh {
  return {
    positions: Float32Array.from([-0.5, -0.5, 0, 0.5, -0.5, 0, 0.5, 0.5, 0, -0.5, 0.5, 0]),
    indices: Uint32Array.from([0, 1, 2, 0, 2, 3]),
    normals: null,
    uvs: Float32Array.from([0, 0, 1, 0, 1, 1, 0, 1]),
    parts: [{ firstTriangle: 0, triangles: 2, material: null }],
  }
}

/** The cube [−½, ½]³, flat faces, each with the whole unit square of uv. */
export function cube(): Mesh {
  const positions: number[] = []
  const indices: number[] = []
  const uvs: number[] = []
  for (let axis = 0; axis < 3; axis++) {
    for (const s of [-1, 1]) {
      const base = positions.length / 3
      for (const [a, b] of [
        [-1, -1],
        [1, -1],
        [1, 1],
        [-1, 1],
      ] as const) {
        const p = [0, 0, 0]
        p[axis] = s * 0.5
        p[(axis + 1) % 3] = a * 0.5
        p[(axis + 2) % 3] = b * 0.5
        positions.push(...p)
        uvs.push(a / 2 + 0.5, b / 2 + 0.5)
      }
      indices.push(...(s > 0 ? [0, 1, 2, 0, 2, 3] : [0, 2, 1, 0, 3, 2]).map(i => base + i))
    }
  }
  return {
    positions: Float32Array.from(positions),
    indices: Uint32Array.from(indices),
    normals: null,
    uvs: Float32Array.from(uvs),
    parts: [{ firstTriangle: 0, triangles: 12, material: null }],
  }
}

export const constantEnvironment = (color: readonly [number, number, number], width = 8): HdrImage => ({
  width,
  height: width / 2,
  data: Float32Array.from({ length: (width * width * 3) / 2 }, (_, i) => color[i % 3]!),
})

/** A resolved scene from a scene whose geometries are named after the meshes given. */
export function resolveByHand(
  input: SceneInput,
  meshes: Readonly<Record<string, Mesh>>,
  environment: ResolvedScene['environment'] = null,
  images: ReadonlyMap<string, Image> = new Map(),
): ResolvedScene {
  const geometries = Object.fromEntries(Object.keys(meshes).map(k => [k, { type: 'shape' as const, shape: 'cube' as const }]))
  const textures = Object.fromEntries([...images.keys()].map(k => [k, { type: 'procedural' as const, generator: 'test' }]))
  const scene = sceneSchema.parse({ ...input, geometries, textures })
  return {
    scene,
    environment,
    images,
    objects: scene.objects.map((o, index) => {
      const mesh = meshes[o.geometry]!
      const names = o.material === undefined ? [] : [o.material].flat()
      return {
        index,
        meshKey: o.geometry,
        mesh,
        hulls: [],
        materials: mesh.parts.map((_, i) => scene.materials[names[i] ?? names[0]!]!),
        bounds: { min: [-1, -1, -1] as const, max: [1, 1, 1] as const },
      }
    }),
  }
}
