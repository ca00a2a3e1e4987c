import { z } from 'zod'
import { animated } from './animated.ts'
import { colour, finite, name, nonNegative, positive, radiance, single, strength, unit } from './primitives.ts'

/** A picture that a material reads: 8 bits a channel, row 0 at v = 1 (top), filtered bilinearly, and by its reductions where a ray is wider than a texel. */
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

const wrap = z.enum(['repeat', 'clamp', 'mirror'])

/** A texture by its name in `scene.textures`. */
const textureRef = z.strictObject({
  texture: name,
  /** One channel for a number; ignored for a colour. */
  channel: z.enum(['r', 'g', 'b', 'a']).default('r'),
  /** Placement of this use alone, after the material's mapping: coordinates are scaled, turned (radians counter-clockwise), moved. */
  transform: z
    .strictObject({
      scale: z.tuple([single, single]).default([1, 1]),
      rotation: finite.default(0),
      offset: z.tuple([single, single]).default([0, 0]),
    })
    .optional(),
  /** Along u and v, what stands beyond the picture's edges: it again (by default), its outermost texels, its mirror image. */
  wrap: z.tuple([wrap, wrap]).optional(),
})
export type TextureRef = z.infer<typeof textureRef>

/** Whether a field of a material is read from a texture rather than being a value of its own. */
export const isTexture = (value: unknown): value is TextureRef => typeof value === 'object' && value !== null && 'texture' in value

/** How a surface point finds its texture coordinates. */
const mappingSchema = z.discriminatedUnion('type', [
  /** The mesh's own uv, times `scale`, plus `offset`. */
  z.strictObject({
    type: z.literal('uv'),
    scale: z.tuple([single, single]).default([1, 1]),
    offset: z.tuple([single, single]).default([0, 0]),
  }),
  /**
   * Blended projections along three axes (triplanar), those of the scaled object or those of the world, through which the object then moves; one repeat
   * spans `size` metres.
   */
  z.strictObject({ type: z.literal('box'), size: z.number().min(1e-9), space: z.enum(['object', 'world']).default('object') }),
])

/**
 * Principled material (metallic–roughness, GGX; Burley 2012), with the layers of glTF's extensions in glTF's terms. A colour texture is decoded from
 * sRGB, a number texture is linear. From the outside in: clearcoat, sheen, then a mix of metal, dielectric over a Lambertian base, and glass.
 */
export const materialSchema = z.strictObject({
  baseColor: z.union([animated(colour), textureRef]).default([0.8, 0.8, 0.8]),
  metallic: z.union([animated(unit), textureRef]).default(0),
  /** Perceptual roughness; GGX alpha is its square. */
  roughness: z.union([animated(unit), textureRef]).default(0.5),
  /** Stretches reflections along the tangent: with α = roughness², α along it is α + (1 − α) · anisotropy², across it α (KHR_materials_anisotropy). */
  anisotropy: animated(unit).default(0),
  /** Turn of the tangent about the normal, radians counter-clockwise. The tangent is ∂p/∂u, or without uv the direction around the object's z axis. */
  anisotropyRotation: animated(finite).default(0),
  /** Red and green: direction of the tangent (2·rg − 1, before the turn); blue: factor on `anisotropy`. */
  anisotropyMap: textureRef.optional(),
  /** Index of refraction of the dielectric coat; F0 = ((ior − 1)/(ior + 1))². */
  ior: animated(z.number().min(1).max(4)).default(1.45),
  /** Factor on the dielectric reflection; 1 is Fresnel's own. */
  specular: z.union([animated(z.number().min(0).max(2)), textureRef]).default(1),
  /** Factor on the dielectric reflection at normal incidence (at most to 1), white towards grazing (KHR_materials_specular). */
  specularTint: z.union([animated(radiance), textureRef]).default([1, 1, 1]),
  /** Share of light that passes through the body (smooth or rough glass) rather than scattering back from it. */
  transmission: z.union([animated(unit), textureRef]).default(0),
  /** The surface is a pane without thickness: what passes it is tinted by the base colour, roughened, and not bent. */
  thinWalled: z.boolean().default(false),
  /** Inside a body that transmits, light keeps `attenuationColor` of itself after this many metres; nothing is absorbed without it. */
  attenuationDistance: positive.optional(),
  attenuationColor: colour.default([1, 1, 1]),
  /** Share of a second, isotropic dielectric coat of index 1.5 on top of all. */
  clearcoat: z.union([animated(unit), textureRef]).default(0),
  clearcoatRoughness: z.union([animated(unit), textureRef]).default(0),
  /** Tangent-space normal map of the clearcoat alone, which otherwise is as smooth as the mesh. */
  clearcoatNormalMap: textureRef.optional(),
  clearcoatNormalScale: nonNegative.max(1e6).default(1),
  /** Colour of light that fibres scatter back towards grazing (Estevez and Kulla 2017); black is no sheen. */
  sheenColor: z.union([animated(colour), textureRef]).default([0, 0, 0]),
  sheenRoughness: z.union([animated(unit), textureRef]).default(0.5),
  /** Radiance emitted, W/(m² sr), before `emissionStrength`. */
  emission: z.union([animated(radiance), textureRef]).default([0, 0, 0]),
  emissionStrength: animated(strength).default(1),
  /** Cut-out: a surface below 0.5 is not there for labels; for light it is crossed with probability 1 − opacity. */
  opacity: z.union([unit, textureRef]).default(1),
  /** Tangent-space normal map (glTF convention, +Y up), with `uv` mapping only. */
  normalMap: textureRef.optional(),
  normalScale: nonNegative.max(1e6).default(1),
  /** Heights that bend the shading normal, with either mapping; the channel's 1 stands `bumpHeight` metres (which may be negative) above its 0. */
  bumpMap: textureRef.optional(),
  bumpHeight: single.default(0.001),
  mapping: mappingSchema.default({ type: 'uv', scale: [1, 1], offset: [0, 0] }),
})
export type Material = z.infer<typeof materialSchema>
