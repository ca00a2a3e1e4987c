import { z } from 'zod'

/** A `LayerSpec` as dataset.json and recipe.json hold it. */
export const layerSpecSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'a layer is named in lower case with hyphens, like flow-forward'),
  dtype: z.enum(['u8', 'u16', 'f32']),
  channels: z.number().int().min(1).max(16),
  encoding: z.enum(['png', 'npz', 'exr']),
  scale: z.number(),
  offset: z.number(),
  unit: z.string(),
  definition: z.string(),
})
