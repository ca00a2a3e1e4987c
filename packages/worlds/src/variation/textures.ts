/** Other materials on the same objects. */
import { type Key, MATERIAL_NAMES, type SceneInput } from '@dioramic/scene'
import { withTextureNames } from '../builder/material.ts'
import { preset } from '../builder/preset.ts'
import { randomColor } from '../toolkit/colors.ts'
import type { Change } from './vary.ts'

/** Materials that let light through or shine would change what a scene is. */
const LOOKS = MATERIAL_NAMES.filter(n => !/glass|clear|light-panel/.test(n))

/** Whether light goes through it or comes from it. */
function special(scene: SceneInput, name: string): boolean {
  const m = scene.materials?.[name]
  if (!m) return false
  const shines = m.emission !== undefined && !(Array.isArray(m.emission) && m.emission.every(x => x === 0))
  return shines || (m.transmission !== undefined && m.transmission !== 0) || (m.opacity !== undefined && m.opacity !== 1)
}

/** A share of all objects, background included, gets random materials: the severity says which share (rounded at random to a whole number). */
export function varyTextures(scene: SceneInput, key: Key, severity: number): Change {
  const objects = scene.objects ?? []
  const may = objects.filter(o => ![o.material ?? []].flat().some(m => special(scene, m)))
  const count = Math.min(may.length, Math.floor(severity * may.length + key.fork('round').uniform()))
  const chosen = new Set(
    key
      .fork('which')
      .shuffle(may)
      .slice(0, count)
      .map(o => o.id),
  )
  const materials = { ...scene.materials }
  const textures = { ...scene.textures }
  const names: string[] = []
  const changed = objects.map(o => {
    if (!chosen.has(o.id)) return o
    const k = key.fork('object').fork(o.id)
    const look = preset(k.fork('look').choice(LOOKS), {
      seed: k.fork('seed').int(0, 9999),
      size: 256,
      ...(k.fork('tinted').uniform() < 0.7 ? { color: randomColor(k.fork('color')) } : {}),
    })
    const name = `varied-${o.id}`
    for (const [texture, value] of Object.entries(look.textures)) textures[`${name}-${texture}`] = value
    materials[name] = withTextureNames(look.material, t => `${name}-${t}`)
    names.push(o.name)
    return { ...o, material: name }
  })
  return { scene: { ...scene, objects: changed, materials, textures }, draws: { changed: names } }
}
