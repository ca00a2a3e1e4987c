/**
 * Time to reach the error that Cycles at its best has at 64 and 256 samples: adaptive sampling, path guiding, light tree, data kept between renders; plain, and with each side's own denoiser; on one core and on
 * two. References are two pictures of 8192 samples by the same renderer, so that the small differences between the two pictures are in no error.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeNpy, encodeNpy } from '@dioramic/codec'
import { exportForCycles, runCycles } from '@dioramic/generate/node'
import type { Physics } from '@dioramic/physics'
import type { LoadedScene, RadianceFrame, Renderer } from '@dioramic/render'
import { FILTER_WIDTH } from '../../../packages/render/src/tables.ts'
import { cpuSeconds } from '../cpu.ts'
import { type Claim, figure, judge } from '../report.ts'
import { spread } from '../spread.ts'
import { means, relativeErrors } from './relative.ts'
import { Threads } from './rows.ts'
import { type SceneName, subject } from './subjects.ts'

const TRIM = 0.001
const WAYS = ['plain', 'denoised'] as const
type Way = (typeof WAYS)[number]

export interface Options {
  readonly quick: boolean
  readonly folder: string
  readonly python: string
  readonly physics: Physics
  readonly renderer: Renderer
  /** Where references are kept: they take half an hour. */
  readonly references: string
}

interface Point {
  readonly spp: number
  readonly seconds: number[]
  readonly all: number[]
  readonly trimmed: number[]
}
type Curve = readonly Point[]
const empty = (spp: readonly number[]): Point[] => spp.map(n => ({ spp: n, seconds: [], all: [], trimmed: [] }))
const mean = (x: readonly number[]) => x.reduce((a, b) => a + b, 0) / x.length

/** Seconds that repeat `i` took to an error, along straight lines between the logarithms; beyond the ends, along the law of 1 / samples of plain sampling. */
function secondsTo(target: number, curve: Curve, i: number, error: 'all' | 'trimmed'): number {
  const steps = curve.map(p => ({ error: mean(p[error]), seconds: p.seconds[i]! }))
  const first = steps[0]!
  if (first.error <= target) return first.seconds * (first.error / target)
  for (let k = 1; k < steps.length; k++) {
    const [a, b] = [steps[k - 1]!, steps[k]!]
    if (b.error <= target) return a.seconds * (b.seconds / a.seconds) ** (Math.log(a.error / target) / Math.log(a.error / b.error))
  }
  const last = steps.at(-1)!
  return last.seconds * (last.error / target)
}

/** Two independent references, kept from one run to the next. */
async function references(
  file: (k: number) => string,
  make: (k: number) => Promise<Float32Array>,
  size: number,
): Promise<readonly [Float32Array, Float32Array]> {
  const one = async (k: number) => {
    if (!existsSync(file(k))) writeFileSync(file(k), encodeNpy({ shape: [size, size, 3], data: await make(k) }))
    return decodeNpy(readFileSync(file(k))).data as Float32Array
  }
  return [await one(0), await one(1)]
}

export async function reach(name: SceneName, o: Options): Promise<{ claims: Claim[]; details: unknown }> {
  const size = o.quick ? 32 : 128
  const many = o.quick ? 256 : 8192
  const spp = o.quick ? [16, 64] : [64, 256]
  const steps = o.quick ? [8, 32, 128] : [8, 16, 32, 64, 128, 256, 512]
  const repeats = o.quick ? 2 : 5
  const { resolved, motion } = subject(name, size, o.physics)
  const loaded: LoadedScene = o.renderer.load(resolved, motion)
  const folder = join(o.folder, `${name}-reach`)
  mkdirSync(folder)
  mkdirSync(o.references, { recursive: true })
  exportForCycles({ resolved, motion, camera: 0, time: 0, filterWidth: FILTER_WIDTH, folder })
  const own = (n: number, seed: number) => loaded.radiance({ camera: 0, frame: 0, spp: n, seed: [seed, 1] })
  const file = (who: string) => (k: number) => join(o.references, `${name}-${who}-${size}-${many}-${k}.npy`)
  const threads = await Threads.start(2, { name, size })
  const ourTruth = await references(file('diorama'), async k => (await threads.render(many, 1001 + k)).picture, size)
  const theirTruth = await references(
    file('cycles'),
    async k => runCycles(o.python, folder, ['--seed', 1001 + k, '--spp', many, '--threads', 2, '--plain']).renders[0]!.picture,
    size,
  )
  const curves: Record<Way, Record<1 | 2, { ours: Point[]; theirs: Point[] }>> = {
    plain: { 1: { ours: empty(steps), theirs: empty(spp) }, 2: { ours: empty(steps), theirs: empty(spp) } },
    denoised: { 1: { ours: empty(steps), theirs: empty(spp) }, 2: { ours: empty(steps), theirs: empty(spp) } },
  }
  const note = (point: Point, seconds: number, picture: Float32Array, truth: readonly [Float32Array, Float32Array]) => {
    const { all, trimmed } = means(relativeErrors(picture, truth), TRIM)
    point.seconds.push(seconds)
    point.all.push(all)
    point.trimmed.push(trimmed)
  }
  own(8, 99)
  for (let i = 0; i < repeats; i++) {
    for (const cores of [1, 2] as const) {
      for (const way of WAYS) {
        const options = ['--seed', i + 1, '--spp', ...spp, '--threads', cores, '--best', ...(way === 'denoised' ? ['--denoise'] : [])]
        const { renders } = runCycles(o.python, folder, options)
        const seconds = (r: (typeof renders)[number]) => (cores === 1 ? Math.min(r.cpuSeconds, r.wallSeconds) : r.wallSeconds)
        // What one sample takes is mostly not the sample (a denoised one's is the denoiser): of plain pictures it is taken off, in Cycles' favour.
        const fixed = way === 'plain' ? seconds(renders[0]!) : 0
        spp.forEach((_, k) => {
          note(curves[way][cores].theirs[k]!, seconds(renders[k + 1]!) - fixed, renders[k + 1]!.picture, theirTruth)
        })
      }
    }
    for (const [k, n] of steps.entries()) {
      let frame!: RadianceFrame
      const one = cpuSeconds(() => {
        frame = own(n, i + 1)
      })
      let denoised!: Float32Array
      const denoising = cpuSeconds(() => {
        denoised = loaded.denoise(frame).color
      })
      const two = await threads.render(n, i + 1)
      note(curves.plain[1].ours[k]!, one, frame.color, ourTruth)
      note(curves.denoised[1].ours[k]!, one + denoising, denoised, ourTruth)
      note(curves.plain[2].ours[k]!, two.seconds, two.picture, ourTruth)
      // Our denoiser works on one thread.
      note(curves.denoised[2].ours[k]!, two.seconds + denoising, denoised, ourTruth)
    }
  }
  await threads.stop()
  const claims: Claim[] = []
  for (const way of WAYS) {
    for (const [k, n] of spp.entries()) {
      const point = curves[way][1].theirs[k]!
      claims.push(figure(`${name}, ${way}: relative error of Cycles at ${n} samples, without the worst thousandth`, mean(point.trimmed)))
      claims.push(figure(`${name}, ${way}: the same of all pixels`, mean(point.all)))
    }
    for (const [k, n] of steps.entries())
      claims.push(
        figure(`${name}, ${way}: our relative error at ${n} samples, without the worst thousandth`, mean(curves[way][1].ours[k]!.trimmed)),
      )
    for (const cores of [1, 2] as const) {
      const { ours, theirs } = curves[way][cores]
      for (const [k, n] of spp.entries()) {
        for (const error of ['trimmed', 'all'] as const) {
          const target = mean(theirs[k]![error])
          const ratios = theirs[k]!.seconds.map((t, i) => t / secondsTo(target, ours, i, error))
          const [median, interval] = spread(ratios)
          const what = `${name}, ${way}, cores ${cores}: time of Cycles at ${n} samples / ours to its error${error === 'all' ? ', all pixels' : ''}`
          claims.push(judge('render', what, median, 'at least', interval))
        }
      }
    }
  }
  const last = curves.plain[1].ours.at(-1)!
  const [median, interval] = spread(last.seconds.map((s, i) => s / curves.plain[2].ours.at(-1)!.seconds[i]!))
  claims.push(judge('render', `${name}: seconds on one core / on two`, median, 'at least', interval))
  return { claims, details: curves }
}
