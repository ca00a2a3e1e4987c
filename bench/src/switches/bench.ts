/**
 * What each of the renderer's tricks gains: the kernel with one of them off beside the whole, in turns, on the three scenes and one of many lamps. Noise is the root of the mean variance over repeats;
 * time at equal noise is time times variance, as both fall by the number of samples. The mean of the pictures must not change.
 */
import { initPhysics } from '@dioramic/physics'
import { createRenderer, type LoadedScene, type Renderer } from '@dioramic/render'
import { type Change, compileKernel } from '../../../packages/render/scripts/compile-kernel.ts'
import { cpuSeconds } from '../cpu.ts'
import { noise } from '../render/error.ts'
import { SCENE_NAMES, simulated, subject } from '../render/subjects.ts'
import { type Claim, figure, judge, writeReport } from '../report.ts'
import { lamps } from '../scenes/lamps.ts'
import { spread } from '../spread.ts'
import { NO_CLAMP, SWITCHES, type Switch } from './switches.ts'

interface Runs {
  /** The trick that is off, null in the whole kernel. */
  readonly off: Switch | null
  readonly loaded: LoadedScene
  readonly seconds: number[]
  readonly pictures: Float32Array[]
}

const rendererOf = async (changes: readonly Change[]) =>
  createRenderer(await WebAssembly.compile((await compileKernel({ changes: [NO_CLAMP, ...changes] })) as BufferSource))

const meanOf = (picture: Float32Array) => picture.reduce((sum, x) => sum + x, 0) / picture.length

/** Noise of a picture, the mean of all, and the variance of that mean. */
function estimate(pictures: readonly Float32Array[]): { readonly noise: number; readonly mean: number; readonly variance: number } {
  const means = pictures.map(meanOf)
  const mean = means.reduce((a, b) => a + b, 0) / means.length
  const variance = means.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (means.length - 1) / means.length
  return { noise: noise(pictures), mean, variance }
}

export async function run({ quick, json, only }: { quick: boolean; json: string | undefined; only: readonly string[] }): Promise<void> {
  const [size, spp, repeats] = quick ? [48, 16, 4] : [128, 64, 8]
  const physics = await initPhysics()
  const renderers = new Map<Switch | null, Renderer>()
  for (const s of [null, ...SWITCHES]) renderers.set(s, await rendererOf(s?.changes ?? []))
  let farthest = 0
  const claims: Claim[] = []
  const details: Record<string, unknown> = {}
  for (const scene of [...SCENE_NAMES, 'lamps'] as const) {
    if (only.length > 0 && !only.includes(scene)) continue
    const { resolved, motion } = scene === 'lamps' ? simulated(lamps(size), physics) : subject(scene, size, physics)
    const runs = [...renderers]
      .filter(([s]) => s?.scenes?.includes(scene) ?? true)
      .map(([off, r]): Runs => ({ off, loaded: r.load(resolved, motion), seconds: [], pictures: [] }))
    const render = ({ loaded }: Runs, n: number, seed: number) => loaded.radiance({ camera: 0, frame: 0, spp: n, seed: [seed, 1] }).color
    for (const r of runs) render(r, 8, 99)
    for (let i = 0; i < repeats; i++) {
      for (const r of runs) r.seconds.push(cpuSeconds(() => void r.pictures.push(render(r, spp, i + 1))))
    }
    const whole = runs[0]!
    const base = estimate(whole.pictures)
    claims.push(figure(`${scene}: noise at ${spp} samples`, base.noise))
    for (const r of runs.slice(1)) {
      const own = estimate(r.pictures)
      const [time, interval] = spread(r.seconds.map((s, i) => s / whole.seconds[i]!))
      const variance = (own.noise / base.noise) ** 2
      const error = Math.sqrt(own.variance + base.variance)
      const what = `${scene}, ${r.off!.name} : ${r.off!.without}`
      claims.push(
        figure(`${what}: time of a sample`, time, interval),
        figure(`${what}: noise`, own.noise / base.noise),
        figure(`${what}: time at equal noise`, time * variance, [interval[0] * variance, interval[1] * variance]),
        figure(`${what}: mean, ± 2 standard errors`, own.mean / base.mean, [
          (own.mean - 2 * error) / base.mean,
          (own.mean + 2 * error) / base.mean,
        ]),
      )
      farthest = Math.max(farthest, Math.abs(own.mean - base.mean) / error)
    }
    details[scene] = runs.map(r => ({ off: r.off?.name ?? null, seconds: r.seconds, means: r.pictures.map(meanOf) }))
  }
  claims.push(judge('switches', 'the farthest mean, in standard errors', farthest, 'at most'))
  for (const r of renderers.values()) r.dispose()
  writeReport('switches', claims, details, json)
}
