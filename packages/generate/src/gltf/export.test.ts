/** What is exported is read back as the same picture: the whole clip becomes one object that moves by itself, seen by the same camera in the same light. */
import { createRenderer, type Renderer } from '@dioramic/render'
import { loadKernel } from '@dioramic/render/node'
import { type Assets, cameraAt, importMesh, NO_ASSETS, project, type Quat, quat, type SceneInput, type Vec3 } from '@dioramic/scene'
import { camera } from '@dioramic/worlds'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeClip } from '../clip.ts'
import { frameRadiance } from '../frame.ts'
import { settingsSchema } from '../settings.ts'
import { sceneSource } from '../source.ts'
import { exportGltf } from './export.ts'

const settings = settingsSchema.parse({ spp: 16, maxBounces: 4, denoise: false, labels: [] })
const turn = (axis: Vec3, angle: number) => [...quat.fromAxisAngle(axis, angle)] as [number, number, number, number]

const scene: SceneInput = {
  frames: 3,
  fps: 24,
  cameras: [
    camera({ position: [0.3, -2.6, 1.2], lookAt: [0, 0, 0.35], resolution: [40, 30] }),
    {
      name: 'side',
      type: 'orthographic',
      extent: 3,
      position: [3, 0, 1],
      rotation: turn([0.577350269, 0.577350269, 0.577350269], (2 * Math.PI) / 3),
      resolution: [20, 10],
      pixelAspect: 2,
    },
  ],
  lights: [
    { type: 'sun', name: 'sun', rotation: turn([1, 0, 0], 0.5), irradiance: 3, angle: 0.05 },
    { type: 'point', name: 'lamp', position: [1, -1, 1.5], power: 20, color: [1, 0.5, 0.25] },
  ],
  environment: { light: { type: 'constant', color: [0.4, 0.5, 0.6] } },
  geometries: {
    plane: { type: 'shape', shape: 'plane' },
    cube: { type: 'shape', shape: 'cube' },
    ball: { type: 'shape', shape: 'sphere' },
    sheet: {
      type: 'mesh',
      positions: [-0.3, 0, 0, 0.3, 0, 0, 0.3, 0, 0.6, -0.3, 0, 0.6],
      indices: [0, 1, 2, 0, 2, 3],
      uvs: [0, 0, 1, 0, 1, 1, 0, 1],
      morphs: [{ name: 'lean', positions: [0, 0, 0, 0, 0, 0, 0, 0.5, 0, 0, 0.5, 0] }],
    },
  },
  textures: {
    checks: { type: 'procedural', generator: 'checker', size: 64 },
    bumps: { type: 'procedural', generator: 'noise', size: 64, seed: 3 },
  },
  materials: {
    floor: {
      baseColor: { texture: 'checks' },
      roughness: { texture: 'bumps', channel: 'g' },
      mapping: { type: 'uv', scale: [3, 2], offset: [0.2, 0.4] },
    },
    glass: { transmission: 1, roughness: 0.05, ior: 1.4 },
    paint: { baseColor: [0.7, 0.1, 0.1], roughness: 0.3, ior: 1.5, specular: 0.4 },
    lamp: { baseColor: [0, 0, 0], emission: [1, 0.8, 0.2], emissionStrength: 3 },
  },
  objects: [
    { id: 1, name: 'floor', geometry: 'plane', material: 'floor', scale: [6, 6, 1], isBackground: true, body: { type: 'static' } },
    {
      id: 2,
      name: 'box',
      geometry: 'cube',
      material: 'paint',
      scale: [0.5, 0.4, 0.6],
      position: [-0.5, 0, 0.8],
      rotation: turn([0, 0, 1], 0.5),
      body: { type: 'dynamic', velocity: [2, 0, 0], angularVelocity: [0, 3, 4] },
    },
    { id: 3, name: 'ball', geometry: 'ball', material: 'glass', scale: [0.5, 0.5, 0.5], position: [0.6, 0.2, 0.25] },
    {
      id: 4,
      name: 'glow',
      geometry: 'ball',
      material: 'lamp',
      scale: [0.1, 0.1, 0.1],
      position: {
        keys: [
          [0, [0, -0.6, 0.1]],
          [0.1, [0.3, -0.6, 0.2]],
        ],
      },
    },
    {
      id: 5,
      name: 'sheet',
      geometry: 'sheet',
      material: 'paint',
      position: [0, 0.6, 0],
      pose: {
        morphs: {
          lean: {
            keys: [
              [0, 0],
              [0.1, 1],
            ],
          },
        },
      },
    },
  ],
}

let renderer: Renderer
beforeAll(async () => {
  renderer = await createRenderer(await loadKernel())
})
afterAll(() => renderer.dispose())

const clipOf = (input: SceneInput, assets: Assets = NO_ASSETS) =>
  makeClip({ source: sceneSource(input), seed: 1, index: 0, settings, assets })

async function picture(input: SceneInput, frame: number, assets?: Assets): Promise<Float32Array> {
  const clip = await clipOf(input, assets)
  return frameRadiance(clip, renderer.load(clip.resolved, clip.motion), frame, [])[0]!.color
}

async function exported() {
  const clip = await clipOf(scene)
  return { clip, ...(await exportGltf(clip.resolved, clip.motion)) }
}

test('read back as one object with its movement, it renders the same', async () => {
  const { glb, notes } = await exported()
  expect(notes).toEqual(['the environment is left out: glTF has no light from all around; light the scene anew where it is opened'])
  const { object, images, warnings } = await importMesh(new Map([['all.glb', glb]]), 'all.glb')
  expect(warnings.filter(w => !/flat|units|hull|KHR_lights_punctual/.test(w))).toEqual([])
  const again: SceneInput = {
    ...scene,
    geometries: { all: { type: 'asset', asset: 'all' } },
    textures: {},
    materials: {},
    objects: [{ id: 1, name: 'all', geometry: 'all', animation: { clip: 'motion' } }],
  }
  const assets: Assets = { ...NO_ASSETS, objects: new Map([['all', object]]), images }
  for (const frame of [0, 2]) {
    const [a, b] = [await picture(scene, frame), await picture(again, frame, assets)]
    const mean = (x: Float32Array) => x.reduce((s, v) => s + v, 0) / x.length
    const apart = a.reduce((s, v, i) => s + Math.abs(v - b[i]!), 0) / a.length
    expect(mean(b) / mean(a)).toBeCloseTo(1, 2)
    // The same random numbers meet the same surfaces; what differs are edges, by rounding.
    expect(apart / mean(a)).toBeLessThan(0.03)
  }
  // And it moved.
  const [first, last] = [await picture(again, 0, assets), await picture(again, 2, assets)]
  expect(first.reduce((s, v, i) => s + Math.abs(v - last[i]!), 0) / first.reduce((s, v) => s + v, 0)).toBeGreaterThan(0.1)
})

interface Json {
  readonly nodes: readonly {
    readonly name: string
    readonly camera?: number
    readonly translation?: Vec3
    readonly rotation?: Quat
    readonly children?: readonly number[]
    readonly extensions?: { readonly KHR_lights_punctual?: { readonly light: number } }
  }[]
  readonly cameras: readonly {
    readonly perspective?: { yfov: number; aspectRatio: number }
    readonly orthographic?: { xmag: number; ymag: number }
  }[]
  readonly extensions: { readonly KHR_lights_punctual: { readonly lights: readonly { type: string; intensity: number; color: Vec3 }[] } }
  readonly extensionsRequired?: readonly string[]
}
const jsonOf = (glb: Uint8Array): Json => {
  const length = new DataView(glb.buffer, glb.byteOffset).getUint32(12, true)
  return JSON.parse(new TextDecoder().decode(glb.subarray(20, 20 + length)))
}

test('cameras of glTF see points where ours do, to a ten-thousandth of a pixel', async () => {
  const { glb, clip } = await exported()
  const { nodes, cameras } = jsonOf(glb)
  const world = nodes.find(n => n.name === 'world')!
  for (const own of clip.scene.cameras) {
    const node = nodes.find(n => n.camera !== undefined && n.name === own.name)!
    const { perspective, orthographic } = cameras[node.camera!]!
    const [width, height] = own.resolution
    for (const p of [
      [0, 0, 0],
      [0.4, 0.3, 0.7],
      [-0.5, 1, 0.2],
    ] as Vec3[]) {
      // World → glTF's world → camera → normalised device coordinates → raster, as the format defines them.
      const q = quat.rotate(world.rotation!, p)
      const at = quat.rotate(world.rotation!, node.translation!)
      const turned = quat.multiply(world.rotation!, node.rotation!)
      const [x, y, z] = quat.rotate(quat.conjugate(turned), [q[0] - at[0], q[1] - at[1], q[2] - at[2]])
      const t = perspective ? Math.tan(perspective.yfov / 2) : 0
      const ndc = perspective ? [x / -z / (t * perspective.aspectRatio), y / -z / t] : [x / orthographic!.xmag, y / orthographic!.ymag]
      const { u, v } = project(cameraAt(own, 0), p)
      expect(((ndc[0]! + 1) / 2) * width).toBeCloseTo(u, 4)
      expect(((1 - ndc[1]!) / 2) * height).toBeCloseTo(v, 4)
    }
  }
})

test('lights have photometric units at 683 lumens a watt; nothing is required of a reader', async () => {
  const json = jsonOf((await exported()).glb)
  expect(json.extensionsRequired).toBeUndefined()
  const [sun, lamp] = json.extensions.KHR_lights_punctual.lights
  expect(sun).toMatchObject({ type: 'directional' })
  expect(sun!.intensity).toBeCloseTo(3 * 683, 6)
  expect(lamp).toMatchObject({ type: 'point', color: [1, 0.5, 0.25] })
  expect(lamp!.intensity).toBeCloseTo((20 * 683) / (4 * Math.PI), 6)
})

test('what glTF cannot say is told', async () => {
  const clip = await clipOf({
    ...scene,
    cameras: [
      { ...camera({ position: [0, -3, 1], lookAt: [0, 0, 0], resolution: [40, 30] }), distortion: { k: [0.1] }, aperture: 0.01 } as never,
    ],
    lights: [{ type: 'area', name: 'panel', position: [0, 0, 2], rotation: [0, 0, 0, 1], size: [1, 1], power: 10 }],
  })
  const { notes } = await exportGltf(clip.resolved, clip.motion)
  expect(notes.join('\n')).toMatch(
    /distortion is left out[\s\S]*depth of field is left out[\s\S]*"panel" is an area[\s\S]*environment is left out/,
  )
})
