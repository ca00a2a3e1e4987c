/** Scene 2 of the renderer benchmark: a closed room of a million unique triangles (carpet, curtain, relief wall), lit through a window and by a lamp. */
import {
  type AssetObject,
  type Assets,
  type Mesh,
  NO_ASSETS,
  portable,
  quat,
  type Scene,
  type SceneInput,
  sceneSchema,
} from '@dioramic/scene'

/** A grid of nx × ny quads over [−½, ½]², raised by `height`; smooth normals by central differences. */
function heightField(nx: number, ny: number, height: (x: number, y: number) => number): Mesh {
  const positions = new Float32Array((nx + 1) * (ny + 1) * 3)
  const normals = new Float32Array(positions.length)
  const uvs = new Float32Array((nx + 1) * (ny + 1) * 2)
  const e = 1e-4
  for (let j = 0, k = 0; j <= ny; j++) {
    for (let i = 0; i <= nx; i++, k++) {
      const x = i / nx - 0.5
      const y = j / ny - 0.5
      positions.set([x, y, height(x, y)], k * 3)
      const dx = (height(x + e, y) - height(x - e, y)) / (2 * e)
      const dy = (height(x, y + e) - height(x, y - e)) / (2 * e)
      const l = Math.sqrt(1 + dx * dx + dy * dy)
      normals.set([-dx / l, -dy / l, 1 / l], k * 3)
      uvs.set([i / nx, j / ny], k * 2)
    }
  }
  const indices = new Uint32Array(nx * ny * 6)
  for (let j = 0, k = 0; j < ny; j++) {
    for (let i = 0; i < nx; i++, k += 6) {
      const a = j * (nx + 1) + i
      indices.set([a, a + 1, a + nx + 2, a, a + nx + 2, a + nx + 1], k)
    }
  }
  return { positions, indices, normals, uvs, parts: [{ firstTriangle: 0, triangles: nx * ny * 2, material: null }] }
}

const { sin } = portable
const asset = (id: string, mesh: Mesh): [string, AssetObject] => [
  id,
  { id, mesh, materials: {}, hulls: [], license: 'Apache-2.0', sha256: id },
]

export function interior(size: number): { scene: Scene; assets: Assets } {
  const assets: Assets = {
    ...NO_ASSETS,
    objects: new Map([
      asset(
        'carpet',
        heightField(500, 400, (x, y) => 0.004 * sin(300 * x) * sin(280 * y) + 0.003 * sin(90 * (x + y))),
      ),
      asset(
        'curtain',
        heightField(500, 320, (x, y) => 0.05 * sin(60 * x + 2 * sin(5 * y)) * (0.4 + 0.6 * (0.5 - y))),
      ),
      asset(
        'relief',
        heightField(400, 350, (x, y) => 0.02 * sin(25 * x) * sin(22 * y) + 0.006 * sin(140 * x + 60 * y)),
      ),
    ]),
  }
  const turn = (axis: [number, number, number], angle: number) => [...quat.fromAxisAngle(axis, angle)] as [number, number, number, number]
  const wall = (
    name: string,
    position: [number, number, number],
    rotation: [number, number, number, number],
    scale: [number, number, number],
  ) => ({
    name,
    geometry: 'plane',
    material: 'wall',
    position,
    rotation,
    scale,
  })
  const objects: Omit<NonNullable<SceneInput['objects']>[number], 'id'>[] = [
    wall('ceiling', [0, 0, 3], turn([1, 0, 0], Math.PI), [6, 5, 1]),
    { ...wall('floor', [0, 0, 0], [0, 0, 0, 1], [6, 5, 1]), material: 'floor' },
    wall('back', [0, 2.5, 1.5], turn([1, 0, 0], Math.PI / 2), [6, 3, 1]),
    wall('front', [0, -2.5, 1.5], turn([1, 0, 0], -Math.PI / 2), [6, 3, 1]),
    wall('right', [3, 0, 1.5], turn([0, 1, 0], -Math.PI / 2), [3, 5, 1]),
    // The left wall has a window, 2 m wide and 1.6 m high, between four strips.
    wall('left-low', [-3, 0, 0.35], turn([0, 1, 0], Math.PI / 2), [0.7, 5, 1]),
    wall('left-high', [-3, 0, 2.65], turn([0, 1, 0], Math.PI / 2), [0.7, 5, 1]),
    wall('left-near', [-3, -1.75, 1.5], turn([0, 1, 0], Math.PI / 2), [1.6, 1.5, 1]),
    wall('left-far', [-3, 1.75, 1.5], turn([0, 1, 0], Math.PI / 2), [1.6, 1.5, 1]),
    { name: 'carpet', geometry: 'carpet', material: 'carpet', position: [0, 0, 0.02], scale: [4, 3, 1] },
    {
      name: 'relief',
      geometry: 'relief',
      material: 'relief',
      position: [0, 2.44, 1.6],
      rotation: turn([1, 0, 0], Math.PI / 2),
      scale: [3.2, 2, 1],
    },
    {
      name: 'curtain',
      geometry: 'curtain',
      material: 'curtain',
      position: [-2.8, 1.6, 1.5],
      rotation: quat.fromBasis([0, -1, 0], [0, 0, 1], [-1, 0, 0]) as never,
      scale: [1.4, 2.8, 1],
    },
    { name: 'table', geometry: 'cylinder', material: 'table', position: [0.4, 0.5, 0.42], scale: [1.3, 1.3, 0.8] },
    { name: 'teapot', geometry: 'teapot', material: 'metal', position: [0.3, 0.4, 0.95], scale: [0.5, 0.5, 0.5] },
    { name: 'monkey', geometry: 'monkey', material: 'plastic', position: [-1.2, 0.9, 0.5], scale: [0.9, 0.9, 0.9] },
    { name: 'knot', geometry: 'torus-knot', material: 'metal', position: [1.9, 1.2, 0.6], scale: [1, 1, 1] },
  ]
  const scene = sceneSchema.parse({
    frames: 1,
    cameras: [
      {
        resolution: [size, size],
        position: [1.9, -2.2, 1.5],
        rotation: [...quat.lookAt([1.9, -2.2, 1.5], [-0.4, 0.9, 0.9])],
        focalLength: 22,
      },
    ],
    lights: [
      {
        type: 'area',
        name: 'window',
        position: [-3.4, 0, 1.5],
        rotation: [...quat.lookAt([-3.4, 0, 1.5], [0, 0, 1.2])],
        size: [2.2, 1.8],
        power: 260,
        color: [0.85, 0.92, 1],
      },
      { type: 'point', name: 'lamp', position: [1.6, 0.6, 2.4], radius: 0.12, power: 60, color: [1, 0.8, 0.55] },
    ],
    environment: { light: { type: 'sky', elevation: 0.6, azimuth: 3, height: 256 }, strength: 0.05 },
    geometries: {
      ...Object.fromEntries(['plane', 'cylinder', 'teapot', 'monkey', 'torus-knot'].map(s => [s, { type: 'shape', shape: s }])),
      ...Object.fromEntries(['carpet', 'curtain', 'relief'].map(s => [s, { type: 'asset', asset: s }])),
    },
    textures: {
      wood: { type: 'procedural', generator: 'wood', size: 512 },
      fabric: { type: 'procedural', generator: 'fabric', size: 512 },
      plaster: { type: 'procedural', generator: 'plaster', size: 512 },
    },
    materials: {
      wall: { baseColor: { texture: 'plaster' }, roughness: 0.9, mapping: { type: 'uv', scale: [3, 3] } },
      floor: { baseColor: { texture: 'wood' }, roughness: 0.4, mapping: { type: 'uv', scale: [3, 3] } },
      carpet: { baseColor: { texture: 'fabric' }, roughness: 1, mapping: { type: 'uv', scale: [6, 6] } },
      curtain: { baseColor: [0.6, 0.15, 0.12], roughness: 0.8 },
      relief: { baseColor: [0.7, 0.68, 0.62], roughness: 0.7 },
      table: { baseColor: { texture: 'wood' }, roughness: 0.25 },
      metal: { baseColor: [0.95, 0.93, 0.88], metallic: 1, roughness: 0.18 },
      plastic: { baseColor: [0.1, 0.3, 0.6], roughness: 0.3 },
    },
    objects: objects.map((o, i) => ({ id: i + 1, ...o })),
  })
  return { scene, assets }
}
