/** The kernel against the reference: Welch's test of every pixel, of blocks and of the whole picture, with Šidák's correction. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LoadedScene } from '../../src/types.ts'
import { writePpm } from '../support/picture.ts'
import { sidak, welch } from './statistics.ts'
import type { Estimate, LightPart, Reference } from './trace.ts'

/** Mean of `runs` frames (or of a part of their light) with different seeds, and its variance from their spread: no assumption about the sampler. */
export function estimateKernel(scene: LoadedScene, frame: number, spp: number, runs: number, bounces: number, part?: LightPart): Estimate {
  let width = 0
  let height = 0
  let sum = new Float64Array(0)
  let squares = new Float64Array(0)
  for (let i = 0; i < runs; i++) {
    const picture = scene.radiance({ camera: 0, frame, spp, seed: [1000 + i, 7], maxBounces: bounces, split: part !== undefined })
    const color = part ? picture.split![part] : picture.color
    if (i === 0) {
      width = picture.width
      height = picture.height
      sum = new Float64Array(color.length)
      squares = new Float64Array(color.length)
    }
    color.forEach((x, k) => {
      sum[k]! += x
      squares[k]! += x * x
    })
  }
  const mean = sum.map(x => x / runs)
  const variance = squares.map((x, k) => Math.max(0, x / runs - mean[k]! * mean[k]!) / (runs - 1))
  return { width, height, mean, variance, samples: new Float64Array(mean.length).fill(runs) }
}

/** Means over blocks of size × size pixels. */
function blocks(e: Estimate, size: number): Estimate {
  const width = Math.ceil(e.width / size)
  const height = Math.ceil(e.height / size)
  const n = width * height * 3
  const mean = new Float64Array(n)
  const variance = new Float64Array(n)
  const count = new Float64Array(n)
  for (let j = 0; j < e.height; j++) {
    for (let i = 0; i < e.width; i++) {
      for (let c = 0; c < 3; c++) {
        const from = (j * e.width + i) * 3 + c
        const to = (Math.floor(j / size) * width + Math.floor(i / size)) * 3 + c
        mean[to]! += e.mean[from]!
        variance[to]! += e.variance[from]!
        count[to]! += 1
      }
    }
  }
  return {
    width,
    height,
    // Of one pixel: fewer degrees of freedom than there are, to be cautious.
    samples: new Float64Array(n).fill(e.samples.reduce((a, b) => Math.min(a, b), Infinity)),
    mean: mean.map((x, k) => x / count[k]!),
    variance: variance.map((x, k) => x / count[k]! ** 2),
  }
}

export interface Verdict {
  readonly equal: boolean
  /** What differs most, for people. */
  readonly message: string
}

/** Chance that equal pictures fail. */
const ALPHA = 0.001
/** Below this a pixel is black for all purposes; noise of zero variance must not decide. */
const FLOOR = 1e-4
const CHANNELS = 'RGB'
/** Pixels in doubt that get more samples; more than these, and it is no chance. */
const DOUBTS = 12
/** How many times as many. */
const MORE = 24

interface Scale {
  readonly a: Estimate
  readonly b: Estimate
  readonly level: number
  /** Indices of the tests that fail, the worst first, with their p. */
  readonly failing: readonly (readonly [number, number])[]
}

function testBlocks(kernel: Estimate, reference: Estimate, size: number, tolerance: number): Scale {
  const a = size === 1 ? kernel : blocks(kernel, size)
  const b = size === 1 ? reference : blocks(reference, size)
  const level = sidak(ALPHA, a.mean.length)
  const at = (e: Estimate, k: number) => ({ mean: e.mean[k]!, variance: e.variance[k]!, samples: e.samples[k]! })
  const failing: [number, number][] = []
  for (let k = 0; k < a.mean.length; k++) {
    const p = welch(at(a, k), at(b, k), tolerance * Math.abs(b.mean[k]!) + FLOOR)
    if (p < level) failing.push([k, p])
  }
  return { a, b, level, failing: failing.sort((x, y) => x[1] - y[1]) }
}

/**
 * Compares at three scales: small biases show in the sums, misplaced things in the pixels. `tolerance` is relative: what f32, 8-bit exponents and the
 * kernel's tables may add. A pixel that few rays from a light reach looks too sure of itself, so the few pixels that fail are traced again with many
 * more samples before they count. On failure writes both pictures and the signed difference.
 */
export function compare(name: string, kernel: Estimate, reference: Reference, tolerance: number): Verdict {
  const { estimate } = reference
  const doubts = new Set(testBlocks(kernel, estimate, 1, tolerance).failing.map(([k]) => Math.floor(k / 3)))
  if (doubts.size <= DOUBTS) {
    for (const pixel of doubts) {
      reference.refine(pixel % kernel.width, Math.floor(pixel / kernel.width), estimate.samples[pixel * 3]! * MORE)
    }
  }
  const failures: string[] = []
  for (const size of [1, 5, Math.max(kernel.width, kernel.height)]) {
    const { a, b, level, failing } = testBlocks(kernel, estimate, size, tolerance)
    if (failing.length === 0) continue
    const [k, p] = failing[0]!
    const pixel = Math.floor(k / 3)
    const sigma = (e: Estimate) => Math.sqrt(e.variance[k]!).toPrecision(2)
    failures.push(
      `${failing.length} of ${a.mean.length} at scale ${size}; worst: (${pixel % a.width}, ${Math.floor(pixel / a.width)}) ${CHANNELS[k % 3]}: ` +
        `kernel ${a.mean[k]!.toFixed(5)} ± ${sigma(a)}, reference ${b.mean[k]!.toFixed(5)} ± ${sigma(b)}, p ${p.toExponential(1)} < ${level.toExponential(1)}`,
    )
  }
  if (failures.length === 0) return { equal: true, message: '' }
  const folder = mkdtempSync(join(tmpdir(), `diorama-reference-${name}-`))
  const write = (file: string, data: Float64Array) => writePpm(join(folder, file), kernel.width, kernel.height, Float32Array.from(data))
  write('kernel.ppm', kernel.mean)
  write('reference.ppm', estimate.mean)
  // Grey where equal; ten times the difference.
  write(
    'difference.ppm',
    kernel.mean.map((x, k) => 0.5 + 10 * (x - estimate.mean[k]!)),
  )
  return { equal: false, message: `${failures.join('\n')}\npictures: ${folder}` }
}
