import { isKeyframes, type Light, numberAt, quatAt, vec3At } from '@dioramic/scene'
import type { Document, Node } from '@gltf-transform/core'
import { KHRLightsPunctual } from '@gltf-transform/extensions'
import type { Animator } from './animator.ts'

/** Lumens a watt at 555 nm: what programs take for glTF's photometric units when they convert to watts. */
const LUMENS = 683

/**
 * A light of KHR_lights_punctual. A sun has lux, a point candela; an area is a spot light that shines as strongly straight ahead: power / π candela, since a radiance of
 * power / (π·area) over the area shines with power / π.
 */
export function exportLight(document: Document, light: Light, animator: Animator, note: (text: string) => void): Node {
  const extension = document.createExtension(KHRLightsPunctual).setRequired(false)
  const who = `light "${light.name}"`
  const color = vec3At(light.color, 0)
  const most = Math.max(...color)
  const out = extension.createLight(light.name).setColor(most > 0 ? (color.map(c => c / most) as [number, number, number]) : [1, 1, 1])
  const node = document.createNode(light.name).setExtension('KHR_lights_punctual', out).setExtras({ diorama: { light } })
  if (light.type === 'sun') {
    out.setType('directional').setIntensity(LUMENS * most * numberAt(light.irradiance, 0))
    animator.pose(node, t => ({ position: [0, 0, 0], rotation: quatAt(light.rotation, t) }))
    if (isKeyframes(light.irradiance)) note(`${who} keeps its strength of frame 0`)
    return node
  }
  const power = numberAt(light.power, 0)
  if (isKeyframes(light.power)) note(`${who} keeps its strength of frame 0`)
  if (light.type === 'spot') {
    out
      .setType('spot')
      .setInnerConeAngle(light.innerAngle)
      .setOuterConeAngle(light.outerAngle)
      .setIntensity((LUMENS * most * power) / (4 * Math.PI))
    animator.pose(node, t => ({ position: vec3At(light.position, t), rotation: quatAt(light.rotation, t) }))
    if (light.radius > 0) note(`${who} has a size; in glTF it is a point, with hard shadows`)
    return node
  }
  if (light.type === 'point') {
    out.setType('point').setIntensity((LUMENS * most * power) / (4 * Math.PI))
    animator.pose(node, t => ({ position: vec3At(light.position, t), rotation: [0, 0, 0, 1] }))
    if (light.radius > 0) note(`${who} is a sphere; in glTF it is a point, with hard shadows`)
    return node
  }
  out
    .setType('spot')
    .setInnerConeAngle(0)
    .setOuterConeAngle(Math.PI / 2)
    .setIntensity((LUMENS * most * power) / Math.PI)
  animator.pose(node, t => ({ position: vec3At(light.position, t), rotation: quatAt(light.rotation, t) }))
  note(`${who} is an area; in glTF it is a spot light as bright straight ahead, with hard shadows`)
  return node
}
