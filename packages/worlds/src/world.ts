/** A world: a short program that, given a key and a config, puts objects, lights and cameras into a scene. */
import type { Assets, Key, SceneInput } from '@dioramic/scene'
import { z } from 'zod'
import type { SceneBuilder } from './builder/scene.ts'

export interface BuildContext<C> {
  /** All randomness of the clip; fork it before each draw. */
  readonly key: Key
  readonly config: C
  /** What `--assets` gave; empty without it. */
  readonly assets: Assets
}

export interface WorldSpec<S extends z.ZodType> {
  readonly name?: string
  /** One line for `diorama worlds`. */
  readonly description?: string
  /** What may be set with `--config key=value`; every field needs a default. */
  readonly config?: S
  build(context: BuildContext<z.output<S>>): SceneBuilder | SceneInput | Promise<SceneBuilder | SceneInput>
}

/** What `defineWorld` makes and `generate` runs. */
export interface World<C = unknown> {
  readonly kind: 'world'
  readonly name: string | null
  readonly description: string
  readonly config: z.ZodType<C>
  build(context: BuildContext<C>): SceneBuilder | SceneInput | Promise<SceneBuilder | SceneInput>
}

/**
 * Declares a world; a world file exports it by default.
 *
 * `build` must be a pure function of what it is given: draw with `key.fork('name')`, never from `Math.random` or the clock.
 */
export function defineWorld<S extends z.ZodType = z.ZodObject<Record<string, never>>>(spec: WorldSpec<S>): World<z.output<S>> {
  return Object.freeze({
    kind: 'world',
    name: spec.name ?? null,
    description: spec.description ?? '',
    config: (spec.config ?? z.strictObject({})) as unknown as z.ZodType<z.output<S>>,
    build: (context: BuildContext<z.output<S>>) => spec.build(context),
  })
}

export const isWorld = (value: unknown): value is World =>
  typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'world' && 'build' in value
