/**
 * MOVi-A beside the same recipe made of PyPI's `bpy` and `pybullet` as Kubric does it (kubric_equivalent.py): time of a clip at equal error, one process a clip, with and without
 * start-up, with and without denoisers. Their samples are Kubric's 64; ours are as many as give the same error on one frame of one scene.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { decodeNpy } from '@dioramic/codec'
import { makeClip, settingsSchema } from '@dioramic/generate'
import { loadSource, sourceRef } from '@dioramic/generate/node'
import { createRenderer } from '@dioramic/render'
import { loadKernel } from '@dioramic/render/node'
import { NO_ASSETS } from '@dioramic/scene'
import { type Claim, figure, judge } from '../report.ts'
import { squaredError } from './error.ts'

const LIGHTS = ['denoise', 'plain'] as const
type LightKind = (typeof LIGHTS)[number]
const SCRIPT = fileURLToPath(new URL('./kubric_equivalent.py', import.meta.url))
const OWN = fileURLToPath(new URL('./own-clip.ts', import.meta.url))

interface Mark {
  readonly cpuSeconds: number
  readonly wallSeconds: number
}
/** Of a free core's two threads Cycles' second one spins: the wall clock is the honest one then, and processor time where the machine is shared. */
const secondsOf = (m: Mark) => Math.min(m.cpuSeconds, m.wallSeconds)

interface Told {
  readonly version: string
  readonly file: string
  readonly marks: Readonly<Record<'start' | 'written', Mark>>
}
const child = (command: string, args: readonly (string | number)[]): Told =>
  JSON.parse(
    execFileSync(command, args.map(String), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 26 })
      .trim()
      .split('\n')
      .at(-1)!,
  )

const clipOf = async (seed: number) =>
  makeClip({
    source: await loadSource(sourceRef('movi-a', {})),
    seed,
    index: 0,
    settings: settingsSchema.parse({ labels: [] }),
    assets: NO_ASSETS,
  })

/** The clip as the Python script reads it; poses are those of a frame. */
async function handOver(seed: number, frame: number, folder: string): Promise<string> {
  const { scene, motion } = await clipOf(seed)
  const path = join(folder, `clip-${seed}.json`)
  const poses = Object.fromEntries(scene.objects.map(o => [o.id, motion.pose(o.id, frame / scene.fps)]))
  writeFileSync(path, JSON.stringify({ scene, poses }))
  return path
}

export interface Options {
  readonly quick: boolean
  readonly folder: string
  readonly python: string
}

/** Errors of both on one frame, against two pictures of many samples of the same renderer each, and our samples for their error at Kubric's 64. */
export async function equalError({
  quick,
  folder,
  python,
}: Options): Promise<{ claims: Claim[]; details: unknown; spp: Record<LightKind, number> }> {
  const [seed, frame] = [0, 12]
  const many = quick ? 64 : 256
  const json = await handOver(seed, frame, folder)
  const still = (spp: number, s: number, light: LightKind) => {
    const options = [json, join(folder, 'still'), '--still', frame, '--spp', spp, '--seed', s]
    const told = child(python, [SCRIPT, ...options, ...(light === 'plain' ? ['--no-denoise'] : [])])
    return decodeNpy(readFileSync(told.file)).data as Float32Array
  }
  const { resolved, motion } = await clipOf(seed)
  const renderer = await createRenderer(await loadKernel())
  const loaded = renderer.load(resolved, motion)
  const own = (spp: number, s: number) => loaded.radiance({ camera: 0, frame, spp, maxBounces: 12, seed: [s, 1] })
  const theirMany = [still(many, 101, 'plain'), still(many, 102, 'plain')] as const
  const ourMany = [own(many, 101).color, own(many, 102).color] as const
  const theirs = { denoise: [1, 2], plain: [1, 2] }
  const error = (light: LightKind) => Math.sqrt(theirs[light].reduce((sum, s) => sum + squaredError(still(64, s, light), theirMany), 0) / 2)
  const target = { denoise: error('denoise'), plain: error('plain') }
  const ladder = (quick ? [8, 32] : [16, 32, 64, 128, 256, 512, 1024]).map(spp => {
    const radiance = own(spp, 1)
    return {
      spp,
      plain: Math.sqrt(squaredError(radiance.color, ourMany)),
      denoise: Math.sqrt(squaredError(loaded.denoise(radiance).color, ourMany)),
    }
  })
  renderer.dispose()
  const claims: Claim[] = []
  const spp = { denoise: 0, plain: 0 }
  for (const light of LIGHTS) {
    spp[light] = samplesFor(
      target[light],
      ladder.map(l => ({ spp: l.spp, error: l[light] })),
    )
    claims.push(figure(`movi-a, ${light}: error of Cycles at 64 samples`, target[light]))
    for (const l of ladder) claims.push(figure(`movi-a, ${light}: our error at ${l.spp} samples`, l[light]))
    claims.push(figure(`movi-a, ${light}: our samples for Cycles' error at 64`, spp[light]))
  }
  return { claims, details: { many, target, ladder, spp }, spp }
}

/** Fewest samples, a whole number, whose error is at most `target`, along straight lines between the logarithms of what was measured; infinite above the last of the ladder. */
function samplesFor(target: number, ladder: readonly { readonly spp: number; readonly error: number }[]): number {
  if (ladder[0]!.error <= target) return ladder[0]!.spp
  for (let i = 1; i < ladder.length; i++) {
    const [a, b] = [ladder[i - 1]!, ladder[i]!]
    if (b.error > target) continue
    const u = Math.log(a.error / target) / Math.log(a.error / b.error)
    return Math.ceil(a.spp * (b.spp / a.spp) ** u)
  }
  return Infinity
}

/**
 * Clips by turns, each in a process of its own: theirs denoised at 64 samples, ours denoised at 64 and at a quarter of that, whose difference is what samples take. Theirs without the
 * denoiser are made of seed 0 alone: they are the same samples.
 */
export async function clips(
  { quick, folder, python }: Options,
  seeds: readonly number[],
  spp: Readonly<Record<LightKind, number>>,
): Promise<{ claims: Claim[]; details: unknown }> {
  const frames = quick ? 2 : 24
  const samples = quick ? 8 : 64
  mkdirSync(folder, { recursive: true })
  const runs: { seed: number; theirs: Told['marks']; theirsPlain: Told['marks'] | null; ours: Told['marks']; oursFew: Told['marks'] }[] = []
  for (const seed of seeds) {
    const json = await handOver(seed, 0, folder)
    const their = (light: LightKind) =>
      child(python, [
        SCRIPT,
        ...[json, join(folder, `theirs-${light}-${seed}`), '--spp', samples, '--frames', frames],
        ...(light === 'plain' ? ['--no-denoise'] : []),
      ]).marks
    const our = (n: number) =>
      child(process.execPath, [...process.execArgv, OWN, seed, n, 'denoise', frames, join(folder, `ours-${n}-${seed}`)]).marks
    runs.push({
      seed,
      theirs: their('denoise'),
      ours: our(samples),
      theirsPlain: seed === 0 ? their('plain') : null,
      oursFew: our(samples / 4),
    })
    console.error(JSON.stringify(runs.at(-1)))
  }
  const claims: Claim[] = []
  /** Seconds of one of our clips at a number of samples. */
  const ourTime = (r: (typeof runs)[number], n: number, of: (m: Told['marks']) => number) =>
    of(r.ours) + ((n - samples) * (of(r.ours) - of(r.oursFew))) / (0.75 * samples)
  const whole = (m: Told['marks']) => secondsOf(m.written)
  const started = (m: Told['marks']) => secondsOf(m.written) - secondsOf(m.start)
  const wall = (m: Told['marks']) => m.written.wallSeconds
  for (const [how, of] of [
    ['whole process', whole],
    ['without start-up', started],
    ['wall clock', wall],
  ] as const) {
    claims.push(
      figure(`movi-a, ${how}: seconds a clip, Kubric's way`, ...spread(runs.map(r => of(r.theirs)))),
      figure(`movi-a, ${how}: seconds a clip, Diorama at 64 samples`, ...spread(runs.map(r => of(r.ours)))),
      figure(`movi-a, ${how}: Kubric's way / Diorama at equal samples`, ...spread(runs.map(r => of(r.theirs) / of(r.ours)))),
      judge(
        'worlds',
        `movi-a, ${how}: Kubric's way / Diorama at equal error, each with its denoiser`,
        ...judged(runs.map(r => of(r.theirs) / ourTime(r, spp.denoise, of))),
      ),
    )
    const plain = runs.flatMap(r => (r.theirsPlain ? [of(r.theirsPlain) / ourTime(r, spp.plain, of)] : []))
    if (plain.length > 0) claims.push(figure(`movi-a, ${how}: Kubric's way / Diorama at equal error, neither denoised`, ...spread(plain)))
  }
  return { claims, details: { runs, spp } }
}

/** Median, smallest and largest. */
function spread(x: readonly number[]): [number, [number, number]] {
  const sorted = [...x].sort((a, b) => a - b)
  return [sorted[sorted.length >> 1]!, [sorted[0]!, sorted.at(-1)!]]
}

const judged = (x: readonly number[]): [number, 'at least', [number, number]] => {
  const [median, interval] = spread(x)
  return [median, 'at least', interval]
}
