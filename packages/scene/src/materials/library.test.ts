import { describe, expect, test } from 'vitest'
import { sceneSchema } from '../schema/scene.ts'
import { checkTexture, type ProceduralTexture } from '../textures/generate.ts'
import { MATERIAL_NAMES, materialPreset } from './library.ts'

describe('materials', () => {
  test('there are at least 24, of all kinds', () => {
    expect(MATERIAL_NAMES.length).toBeGreaterThanOrEqual(24)
    const all = MATERIAL_NAMES.map(n => materialPreset(n).material)
    expect(all.some(m => m.transmission === 1)).toBe(true)
    expect(all.some(m => m.metallic === 1)).toBe(true)
    expect(all.some(m => Array.isArray(m.emission) && m.emission[0]! > 0)).toBe(true)
  })

  test.each(MATERIAL_NAMES)('%s fits a scene, and every texture it names is one its generator accepts', name => {
    for (const options of [{}, { seed: 3, size: 64, color: [0.2, 0.5, 0.1] as const }, { mapping: { type: 'uv' as const } }]) {
      const { material, textures } = materialPreset(name, options)
      for (const t of Object.values(textures)) checkTexture(t as ProceduralTexture)
      sceneSchema.parse({
        cameras: [{ position: [0, 0, 1], rotation: [0, 0, 0, 1] }],
        materials: { m: material },
        textures,
        geometries: { g: { type: 'shape', shape: 'cube' } },
        objects: [{ id: 1, name: 'o', geometry: 'g', material: 'm' }],
      })
      const used = JSON.stringify(material)
      for (const id of Object.keys(textures)) expect(used).toContain(`"${id}"`)
      expect(material.normalMap !== undefined).toBe(material.mapping.type === 'uv' && Object.keys(textures).length > 0)
    }
  })

  test.each(MATERIAL_NAMES)('the colour asked for changes %s', name => {
    const a = materialPreset(name)
    const b = materialPreset(name, { color: [0.11, 0.22, 0.33] })
    expect([b.material, Object.values(b.textures)]).not.toEqual([a.material, Object.values(a.textures)])
  })

  test('texture names are deterministic, and variants never share one', () => {
    expect(Object.keys(materialPreset('rust', { seed: 4 }).textures)).toEqual(['rust-4-color', 'rust-4-roughness', 'rust-4-metallic'])
    const names = [
      {},
      { seed: 1 },
      { size: 256 },
      { color: [0.5, 0.2, 0.1] as const },
      { color: [0.5, 0.2, 0.11] as const },
      { seed: 1, color: [0.5, 0.2, 0.1] as const },
    ].flatMap(o => Object.keys(materialPreset('oak', o).textures))
    expect(new Set(names).size).toBe(names.length)
  })

  test("CLEVR's rubber reflects as Blender's specular 0.33 does: F0 = 0.08 · 0.33", () => {
    const { material } = materialPreset('clevr-rubber')
    const ior = material.ior as number
    expect(((ior - 1) / (ior + 1)) ** 2 * (material.specular as number)).toBeCloseTo(0.08 * 0.33, 4)
    expect(material).toMatchObject({ metallic: 0, roughness: 0.7 })
    expect(materialPreset('clevr-metal').material).toMatchObject({ metallic: 1, roughness: 0.2, ior: 2.5 })
  })

  test('says what is wrong', () => {
    expect(() => materialPreset('walnutt')).toThrow('unknown material "walnutt"; did you mean "walnut"?')
    expect(() => materialPreset('toString')).toThrow('unknown material')
    expect(() => materialPreset('oak', { seed: -1 })).toThrow('seed of material "oak"')
    expect(() => materialPreset('oak', { size: 5000 })).toThrow('1 … 4096')
    expect(() => materialPreset('oak', { color: [2, 0, 0] })).toThrow('linear RGB')
  })
})
