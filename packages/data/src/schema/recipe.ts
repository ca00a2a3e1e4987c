/** recipe.json: what to run to get the same bytes again. dataset.json: what came out. */
import { z } from 'zod'
import { layerSpecSchema } from './layer.ts'
import { files, sha256 } from './primitives.ts'

export const RECIPE_VERSION = 1
export const DATASET_VERSION = 1

export const recipeSchema = z.strictObject({
  version: z.literal(RECIPE_VERSION),
  world: z.string().min(1),
  /** Whole configuration of the world, defaults filled in. */
  config: z.json(),
  configHash: sha256,
  seed: z.number().int().min(0),
  /** Clips of the whole run; a shard holds some of them. */
  count: z.number().int().min(0),
  /** All else that bytes depend on: size, frames, spp, quality, view transform, … */
  settings: z.record(z.string(), z.json()),
  bytesEpoch: z.number().int().min(0),
  /** sha256 (or version) of kernel, physics engine, codecs, assets. */
  hashes: z.record(z.string(), z.string()),
  layers: z.array(layerSpecSchema),
  /** Columns of the instance records: name and definition. */
  instanceLabels: z.array(z.strictObject({ name: z.string(), definition: z.string() })),
  /** `folder` or `webdataset` holds the samples; `coco`, `movi`, `nerf` and `bop` are written beside. */
  formats: z.array(z.enum(['folder', 'webdataset', 'coco', 'movi', 'nerf', 'bop'])),
  /** sha256 of all of the above as canonical JSON. */
  planHash: sha256,
})
export type Recipe = z.infer<typeof recipeSchema>
export type RecipeInput = Omit<Recipe, 'version' | 'planHash' | 'configHash'>

/** An index that could not be made: a named hole, the same on every run. */
export const quarantineSchema = z.strictObject({
  index: z.number().int().min(0),
  /** Short machine-readable cause: `placement`, `kernel-trap`, … */
  code: z.string().min(1),
  /** What happened, where, what to do. The same text on every run. */
  reason: z.string().min(1),
})
export type Quarantine = z.infer<typeof quarantineSchema>

export const sampleEntry = z.strictObject({
  index: z.number().int().min(0),
  /** Folder of the sample. */
  path: z.string(),
  frames: z.number().int(),
  instances: z.number().int(),
  /** Bytes of all its files, sample.json included. */
  bytes: z.number().int(),
  /** sha256 of its sample.json, which holds the hashes of the rest. */
  sha256,
})
export type SampleEntry = z.infer<typeof sampleEntry>

export const datasetSchema = z.strictObject({
  version: z.literal(DATASET_VERSION),
  recipe: recipeSchema,
  conventions: z.record(z.string(), z.string()),
  layers: z.array(layerSpecSchema),
  samples: z.array(sampleEntry),
  quarantined: z.array(quarantineSchema),
  /** Indices of the recipe that are not here: other shards have them. */
  missing: z.array(z.number().int()),
  totals: z.strictObject({ samples: z.number().int(), frames: z.number().int(), bytes: z.number().int() }),
  /** Files beside the samples: recipe.json, contact-sheet.png, coco/instances.json, shards/*. */
  files,
})
export type Dataset = z.infer<typeof datasetSchema>
export type { FileEntry } from './primitives.ts'
