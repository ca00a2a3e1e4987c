/** Three small clips of a built-in world, for the tests that validate them. */
import { MemoryStore } from '@dioramic/data'
import { expect } from 'vitest'
import { generate, sourceRef } from '../../src/node/index.ts'
import type { Format } from '../../src/recipe.ts'
import { settingsSchema } from '../../src/settings.ts'

export interface Case {
  /** Config that keeps the world small. */
  readonly config?: Record<string, unknown>
  /** Labels of its task. */
  readonly labels: string[]
  readonly formats?: Format[]
  /** All of the world's own when it is missing. */
  readonly frames?: number
  /** 64 × 64. */
  readonly size?: readonly [number, number]
}

const made = new Map<string, Promise<MemoryStore>>()

/** Three samples, made once a process. */
export function threeClips(name: string, one: Case): Promise<MemoryStore> {
  const known = made.get(name) ?? make(name, one)
  made.set(name, known)
  return known
}

async function make(name: string, { config = {}, labels, formats = ['folder'], frames, size = [64, 64] }: Case): Promise<MemoryStore> {
  const store = new MemoryStore()
  const { dataset } = await generate({
    source: sourceRef(name, config),
    store,
    seed: 3,
    count: 3,
    settings: settingsSchema.parse({ size, frames: frames ?? null, spp: 4, maxBounces: 2, labels }),
    formats,
    workers: 0,
  })
  expect(dataset?.quarantined).toEqual([])
  return store
}
