/** An experiment is a list of parts; a part runs its arms over seeds, and says what their records show. */
import type { Table } from '@dioramic/learn/report'
import type { Key } from '@dioramic/tensor'
import type { Measurement } from './evidence.ts'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** One run: of an arm, with a seed. Arms with the same seed get the same key, so they are pairs. */
export interface Job<C> {
  readonly arm: string
  readonly seed: number
  readonly config: C
  readonly key: Key
}

/** What the records of a part show. */
export interface Findings {
  readonly claims?: readonly Measurement[]
  readonly tables?: readonly Table[]
  /** SVG pictures with a caption. */
  readonly plots?: readonly { readonly caption: string; readonly svg: string }[]
  readonly notes?: readonly string[]
  /** Claims with a target that this run could not measure: its data are not here, or it is too short for them. A note says why. */
  readonly unmeasured?: readonly string[]
}

/** One question with its runs. `C` is what it is asked with, `R` the record of a run; both plain data. */
export interface Part<C extends Json = Json, R extends Json = Json> {
  /** Lower case with hyphens: it is a file name, too. */
  readonly name: string
  /** One or two sentences of the page. */
  readonly about: string
  readonly arms: readonly string[]
  /** Source that decides its numbers: folders and files, from `packages/`. By default the experiment's. */
  readonly code?: readonly string[]
  /** Everything that decides the numbers, beside code and seed. */
  config(quick: boolean): C & { readonly seeds: number }
  /** About how long one run takes on two cores; only the time left is made of it. */
  seconds(config: C): number
  run(job: Job<C>): R | Promise<R>
  /** `of(arm)`: the records of an arm in the order of the seeds. */
  conclude(of: (arm: string) => readonly R[], config: C): Findings
}

/** A part, its types forgotten: what a list of parts holds. */
export const part = <C extends Json, R extends Json>(p: Part<C, R>): Part => p as unknown as Part

export interface Experiment {
  readonly name: string
  readonly title: string
  readonly about: string
  /** Folders of source, from `packages/`: records made by other code are not used. */
  readonly code: readonly string[]
  readonly parts: readonly Part[]
}
