/** Every layer of a material survives the way out to glTF and back in: numbers as they were, pictures texel by texel. */
import {
  type Image,
  importMesh,
  type Material,
  materialSchema,
  NO_ASSETS,
  placementOf,
  type SceneInput,
  type TextureRef,
} from '@dioramic/scene'
import { camera } from '@dioramic/worlds'
import { expect, test } from 'vitest'
import { makeClip } from '../clip.ts'
import { settingsSchema } from '../settings.ts'
import { sceneSource } from '../source.ts'
import { exportGltf } from './export.ts'

type MaterialInput = NonNullable<SceneInput['materials']>[string]
const settings = settingsSchema.parse({ spp: 1, denoise: false, labels: [] })

async function roundTrip(material: MaterialInput) {
  const scene: SceneInput = {
    frames: 1,
    cameras: [camera({ position: [0, -3, 1], lookAt: [0, 0, 0], resolution: [8, 8] })],
    geometries: { cube: { type: 'shape', shape: 'cube' } },
    textures: {
      noise: { type: 'procedural', generator: 'noise', size: 8 },
      checks: { type: 'procedural', generator: 'checker', size: 4 },
    },
    materials: { m: material },
    objects: [{ id: 1, name: 'box', geometry: 'cube', material: 'm' }],
  }
  const clip = await makeClip({ source: sceneSource(scene), seed: 1, index: 0, settings, assets: NO_ASSETS })
  const { glb, notes } = await exportGltf(clip.resolved, clip.motion)
  const { object, images, warnings } = await importMesh(new Map([['box.glb', glb]]), 'box.glb')
  const [back] = Object.values(object.materials)
  return { before: clip.resolved.objects[0]!.materials[0]!, pictures: clip.resolved.images, after: back!, images, notes, warnings }
}

const layers: Partial<Material> = {
  anisotropy: 0.7,
  anisotropyRotation: -0.4,
  ior: 1.7,
  specular: 0.6,
  specularTint: [1, 0.5, 0.25],
  clearcoat: 0.8,
  clearcoatRoughness: 0.15,
  sheenColor: [0.3, 0.2, 0.1],
  sheenRoughness: 0.4,
}

test('numbers', async () => {
  const { before, after, warnings } = await roundTrip({
    ...layers,
    metallic: 0.25,
    roughness: 0.35,
    baseColor: [0.2, 0.4, 0.6],
  } as MaterialInput)
  expect(after).toEqual(before)
  expect(warnings.filter(w => /not read|picture|coordinates/.test(w))).toEqual([])
})

test.each<[string, MaterialInput]>([
  ['solid glass that absorbs', { transmission: 0.9, attenuationDistance: 0.25, attenuationColor: [0.9, 0.5, 0.1] }],
  ['clear solid glass', { transmission: 1 }],
  ['a thin wall', { transmission: 1, thinWalled: true }],
])('%s', async (_, material) => {
  const { before, after } = await roundTrip(material)
  expect(after).toEqual(before)
})

test('pictures, their placement and their edges', async () => {
  const transform = { scale: [2, 0.5] as [number, number], rotation: 0.3, offset: [0.1, -0.2] as [number, number] }
  const wrap: ['clamp', 'mirror'] = ['clamp', 'mirror']
  const { before, after, pictures, images } = await roundTrip({
    mapping: { type: 'uv', scale: [3, 2], offset: [0.5, 0.25] },
    baseColor: { texture: 'noise', transform },
    specular: { texture: 'noise', channel: 'g' },
    specularTint: { texture: 'checks', transform },
    transmission: { texture: 'checks', channel: 'b', wrap },
    clearcoat: { texture: 'noise', channel: 'b' },
    clearcoatRoughness: { texture: 'checks', wrap },
    clearcoatNormalMap: { texture: 'noise' },
    clearcoatNormalScale: 0.5,
    sheenColor: { texture: 'noise', wrap },
    sheenRoughness: { texture: 'checks', channel: 'g' },
    anisotropy: 0.5,
    anisotropyMap: { texture: 'checks', transform },
    normalMap: { texture: 'noise' },
  })
  /** A use of a picture: its values as the field reads them, where it lies, how it ends. */
  const use = (ref: TextureRef, m: Material, all: ReadonlyMap<string, Image>, whole: boolean) => {
    const { data } = all.get(ref.texture)!
    const channel = 'rgba'.indexOf(ref.channel)
    return {
      values: [...data].filter((_, i) => (whole ? i % 4 !== 3 : i % 4 === channel)),
      wrap: ref.wrap ?? ['repeat', 'repeat'],
      placement: placementOf(ref, m.mapping).map(x => Number(x.toFixed(6)) + 0),
    }
  }
  const fields: [keyof Material, boolean][] = [
    ['baseColor', true],
    ['specular', false],
    ['specularTint', true],
    ['transmission', false],
    ['clearcoat', false],
    ['clearcoatRoughness', false],
    ['clearcoatNormalMap', true],
    ['sheenColor', true],
    ['sheenRoughness', false],
    ['anisotropyMap', true],
    ['normalMap', true],
  ]
  for (const [field, whole] of fields)
    expect(use(after[field] as TextureRef, after, images, whole), field).toEqual(use(before[field] as TextureRef, before, pictures, whole))
  expect(after.clearcoatNormalScale).toBe(0.5)
})

test('what glTF has no word for is told', async () => {
  const { notes, after } = await roundTrip({ bumpMap: { texture: 'noise' }, specular: 1.5 })
  expect(notes.join('\n')).toMatch(/specular factor above 1 is cut[\s\S]*bump maps are left out/)
  expect(after.bumpMap).toBe(materialSchema.parse({}).bumpMap)
})
