import { z } from 'zod'
import { animated } from './animated.ts'
import { colour, finite, name, nonNegative, positive, radiance, unit } from './primitives.ts'

/** A picture that a material reads: 8 bits a channel, row 0 at v = 1 (top), repeated in both directions, filtered bilinearly. */
export const textureSchema = z.discriminatedUnion('type', [
  /** Made by a named generator of this package; same parameters, same bytes. */
  z.strictObject({
    type: z.literal('procedural'),
    generator: name,
    seed: z.number().int().min(0).default(0),
    /** Width and height in texels. */
    size: z.number().int().min(1).max(4096).default(512),
    /** The generator's own parameters, checked by it. */
    parameters: z.record(z.string(), z.union([z.number(), z.array(z.number()), z.string()])).default({}),
  }),
  /** A picture that came with an asset, `<object id>/<picture>`, or a picture file of `--assets`. */
  z.strictObject({ type: z.literal('image'), asset: z.string().min(1) }),
])
export type Texture = z.infer<typeof textureSchema>

/** A texture by its name in `scene.textures`. */
const textureRef = z.strictObject({
  texture: name,
  /** One channel for a number; ignored for a colour. */
  channel: z.enum(['r', 'g', 'b', 'a']).default('r'),
})
export type TextureRef = z.infer<typeof textureRef>

/** How a surface point finds its texture coordinates. */
const mappingSchema = z.discriminatedUnion('type', [
  /** The mesh's own uv, times `scale`, plus `offset`. */
  z.strictObject({
    type: z.literal('uv'),
    scale: z.tuple([finite, finite]).default([1, 1]),
    offset: z.tuple([finite, finite]).default([0, 0]),
  }),
  /** Blended projections along the object's three axes (triplanar); one repeat spans `size` metres of the scaled object. */
  z.strictObject({ type: z.literal('box'), size: positive }),
])

/** Principled material (metallic–roughness, GGX; Burley 2012). A colour texture is decoded from sRGB, a number texture is linear. */
export const materialSchema = z.strictObject({
  baseColor: z.union([animated(colour), textureRef]).default([0.8, 0.8, 0.8]),
  metallic: z.union([animated(unit), textureRef]).default(0),
  /** Perceptual roughness; GGX alpha is its square. */
  roughness: z.union([animated(unit), textureRef]).default(0.5),
  /** Index of refraction of the dielectric coat; F0 = ((ior − 1)/(ior + 1))². */
  ior: animated(z.number().min(1).max(4)).default(1.45),
  /** Factor on the dielectric reflection; 1 is Fresnel's own. */
  specular: animated(z.number().min(0).max(2)).default(1),
  /** Share of light that passes through the body (smooth or rough glass) rather than scattering back from it. */
  transmission: animated(unit).default(0),
  /** Radiance emitted, W/(m² sr), before `emissionStrength`. */
  emission: z.union([animated(radiance), textureRef]).default([0, 0, 0]),
  emissionStrength: animated(nonNegative).default(1),
  /** Cut-out: a surface below 0.5 is not there for labels; for light it is crossed with probability 1 − opacity. */
  opacity: z.union([unit, textureRef]).default(1),
  /** Tangent-space normal map (glTF convention, +Y up), with `uv` mapping only. */
  normalMap: textureRef.optional(),
  normalScale: nonNegative.default(1),
  mapping: mappingSchema.default({ type: 'uv', scale: [1, 1], offset: [0, 0] }),
})
export type Material = z.infer<typeof materialSchema>
