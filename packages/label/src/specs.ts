/** How every pixel layer is stored and what its numbers mean; `dataset.json` repeats it. Physical value = stored · scale + offset. */
import type { LayerSpec } from '@dioramic/data'

/** Signed unit range in 16 bits with an exact zero: 1 ↔ −1, 32768 ↔ 0, 65535 ↔ +1. */
const SIGNED = { dtype: 'u16', encoding: 'png', scale: 1 / 32767, offset: -32768 / 32767 } as const
const FLOAT = { dtype: 'f32', encoding: 'npz', scale: 1, offset: 0 } as const

/** 0–1 in 16 bits, both ends exact. */
const UNIT = { dtype: 'u16', encoding: 'png', scale: 1 / 65535, offset: 0, unit: '1' } as const
const ID = { dtype: 'u16', channels: 1, encoding: 'png', scale: 1, offset: 0, unit: 'id' } as const

/** Parts of rgb-linear, stored as it is. */
const LIGHT = { dtype: 'f32', channels: 3, encoding: 'exr', scale: 1, offset: 0, unit: 'W/(m² sr)' } as const
const LIGHT_PART = 'The part of rgb-linear'
const LIGHT_SUM =
  'Filtered and denoised as rgb-linear is, with its weights: emission + diffuse + specular and emission + direct + indirect are rgb-linear, to half floats.'

const BEHIND =
  'the first surface that lets less than half of the light through, straight along the ray (not bent); the first surface where nothing transmits'
const FLAGS =
  'Bit flags of that flow: 1 occluded, 2 out of frame, 4 invalid (behind the camera or within 1 mm of its plane; its flow is 0).'
const SKY = 'Sky: the direction re-projected. Never anti-aliased, mid-exposure, pixel centres.'
const FACING = 'on the side that faces the camera. Unit length, 0 at a miss.'

const layers = {
  /** Made in `generate` from radiance; here so that all specs stand in one place. */
  rgb: {
    dtype: 'u8',
    channels: 3,
    encoding: 'png',
    scale: 1 / 255,
    offset: 0,
    unit: 'display',
    definition: 'Picture for the eye: denoised radiance through the named view transform, sRGB-encoded.',
  },
  'rgb-linear': {
    dtype: 'f32',
    channels: 3,
    encoding: 'exr',
    scale: 1,
    offset: 0,
    unit: 'W/(m² sr)',
    definition: 'Linear scene-referred radiance, Rec. 709 primaries, stored as half floats.',
  },
  segmentation: {
    ...ID,
    definition:
      'Id of the object whose surface is first (opacity ≥ 0.5) on the ray through the pixel centre; 0 is no hit. Ids are stable over the clip, backgrounds have theirs.',
  },
  semantic: {
    ...ID,
    definition: 'Number of the category of the object that is seen, from 1; categoryId of the instances says which. 0 is no hit.',
  },
  depth: { ...FLOAT, channels: 1, unit: 'm', definition: 'Distance to the first surface along the optical axis; +∞ at a miss.' },
  distance: {
    ...FLOAT,
    channels: 1,
    unit: 'm',
    definition: 'Distance from the camera centre to the first surface along the ray; +∞ at a miss.',
  },
  normal: { ...SIGNED, channels: 3, unit: '1', definition: `Geometric normal of the first surface, world x, y, z, ${FACING}` },
  'normal-shading': {
    ...SIGNED,
    channels: 3,
    unit: '1',
    definition: `Normal interpolated from the mesh's vertices (normal maps not applied), world x, y, z, ${FACING}`,
  },
  'normal-camera': {
    ...SIGNED,
    channels: 3,
    unit: '1',
    definition: `Geometric normal of the first surface in the camera's frame (+X right, +Y up, looking along −Z), ${FACING}`,
  },
  'object-coordinates': {
    dtype: 'u16',
    channels: 3,
    encoding: 'png',
    scale: 1 / 65535,
    offset: 0,
    unit: '1',
    definition:
      "Position of the surface point inside its object's own bounds (before scale and pose), 0–1 on each axis x, y, z; 0 at a miss and on an axis without extent. On a deforming body, the point's place on the mesh at rest, so that it keeps it.",
  },
  uv: {
    ...FLOAT,
    channels: 2,
    unit: '1',
    definition: "The mesh's own texture coordinates (v up), not wrapped; 0 at a miss and on a mesh without any.",
  },
  'flow-forward': {
    ...FLOAT,
    channels: 2,
    unit: 'px',
    definition: `Where the surface point is in the next frame, minus where it is now: (right, down). ${SKY}`,
  },
  'flow-forward-mask': { dtype: 'u8', channels: 1, encoding: 'png', scale: 1, offset: 0, unit: 'flags', definition: FLAGS },
  'flow-backward': {
    ...FLOAT,
    channels: 2,
    unit: 'px',
    definition: `Where the surface point was in the frame before, minus where it is now: (right, down). ${SKY}`,
  },
  'flow-backward-mask': { dtype: 'u8', channels: 1, encoding: 'png', scale: 1, offset: 0, unit: 'flags', definition: FLAGS },
  'scene-flow-forward': {
    ...FLOAT,
    channels: 3,
    unit: 'm',
    definition: 'Position of the surface point in the next frame minus its position now, world x, y, z; 0 at a miss.',
  },
  'scene-flow-backward': {
    ...FLOAT,
    channels: 3,
    unit: 'm',
    definition: 'Position of the surface point in the frame before minus its position now, world x, y, z; 0 at a miss.',
  },
  'depth-raw': {
    ...FLOAT,
    channels: 1,
    unit: 'm',
    definition:
      'Depth along the optical axis as the first Kinect measures it, 0 where it measures nothing. Disparity to a projector 75 mm to the right, in steps of 1/8 pixel (Khoshelham and Elberink 2012); noise of 0.0012 + 0.0019 (z − 0.4)² m, beyond 60° off the normal θ also 0.0001 θ² / (√z (π/2 − θ)²), and across of 0.8 + 0.035 θ/(π/2 − θ) pixels (Nguyen et al. 2012), all in pixels of a picture 640 wide. Holes: out of 0.5–8 m, from 80° off the normal on, in the projector’s shadow. Plain pinholes.',
  },
  'depth-filled': {
    ...FLOAT,
    channels: 1,
    unit: 'm',
    definition:
      'depth-raw with every hole filled from its edges by the recursive 5 × 5 median of measured pixels (Lai et al. 2011); colours play no part. 0 only where nothing at all was measured.',
  },
  disparity: {
    ...FLOAT,
    channels: 1,
    unit: 'px',
    definition:
      'Of a rectified pair (two cameras, like pinholes side by side): u in the left picture minus u in the right one of the same surface point at the same time, f · baseline / depth; in both pictures. Sky: its direction (0 where the principal points agree).',
  },
  'disparity-mask': {
    dtype: 'u8',
    channels: 1,
    encoding: 'png',
    scale: 1,
    offset: 0,
    unit: 'flags',
    definition: 'Bit flags of disparity: 1 hidden from the other camera, 2 out of its frame.',
  },
  part: {
    ...ID,
    definition: 'Number of the mesh part that is seen, from 1, unique in the clip; the instances’ parts name it. 0 at a miss.',
  },
  material: { ...ID, definition: 'Number of the material that is seen, from 1; the instances’ parts name it. 0 at a miss.' },
  albedo: {
    ...UNIT,
    channels: 3,
    definition:
      'Base colour of the material, linear Rec. 709: what diffuse light is multiplied by, or the reflectance of a metal. 0 at a miss.',
  },
  roughness: { ...UNIT, channels: 1, definition: 'Perceptual roughness of the material (GGX alpha is its square); 0 at a miss.' },
  metallic: { ...UNIT, channels: 1, definition: 'Share of the material that is metal; 0 at a miss.' },
  emission: {
    ...FLOAT,
    channels: 3,
    unit: 'W/(m² sr)',
    definition: 'Radiance that the surface itself emits, linear Rec. 709; 0 at a miss.',
  },
  'light-emission': {
    ...LIGHT,
    definition: `${LIGHT_PART} that no surface scattered: the glow of the first surface, visible lamps and the background. ${LIGHT_SUM}`,
  },
  'light-diffuse': {
    ...LIGHT,
    definition: `${LIGHT_PART} that the Lambertian base of the first surface scatters. ${LIGHT_SUM}`,
  },
  'light-specular': {
    ...LIGHT,
    definition: `${LIGHT_PART} that the coat, metal and glass of the first surface mirror and refract. ${LIGHT_SUM}`,
  },
  'light-direct': {
    ...LIGHT,
    definition: `${LIGHT_PART} that one surface scattered, once, between its source and the camera; the environment and glowing surfaces are sources as lamps are. ${LIGHT_SUM}`,
  },
  'light-indirect': {
    ...LIGHT,
    definition: `${LIGHT_PART} that two or more surfaces scattered; a pane of glass is a surface. ${LIGHT_SUM}`,
  },
  shadow: {
    ...LIGHT,
    channels: 1,
    unit: '1',
    definition:
      'Share (0–1) of the irradiance (luminance) that lamps, suns and the environment would bring to the seen side of the first surface by themselves, that something hides (glass too), whatever the material: 1 − Σ arriving / Σ unhidden over the rays of the pixel, half floats, not denoised. 0 where no light could come (a side turned away from all lights) and where no surface is.',
  },
  coverage: {
    dtype: 'u8',
    channels: 4,
    encoding: 'png',
    scale: 1 / 55,
    offset: 0,
    unit: '1',
    definition:
      'Share of the pixel that each object of coverage-id has, through the pixel filter of the picture (55 points a pixel), largest first; no motion blur, no depth of field. Sums to 1 where four objects or fewer meet.',
  },
  'coverage-id': {
    ...ID,
    channels: 4,
    definition:
      'Ids of the objects that share the pixel, as coverage orders them; 0 is no surface, or an unused entry where coverage is 0.',
  },
  'behind-depth': {
    ...FLOAT,
    channels: 1,
    unit: 'm',
    definition: `depth of ${BEHIND}; +∞ at a miss.`,
  },
  'behind-normal': { ...SIGNED, channels: 3, unit: '1', definition: `normal of ${BEHIND}; 0 at a miss.` },
  'behind-segmentation': { ...ID, definition: `Id of ${BEHIND}; 0 is no hit.` },
} as const satisfies Record<string, Omit<LayerSpec, 'name'>>

export type LayerName = keyof typeof layers

/** Every pixel layer by name, `rgb` and `rgb-linear` included. */
export const LAYER_SPECS = Object.fromEntries(Object.entries(layers).map(([name, spec]) => [name, { name, ...spec }])) as Readonly<
  Record<LayerName, LayerSpec>
>
