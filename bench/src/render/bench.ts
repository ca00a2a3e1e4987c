/**
 * The renderer against Cycles on the same scenes, one thread each, interleaved and repeated with different seeds: samples/s, rays/s, noise at equal
 * samples, the time each needs for the same noise, convergence, and how far the two pictures differ. Cycles comes from the Python that
 * DIORAMA_CYCLES_PYTHON names (`pip install bpy numpy`).
 */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodePng } from '@dioramic/codec'
import { type CyclesRun, exportForCycles, runCycles } from '@dioramic/generate/node'
import { initPhysics } from '@dioramic/physics'
import { createRenderer, type LoadedScene, toDisplay } from '@dioramic/render'
import { loadKernel } from '@dioramic/render/node'
import { FILTER_WIDTH } from '../../../packages/render/src/tables.ts'
import { cpuSeconds } from '../cpu.ts'
import { type Claim, figure, judge, writeReport } from '../report.ts'
import { setting } from '../setting.ts'
import { spread } from '../spread.ts'
import { clippedRmse, mean, noise, powerLaw } from './error.ts'
import { reach } from './reach.ts'
import { SCENE_NAMES, subject } from './subjects.ts'

const PARTS = ['noise', 'reach']

/** All repeats at one number of samples. */
interface Runs {
  readonly spp: number
  readonly cpuSeconds: number[]
  readonly pictures: Float32Array[]
}
const empty = (spp: readonly number[]): Runs[] => spp.map(n => ({ spp: n, cpuSeconds: [], pictures: [] }))

/** On a free core Cycles' second thread spins while the first works, which doubles its processor time; on a busy one the wall clock counts what others did. */
const secondsOf = (r: CyclesRun['renders'][number]) => Math.min(r.cpuSeconds, r.wallSeconds)

const median = (x: readonly number[]) => spread(x)[0]
const law = (runs: readonly Runs[]) =>
  powerLaw(
    runs.map(r => r.spp),
    runs.map(r => noise(r.pictures)),
  )
/** CPU seconds to reach a noise, by the power law of the runs and the time a sample took in repeat `i`. */
function timeFor(target: number, runs: readonly Runs[], i: number): number {
  const { scale, slope } = law(runs)
  const last = runs.at(-1)!
  return (last.cpuSeconds[i]! / last.spp) * Math.exp(Math.log(target / scale) / slope)
}

/** Parts and scenes may be named: `npm run bench -- render reach open`. `references=FOLDER` keeps the references of `reach`. */
export async function run({ quick, json, only }: { quick: boolean; json: string | undefined; only: readonly string[] }): Promise<void> {
  const asked = (name: string, among: readonly string[]) => only.includes(name) || !only.some(o => among.includes(o))
  const size = quick ? 64 : 128
  const spp = quick ? [8, 32] : [16, 64, 256]
  const repeats = quick ? 3 : 5
  const python = process.env['DIORAMA_CYCLES_PYTHON']
  if (!python) console.error('DIORAMA_CYCLES_PYTHON is not set: only our own figures')
  const folder = mkdtempSync(join(tmpdir(), 'diorama-bench-'))
  const physics = await initPhysics()
  const renderer = await createRenderer(await loadKernel())
  const claims: Claim[] = []
  const details: Record<string, unknown> = { loadBefore: loadavg()[0] }
  for (const name of SCENE_NAMES) {
    if (!asked(name, SCENE_NAMES)) continue
    if (python && asked('reach', PARTS)) {
      const found = await reach(name, {
        quick,
        folder,
        python,
        physics,
        renderer,
        references: setting('references', only) ?? join(folder, 'references'),
      })
      claims.push(...found.claims)
      details[`${name}, reach`] = found.details
    }
    if (!asked('noise', PARTS)) continue
    const { resolved, motion } = subject(name, size, physics)
    let loaded!: LoadedScene
    const build = cpuSeconds(() => {
      loaded = renderer.load(resolved, motion)
    })
    const sceneFolder = join(folder, name)
    mkdirSync(sceneFolder)
    exportForCycles({ resolved, motion, camera: 0, time: 0, filterWidth: FILTER_WIDTH, folder: sceneFolder })

    const ours = empty(spp)
    const theirs = empty(spp)
    const fixed: number[] = []
    let version = ''
    let rays = { closest: 0, shadow: 0 }
    const render = (n: number, seed: number) => loaded.radiance({ camera: 0, frame: 0, spp: n, seed: [seed, 1] })
    // The compiler's second tier takes over during this one.
    render(8, 99)
    for (let i = 0; i < repeats; i++) {
      if (python) {
        const out = runCycles(python, sceneFolder, ['--seed', i + 1, '--spp', ...spp])
        version = out.version
        fixed.push(secondsOf(out.renders[0]!))
        theirs.forEach((r, k) => {
          const render = out.renders[k + 1]!
          // What one sample takes is mostly not the sample: it is taken off, in Cycles' favour.
          r.cpuSeconds.push(secondsOf(render) - secondsOf(out.renders[0]!))
          r.pictures.push(render.picture)
        })
      }
      for (const r of ours) {
        r.cpuSeconds.push(
          cpuSeconds(() => {
            const frame = render(r.spp, i + 1)
            r.pictures.push(frame.color)
            rays = frame.rays
          }),
        )
      }
    }

    const most = ours.at(-1)!
    const samples = size * size * most.spp
    const rate = (runs: readonly Runs[]) => samples / median(runs.at(-1)!.cpuSeconds) / 1e6
    claims.push(
      figure(`${name}: M samples/s a core`, rate(ours)),
      figure(`${name}: M rays/s a core`, ((rays.closest + rays.shadow) / samples) * rate(ours)),
      figure(`${name}: load and BVH, CPU s`, build),
      judge('render', `${name}: slope of noise over samples`, law(ours).slope, 'at most'),
    )
    for (const r of ours) claims.push(figure(`${name}: noise at ${r.spp} spp`, noise(r.pictures)))
    const picture = (file: string, linear: Float32Array) =>
      writeFileSync(
        join(sceneFolder, file),
        encodePng({ width: size, height: size, channels: 3, bitDepth: 8, data: toDisplay(linear, size, size, 'standard', 0) }),
      )
    const ourMean = mean(most.pictures)
    picture('diorama.png', ourMean)
    if (python) {
      const theirMean = mean(theirs.at(-1)!.pictures)
      picture('cycles.png', theirMean)
      for (const r of theirs) claims.push(figure(`${name}: noise of Cycles at ${r.spp} spp`, noise(r.pictures)))
      const total = (a: Float32Array) => a.reduce((s, v) => s + Math.min(1, v), 0)
      // Noise that the two means still have, if the pictures were the same.
      const expected = Math.hypot(noise(most.pictures), noise(theirs.at(-1)!.pictures)) / Math.sqrt(repeats)
      claims.push(
        figure(`${name}: Cycles ${version}, M samples/s a core`, rate(theirs)),
        figure(`${name}: fixed part of a Cycles render, CPU s`, median(fixed)),
        figure(`${name}: slope of Cycles' noise`, law(theirs).slope),
        figure(`${name}: mean of our picture / Cycles'`, total(ourMean) / total(theirMean)),
        figure(`${name}: difference of the mean pictures, clipped RMSE`, clippedRmse(ourMean, theirMean)),
        figure(`${name}: the same, expected of equal pictures`, expected),
      )
      const samplesRatio = theirs.at(-1)!.cpuSeconds.map((t, i) => t / most.cpuSeconds[i]!)
      claims.push(figure(`${name}: time at equal samples, Cycles / Diorama`, ...spread(samplesRatio)))
      const target = noise(theirs[1]!.pictures)
      const ratios = most.cpuSeconds.map((_, i) => timeFor(target, theirs, i) / timeFor(target, ours, i))
      const [typical, interval] = spread(ratios)
      claims.push(judge('render', `${name}: time at equal error, Cycles / Diorama`, typical, 'at least', interval))
    }
    const times = (runs: readonly Runs[]) => runs.map(r => ({ spp: r.spp, cpuSeconds: r.cpuSeconds, noise: noise(r.pictures) }))
    details[name] = {
      triangles: resolved.objects.reduce((n, o) => n + o.mesh.indices.length / 3, 0),
      raysPerSample: [rays.closest / samples, rays.shadow / samples],
      ours: times(ours),
      cycles: python ? times(theirs) : null,
      cyclesFixed: fixed,
    }
  }
  renderer.dispose()
  details['loadAfter'] = loadavg()[0]
  console.error(`load ${Number(details['loadBefore']).toFixed(1)} … ${loadavg()[0]!.toFixed(1)}; pictures: ${folder}`)
  writeReport('render', claims, details, json)
}
