/**
 * The renderer against Cycles on the same scenes, one core each: samples/s, rays/s, error against each renderer's own converged picture,
 * and the time each needs for the same error. Cycles comes from the Python that DIORAMA_CYCLES_PYTHON names (`pip install bpy numpy`).
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { decodeNpy, encodePng } from '@dioramic/codec'
import { initPhysics } from '@dioramic/physics'
import { createRenderer, type LoadedScene, toDisplay } from '@dioramic/render'
import { loadKernel } from '@dioramic/render/node'
import { resolveScene } from '@dioramic/scene'
import { exportForCycles } from '../cycles/export.ts'
import { type Claim, figure, judge, writeReport } from '../report.ts'
import { interior } from '../scenes/interior.ts'
import { texturedHdr } from '../scenes/textured-hdr.ts'
import { clippedRmse, powerLaw } from './error.ts'

const SPP = [16, 64, 256]
const SCENES = { 'textured-hdr': texturedHdr, interior }

interface Timed {
  readonly spp: number
  readonly cpuSeconds: number
  readonly error: number
}

function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const used = process.cpuUsage(before)
  return (used.user + used.system) / 1e6
}

function measureOurs(scene: LoadedScene, referenceSpp: number) {
  const render = (spp: number, seed: number) => scene.radiance({ camera: 0, frame: 0, spp, seed: [seed, 1] })
  render(1, 9)
  const reference = render(referenceSpp, 1000).color
  let rays = 0
  const runs: Timed[] = SPP.map(spp => {
    let frame = render(1, 3)
    const seconds = cpuSeconds(() => {
      frame = render(spp, 5)
    })
    rays = (frame.rays.closest + frame.rays.shadow) / seconds
    return { spp, cpuSeconds: seconds, error: clippedRmse(frame.color, reference) }
  })
  return { runs, reference, raysPerSecond: rays }
}

function measureCycles(folder: string, referenceSpp: number) {
  const python = process.env['DIORAMA_CYCLES_PYTHON']
  if (!python) return null
  const script = fileURLToPath(new URL('../cycles/render.py', import.meta.url))
  const call = (spp: readonly number[], seed: number) => {
    const out = execFileSync(python, [script, folder, '--seed', String(seed), '--spp', ...spp.map(String)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 1 << 26,
    })
    return JSON.parse(out.trim().split('\n').at(-1)!) as { version: string; renders: { spp: number; cpuSeconds: number; file: string }[] }
  }
  const load = (file: string) => decodeNpy(readFileSync(file)).data as Float32Array
  const reference = load(call([referenceSpp], 1000).renders.at(-1)!.file)
  const { version, renders } = call(SPP, 5)
  // The one-sample render is the fixed part (synchronisation, kernel start); it is taken off, in Cycles' favour.
  const fixed = renders[0]!.cpuSeconds
  const runs: Timed[] = renders
    .slice(1)
    .map(r => ({ spp: r.spp, cpuSeconds: r.cpuSeconds - fixed, error: clippedRmse(load(r.file), reference) }))
  return { version, fixed, runs, reference }
}

/** CPU seconds to reach `error`, by the power laws error(spp) and time(spp) of the runs. */
function timeFor(error: number, runs: readonly Timed[]): number {
  const e = powerLaw(
    runs.map(r => r.spp),
    runs.map(r => r.error),
  )
  const last = runs.at(-1)!
  return (last.cpuSeconds / last.spp) * Math.exp(Math.log(error / e.scale) / e.slope)
}

export async function run({ quick, json }: { quick: boolean; json: string | undefined }): Promise<void> {
  const size = quick ? 96 : 192
  const referenceSpp = quick ? 1024 : 4096
  if (!process.env['DIORAMA_CYCLES_PYTHON']) console.error('DIORAMA_CYCLES_PYTHON is not set: only our own figures')
  const folder = mkdtempSync(join(tmpdir(), 'diorama-bench-'))
  const physics = await initPhysics()
  const renderer = await createRenderer(await loadKernel())
  const claims: Claim[] = []
  const details: Record<string, unknown> = {}
  for (const [name, make] of Object.entries(SCENES)) {
    const { scene, assets } = make(size)
    const resolved = resolveScene(scene, assets)
    const motion = physics.simulate(resolved)
    let build = 0
    let loaded!: LoadedScene
    build = cpuSeconds(() => {
      loaded = renderer.load(resolved, motion)
    })
    const ours = measureOurs(loaded, referenceSpp)
    const samples = (size * size * ours.runs.at(-1)!.spp) / ours.runs.at(-1)!.cpuSeconds
    claims.push(figure(`${name}: M samples/s a core`, samples / 1e6), figure(`${name}: M rays/s a core`, ours.raysPerSecond / 1e6))
    claims.push(
      figure(`${name}: load and BVH, s`, build),
      figure(
        `${name}: convergence slope`,
        powerLaw(
          SPP,
          ours.runs.map(r => r.error),
        ).slope,
      ),
    )
    const sceneFolder = join(folder, name)
    mkdirSync(sceneFolder)
    exportForCycles(resolved, motion, 0, sceneFolder)
    const cycles = measureCycles(sceneFolder, referenceSpp)
    const picture = (file: string, linear: Float32Array) =>
      writeFileSync(
        join(sceneFolder, file),
        encodePng({ width: size, height: size, channels: 3, bitDepth: 8, data: toDisplay(linear, size, size, 'standard', 0) }),
      )
    picture('diorama.png', ours.reference)
    if (cycles) {
      picture('cycles.png', cycles.reference)
      const mean = (a: Float32Array) => a.reduce((s, v) => s + Math.min(1, v), 0) / a.length
      const target = cycles.runs[1]!.error
      const ratio = timeFor(target, cycles.runs) / timeFor(target, ours.runs)
      const cyclesSamples = (size * size * cycles.runs.at(-1)!.spp) / cycles.runs.at(-1)!.cpuSeconds
      claims.push(figure(`${name}: Cycles ${cycles.version}, M samples/s a core`, cyclesSamples / 1e6))
      claims.push(figure(`${name}: mean of ours / Cycles' picture`, mean(ours.reference) / mean(cycles.reference)))
      claims.push(figure(`${name}: difference of the two converged pictures, clipped RMSE`, clippedRmse(ours.reference, cycles.reference)))
      claims.push(judge('render', `${name}: time at equal error, Cycles / Diorama`, ratio, 'at least'))
    }
    details[name] = {
      triangles: resolved.objects.reduce((n, o) => n + o.mesh.indices.length / 3, 0),
      ours: ours.runs,
      cycles: cycles?.runs,
      cyclesFixed: cycles?.fixed,
    }
  }
  renderer.dispose()
  console.error(`pictures: ${folder}`)
  writeReport('render', claims, details, json)
}
