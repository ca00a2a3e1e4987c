/** All that a sample's bytes depend on besides world, config, seed and index. */
import { VIEWS } from '@dioramic/render'
import { sensorSchema } from '@dioramic/scene'
import { z } from 'zod'

/** What a quality preset means: samples a pixel and longest path. */
export const QUALITIES = {
  draft: { spp: 16, maxBounces: 5 },
  standard: { spp: 64, maxBounces: 8 },
  high: { spp: 256, maxBounces: 12 },
} as const
export type Quality = keyof typeof QUALITIES

/** As `readCalibration` gives it; the scene's schema checks the lenses themselves. */
const calibrationSchema = z.strictObject({
  lenses: z.array(z.record(z.string(), z.json())).min(1).max(2),
  secondFromFirst: z
    .strictObject({
      position: z.tuple([z.number(), z.number(), z.number()]),
      rotation: z.tuple([z.number(), z.number(), z.number(), z.number()]),
    })
    .optional(),
})

/** Severities from least to most. */
const severities = z
  .tuple([z.number().min(0).max(1), z.number().min(0).max(1)])
  .refine(([low, high]) => low <= high)
  .optional()

export const settingsSchema = z.strictObject({
  /** Width and height in pixels; null keeps the scene's own. */
  size: z
    .tuple([z.number().int().min(1).max(16384), z.number().int().min(1).max(16384)])
    .nullable()
    .default(null),
  /** A calibration that replaces what the world's cameras see with; two lenses are a stereo pair on the first camera. */
  calibration: calibrationSchema.optional(),
  /** What varies between clips besides what the world itself draws, and how far (`variationOf`). */
  variation: z
    .strictObject({ lights: severities, textures: severities, pose: severities, camera: severities, distractors: severities })
    .optional(),
  /** Frames a clip; null keeps the scene's own. */
  frames: z.number().int().min(1).max(100_000).nullable().default(null),
  /** Rays a pixel. */
  spp: z.number().int().min(1).max(65536).default(QUALITIES.standard.spp),
  /** Longest light path, in bounces. */
  maxBounces: z.number().int().min(1).max(64).default(QUALITIES.standard.maxBounces),
  /** Roughens what paths meet after they were scattered widely (`RadianceRequest.filterGlossy`). Absent: nothing is. */
  filterGlossy: z.number().positive().max(1000).optional(),
  /** Whether rgb is denoised. */
  denoise: z.boolean().default(true),
  /** Who denoises, where it is not our denoiser. Its bytes are those of one machine. */
  denoiser: z.strictObject({ name: z.literal('oidn'), version: z.string(), portable: z.literal(false) }).optional(),
  /** In the place of what the world's cameras have; null: none of them has a sensor. Absent: as the world says. */
  sensor: sensorSchema.nullable().optional(),
  /** How linear light becomes rgb. */
  view: z.enum(VIEWS).default('filmic'),
  /** Stops: rgb shows the light times 2^exposure; rgb-linear is as it is. */
  exposure: z.number().min(-20).max(20).default(0),
  /** Who made rgb and rgb-linear, where it was not our renderer. Its bytes are those of one machine. */
  renderer: z.strictObject({ name: z.literal('cycles'), version: z.string(), portable: z.literal(false) }).optional(),
  /** Labels by name, presets resolved. */
  labels: z.array(z.string()),
})
export type Settings = z.infer<typeof settingsSchema>
