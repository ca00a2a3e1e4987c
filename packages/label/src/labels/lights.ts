/** `lights`: every light of the scene at the frame's time, fields as in the scene's schema with keyframes evaluated; the environment comes last. */
import { type Light, numberAt, quatAt, vec3At } from '@dioramic/scene'
import type { Fields, FrameContext, GlobalLabel } from '../label.ts'

export const lights: GlobalLabel = {
  kind: 'frame',
  name: 'lights',
  definition:
    'Lights at the frame\'s time: type, name and the fields of the scene format (metres, radians, watts, W/m², linear RGB; rotation x, y, z, w, shining along −Z), keyframes evaluated. A last entry of type "environment" has strength and rotation (radians about +Z).',
}

function lightAt(light: Light, t: number): Fields {
  const common = { ...light, color: vec3At(light.color, t) }
  if (light.type === 'sun') return { ...common, rotation: quatAt(light.rotation, t), irradiance: numberAt(light.irradiance, t) }
  const placed = { ...common, position: vec3At(light.position, t), power: numberAt(light.power, t) }
  return 'rotation' in light ? { ...placed, rotation: quatAt(light.rotation, t) } : placed
}

export function lightRecords({ resolved, time }: FrameContext): readonly Fields[] {
  const { lights, environment } = resolved.scene
  const records: Fields[] = lights.map(light => lightAt(light, time))
  if (environment) {
    const { strength, rotation } = environment
    records.push({ type: 'environment', ...environment, strength: numberAt(strength, time), rotation: numberAt(rotation, time) })
  }
  return records
}
