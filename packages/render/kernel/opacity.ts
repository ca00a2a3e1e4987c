// Cut-outs: the opacity of a surface point.
import { MATERIAL_OPACITY, MATERIAL_OPACITY_CHANNEL, MATERIAL_OPACITY_TEXTURE } from '../src/layout'
import { channelAt, corners, locate } from './texture'

/** Opacity, 0–1, at (u, v) of a triangle. `size` points to the object's scale. */
export function opacityAt(material: usize, mesh: usize, size: usize, primitive: i32, u: f32, v: f32): f32 {
  const texture = load<i32>(material, MATERIAL_OPACITY_TEXTURE)
  if (texture < 0) return load<f32>(material, MATERIAL_OPACITY)
  corners(mesh, primitive)
  locate(material, mesh, size, u, v)
  return channelAt(texture, load<i32>(material, MATERIAL_OPACITY_CHANNEL))
}
