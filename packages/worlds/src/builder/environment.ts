/** What surrounds a scene: HDR pictures, skies, studios. */
import { type Environment, environmentSchema, type Fog, fogSchema, type Vec3 } from '@dioramic/scene'
import type { z } from 'zod'

type Input = z.input<typeof environmentSchema>
type SourceInput = Input['light']

/** An environment on its way into a scene. */
export interface EnvironmentDraft {
  readonly type: 'environment'
  readonly environment: Environment
}

/** Fog on its way into a scene. */
export interface FogDraft {
  readonly type: 'fog'
  readonly fog: Fog
}

/** Fog in a box: `density` is the extinction a metre, `albedo` the share of it that is scattered, `anisotropy` how much of that goes on forwards. */
export const fog = (o: z.input<typeof fogSchema>): FogDraft => ({ type: 'fog', fog: fogSchema.parse(o) })

interface Options {
  /** Factor on the radiance. */
  readonly strength?: number
  /** Turn about +Z, radians. */
  readonly rotation?: number
  /** What camera rays see instead. */
  readonly background?: SourceInput
}

function environment(light: SourceInput, options: Options): EnvironmentDraft {
  const value: Input = { light, strength: options.strength ?? 1, rotation: options.rotation ?? 0 }
  if (options.background) value.background = options.background
  return { type: 'environment', environment: environmentSchema.parse(value) }
}

/** Light and background from an HDR picture, embedded (`workshop`, `studio`, `forest`, …) or of `--assets`. */
export const hdri = (name: string, options: Options = {}): EnvironmentDraft => environment({ type: 'hdri', asset: name }, options)

/** A daylight sky; `elevation` of the sun in radians. */
export const sky = (
  o: Options & Omit<Extract<SourceInput, { type: 'sky' }>, 'type' | 'elevation'> & { elevation: number },
): EnvironmentDraft => {
  const { strength, rotation, background, ...source } = o
  return environment({ type: 'sky', ...source }, pick({ strength, rotation, background }))
}

/** A photo studio with soft boxes. */
export const studio = (o: Options & Omit<Extract<SourceInput, { type: 'studio' }>, 'type'>): EnvironmentDraft => {
  const { strength, rotation, background, ...source } = o
  return environment({ type: 'studio', ...source }, pick({ strength, rotation, background }))
}

/** The same light from everywhere. */
export const ambient = (color: Vec3, options: Options = {}): EnvironmentDraft =>
  environment({ type: 'constant', color: [...color] }, options)

const pick = (o: { [K in keyof Options]: Options[K] | undefined }): Options =>
  Object.fromEntries(Object.entries(o).filter(([, v]) => v !== undefined)) as Options
