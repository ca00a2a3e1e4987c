/** Resolved scenes for tests, made here so that they need nothing but the schema: boxes, balls and hulls given by their points. */
import { type Geometry, type Mesh, type ResolvedObject, type ResolvedScene, type SceneInput, sceneSchema } from '@dioramic/scene'

const EMPTY: Mesh = { positions: new Float32Array(), indices: new Uint32Array(), normals: null, uvs: null, parts: [] }
const shape = (name: string): Geometry => ({ type: 'shape', shape: name as 'cube' })

export interface TestGeometry {
  readonly geometry: Geometry
  readonly hulls: readonly Float32Array[]
  readonly mesh?: Mesh
  readonly bounds?: ResolvedObject['bounds']
}

const unit = (name: string): TestGeometry => ({
  geometry: shape(name),
  hulls: [],
  bounds: { min: [-0.5, -0.5, -0.5], max: [0.5, 0.5, 0.5] },
})

export const GEOMETRIES: Record<string, TestGeometry> = {
  cube: unit('cube'),
  sphere: { ...unit('sphere'), hulls: [ballPoints(0.5, 12)] },
  cylinder: unit('cylinder'),
  cone: { ...unit('cone'), bounds: { min: [-0.5, -0.5, -0.25], max: [0.5, 0.5, 0.75] } },
  plane: { ...unit('plane'), bounds: { min: [-0.5, -0.5, 0], max: [0.5, 0.5, 0] } },
}

/** Points on a sphere, by rings. */
export function ballPoints(radius: number, rings: number): Float32Array {
  const out: number[] = []
  for (let i = 0; i <= rings; i++) {
    const theta = (Math.PI * i) / rings
    const n = i === 0 || i === rings ? 1 : 2 * rings
    for (let j = 0; j < n; j++) {
      const phi = (2 * Math.PI * j) / n
      out.push(radius * Math.sin(theta) * Math.cos(phi), radius * Math.sin(theta) * Math.sin(phi), radius * Math.cos(theta))
    }
  }
  return new Float32Array(out)
}

/** Corners of a box. */
export function boxPoints(x: number, y: number, z: number, at: readonly number[] = [0, 0, 0]): Float32Array {
  const out: number[] = []
  for (const a of [-1, 1]) for (const b of [-1, 1]) for (const c of [-1, 1]) out.push(a * x + at[0]!, b * y + at[1]!, c * z + at[2]!)
  return new Float32Array(out)
}

type Partial<T> = { [K in keyof T]?: T[K] }

/** A resolved scene of `objects`, whose geometries are names of `GEOMETRIES` or of `extra`. */
export function testScene(input: Partial<Omit<SceneInput, 'geometries'>>, extra: Record<string, TestGeometry> = {}): ResolvedScene {
  const known = { ...GEOMETRIES, ...extra }
  const scene = sceneSchema.parse({
    cameras: [{ position: [0, 0, 1], rotation: [0, 0, 0, 1] }],
    ...input,
    geometries: Object.fromEntries(Object.entries(known).map(([name, g]) => [name, g.geometry])),
  })
  return {
    scene,
    images: new Map(),
    environment: null,
    objects: scene.objects.map((o, index): ResolvedObject => {
      const g = known[o.geometry]!
      return { index, meshKey: o.geometry, mesh: g.mesh ?? EMPTY, hulls: g.hulls, materials: [], bounds: g.bounds ?? boundsOf(g.hulls) }
    }),
  }
}

function boundsOf(hulls: readonly Float32Array[]): ResolvedObject['bounds'] {
  const min: [number, number, number] = [Infinity, Infinity, Infinity]
  const max: [number, number, number] = [-Infinity, -Infinity, -Infinity]
  for (const h of hulls)
    for (let i = 0; i < h.length; i++) {
      min[i % 3] = Math.min(min[i % 3]!, h[i]!)
      max[i % 3] = Math.max(max[i % 3]!, h[i]!)
    }
  return { min, max }
}

/** A floor at z = 0, id 1. */
export const floor = (body: object = {}, size = 20) => ({
  id: 1,
  name: 'floor',
  geometry: 'plane',
  scale: [size, size, 1] as [number, number, number],
  body: { type: 'static' as const, ...body },
})
