/** The same scene by Diorama and by Cycles: linear light of both, without denoisers, indirect light of a sample limited to 10. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Physics } from '@dioramic/physics'
import type { Renderer } from '@dioramic/render'
import { NO_ASSETS, resolveScene, type SceneInput, sceneSchema } from '@dioramic/scene'
import { FILTER_WIDTH } from '../../../render/src/tables.ts'
import { runCycles } from '../../src/node/cycles/cycles.ts'
import { exportForCycles } from '../../src/node/cycles/export.ts'

export interface Pair {
  readonly size: number
  /** Linear RGB, row-major, row 0 at the top. */
  readonly ours: Float32Array
  readonly theirs: Float32Array
}

/** Frame 0 of a scene with square pictures, `spp` samples a pixel each. */
export function renderBoth(
  input: SceneInput,
  spp: number,
  { physics, renderer, python }: { physics: Physics; renderer: Renderer; python: string },
  filterGlossy = 0,
): Pair {
  const resolved = resolveScene(sceneSchema.parse(input), NO_ASSETS)
  const motion = physics.simulate(resolved)
  const frame = renderer.load(resolved, motion).radiance({ camera: 0, frame: 0, spp, seed: [1, 1], maxBounces: 12, filterGlossy })
  const folder = mkdtempSync(join(tmpdir(), 'diorama-cycles-'))
  try {
    exportForCycles({ resolved, motion, camera: 0, time: 0, filterWidth: FILTER_WIDTH, folder })
    const { renders } = runCycles(python, folder, ['--spp', spp, '--threads', 2, '--filter-glossy', filterGlossy])
    return { size: frame.width, ours: frame.color.slice(), theirs: renders.at(-1)!.picture }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

export interface BlockDifference {
  /** Blocks along a side. */
  readonly side: number
  /** Ours / Cycles' − 1 of each block's sum of R, G and B. */
  readonly relative: Float64Array
  readonly worst: number
}

/** Relative differences of the means of 8 × 8 pixels; of a block darker than a twentieth of the picture's mean, relative to that. */
export function blockDifference({ size, ours, theirs }: Pair): BlockDifference {
  const side = size / 8
  const sums = (a: Float32Array) => {
    const out = new Float64Array(side * side)
    for (let p = 0; p < size * size; p++) {
      const b = Math.floor(Math.floor(p / size) / 8) * side + Math.floor((p % size) / 8)
      out[b]! += a[3 * p]! + a[3 * p + 1]! + a[3 * p + 2]!
    }
    return out
  }
  const [a, b] = [sums(ours), sums(theirs)]
  const floor = b.reduce((s, v) => s + v, 0) / b.length / 20
  const relative = a.map((v, i) => (v - b[i]!) / Math.max(b[i]!, floor))
  return { side, relative, worst: Math.max(...relative.map(Math.abs)) }
}
