/** Things that have nothing to do with it. */
import type { Assets, Key, SceneInput, Vec3 } from '@dioramic/scene'
import { resolveScene, sceneSchema, vec3 } from '@dioramic/scene'
import { withTextureNames } from '../builder/material.ts'
import { PROP_IDS, prop } from '../props/prop.ts'
import { pointIn } from '../toolkit/region.ts'
import { middleOf, placedObjects, withSpace } from './space.ts'
import type { Change } from './vary.ts'

/** At a severity of 1. */
const MOST = 8
const TRIALS = 100
const CATEGORY = 'distractor'

/**
 * Up to eight props (the severity says what part of eight, rounded at random) of the sizes that are there, dropped among the objects where they find room. They
 * are background of the category `distractor`: seen, hit and labelled, but not what the data set is about.
 */
export async function addDistractors(scene: SceneInput, key: Key, severity: number, assets: Assets): Promise<Change> {
  const wanted = Math.floor(severity * MOST + key.fork('round').uniform())
  const placed = placedObjects(scene, assets)
  const about = placed.filter(p => !(scene.objects ?? [])[p.index]!.isBackground)
  const radii = about.map(p => p.radius).sort((a, b) => a - b)
  const size = radii.length > 0 ? 2 * radii[radii.length >> 1]! : 0.2
  const centre = middleOf(scene)
  const reach = (axis: 0 | 1 | 2) => Math.max(1.5 * size, ...about.map(p => Math.abs(p.position[axis] - centre[axis]) + p.radius))
  const half: Vec3 = [reach(0), reach(1), reach(2)]
  const floor = Math.min(...about.map(p => p.position[2]), centre[2])
  const box = { min: vec3.sub(centre, half), max: vec3.add(centre, half) }
  const region = { min: [box.min[0], box.min[1], Math.max(floor, box.min[2])] as Vec3, max: box.max }
  const materials = { ...scene.materials }
  const textures = { ...scene.textures }
  const geometries = { ...scene.geometries }
  const objects = [...(scene.objects ?? [])]
  let id = Math.max(0, ...objects.map(o => o.id))
  const added: string[] = []
  await withSpace(placed, space => {
    for (const k of key.fork('distractors').times(wanted)) {
      const draft = prop(k.fork('prop').choice(PROP_IDS), k)
      const edge = size * k.fork('size').uniform(0.4, 1)
      const scale: [number, number, number] = [edge, edge, edge]
      const { geometry } = draft.fields
      const bare = sceneSchema.parse({
        cameras: [{ position: [0, 0, 0], rotation: [0, 0, 0, 1] }],
        geometries: { g: geometry },
        objects: [{ id: 1, name: 'o', geometry: 'g', scale, body: { type: 'dynamic' } }],
      })
      const item = { label: draft.label(), geometry: bare.geometries['g']!, source: resolveScene(bare, assets).objects[0]!, scale }
      for (let trial = 0; trial < TRIALS; trial++) {
        const t = k.fork('place').fork(trial)
        const position = pointIn(region, t.fork('point'))
        const rotation = t.fork('turn').rotation()
        if (space.overlaps(item, { position, rotation }) !== null) continue
        space.add(item, { position, rotation })
        const name = `distractor-${added.length + 1}`
        geometries[name] = geometry
        const used = draft.fields.materials.map((look, i) => {
          for (const [texture, value] of Object.entries(look.textures)) textures[`${name}-${i}-${texture}`] = value
          materials[`${name}-${i}`] = withTextureNames(look.material, texture => `${name}-${i}-${texture}`)
          return `${name}-${i}`
        })
        objects.push({
          id: ++id,
          name,
          category: CATEGORY,
          isBackground: true,
          geometry: name,
          material: used,
          position: [...position] as [number, number, number],
          rotation: [...rotation] as [number, number, number, number],
          scale,
          body: { type: 'dynamic', density: 500 },
          metadata: draft.fields.metadata,
        })
        added.push(draft.label())
        break
      }
    }
  })
  const { categories } = scene
  return {
    scene: {
      ...scene,
      objects,
      materials,
      textures,
      geometries,
      ...(categories && !categories.includes(CATEGORY) ? { categories: [...categories, CATEGORY] } : {}),
    },
    draws: { added },
  }
}
