/**
 * MOVi-A beside the same recipe made of PyPI's `bpy` and `pybullet` as Kubric does it (kubric_equivalent.py): time of a clip at equal error, one process a clip, with and without
 * start-up, with and without denoisers. Their samples are Kubric's 64; ours are as many as give the same error on one frame of one scene.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { decodeNpy } from '@dioramic/codec'
import { type Clip, makeClip, settingsSchema } from '@dioramic/generate'
import { findOidn, loadSource, oidnDenoiser, sourceRef } from '@dioramic/generate/node'
import { createRenderer } from '@dioramic/render'
import { loadKernel } from '@dioramic/render/node'
import { NO_ASSETS } from '@dioramic/scene'
import { cpuSeconds } from '../cpu.ts'
import { squaredError } from '../error.ts'
import { type Claim, figure, judge } from '../report.ts'
import { spread } from '../spread.ts'
import { FILTER_GLOSSY } from './filter-glossy.ts'
import { WHOLE } from './rates.ts'

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

/** When a process is ready for a clip, when its first and its last frame are there, when all is written; a still has but the first and the last of these. */
interface Marks {
  readonly start: Mark
  readonly first?: Mark
  readonly rendered?: Mark
  readonly written: Mark
}

interface Told {
  readonly file: string
  readonly marks: Marks
}
const child = (command: string, args: readonly (string | number)[]): Told =>
  JSON.parse(
    execFileSync(command, args.map(String), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 26 })
      .trim()
      .split('\n')
      .at(-1)!,
  )

function wallSeconds<T>(act: () => T): { readonly value: T; readonly seconds: number } {
  const start = performance.now()
  const value = act()
  return { value, seconds: (performance.now() - start) / 1000 }
}

const clipOf = async (seed: number) =>
  makeClip({
    source: await loadSource(sourceRef('movi-a', {})),
    seed,
    index: 0,
    settings: settingsSchema.parse({ labels: [] }),
    assets: NO_ASSETS,
  })

/** The clip as the Python script reads it; poses are those of a frame. */
function handOver({ scene, motion }: Clip, frame: number, folder: string): string {
  const path = join(folder, 'clip.json')
  const poses = Object.fromEntries(scene.objects.map(o => [o.id, motion.pose(o.id, frame / scene.fps)]))
  writeFileSync(path, JSON.stringify({ scene, poses }))
  return path
}

export interface Options {
  readonly quick: boolean
  readonly folder: string
  readonly python: string
}

/** What one frame told: our samples for Cycles' error at Kubric's 64, and what samples and denoisers take. */
export interface Frame {
  readonly spp: Readonly<Record<LightKind, number>>
  /** The same, and seconds of a frame, where Open Image Denoise denoises ours, too; null where it is not there. */
  readonly oidn: { readonly spp: number; readonly seconds: number } | null
  /** CPU seconds of one of our samples of every pixel. */
  readonly sample: number
  /** CPU seconds of a frame's denoising. */
  readonly ourDenoiser: number
  readonly theirDenoiser: number
}

/** Errors of both on one frame of one scene, each against two pictures of many samples by the same renderer. */
export async function equalError({ quick, folder, python }: Options): Promise<{ claims: Claim[]; details: unknown; frame: Frame }> {
  const [seed, at] = [0, 12]
  const many = quick ? 64 : 256
  const clip = await clipOf(seed)
  const json = handOver(clip, at, folder)
  const still = (spp: number, s: number, light: LightKind) => {
    const options = [json, join(folder, 'still'), '--still', at, '--spp', spp, '--seed', s]
    const told = child(python, [SCRIPT, ...options, ...(light === 'plain' ? ['--no-denoise'] : [])])
    const seconds = secondsOf(told.marks.written) - secondsOf(told.marks.start)
    return { seconds, picture: decodeNpy(readFileSync(told.file)).data as Float32Array }
  }
  const renderer = await createRenderer(await loadKernel())
  const loaded = renderer.load(clip.resolved, clip.motion)
  const own = (spp: number, s: number, frame = at) =>
    loaded.radiance({ camera: 0, frame, spp, maxBounces: 12, filterGlossy: FILTER_GLOSSY, seed: [s, frame] })
  const theirMany = [still(many, 101, 'plain').picture, still(many, 102, 'plain').picture] as const
  const ourMany = [own(many, 101).color, own(many, 102).color] as const
  const theirs = (quick ? [1] : [1, 2, 3]).flatMap(s =>
    LIGHTS.map(light => {
      const { seconds, picture } = still(64, s, light)
      return { light, seconds, squared: squaredError(picture, theirMany) }
    }),
  )
  const oidn = process.env['DIORAMA_OIDN'] ? oidnDenoiser(findOidn()) : null
  const ladder = (quick ? [8, 32] : [16, 32, 64, 128, 256, 512, 1024]).map(spp => {
    let picture = own(1, 1)
    const seconds = cpuSeconds(() => {
      picture = own(spp, 1)
    })
    const beside = [own(spp, 1, at - 1), own(spp, 1, at + 1)]
    let denoised = picture.color
    const denoiser = cpuSeconds(() => {
      denoised = loaded.denoise(picture, beside).color
    })
    const told = oidn && wallSeconds(() => oidn(picture))
    const error = { plain: Math.sqrt(squaredError(picture.color, ourMany)), denoise: Math.sqrt(squaredError(denoised, ourMany)) }
    return {
      spp,
      seconds,
      denoiser,
      ...error,
      ...(told && { oidn: Math.sqrt(squaredError(told.value.color, ourMany)), oidnSeconds: told.seconds }),
    }
  })
  renderer.dispose()
  const claims: Claim[] = []
  const spp = { denoise: 0, plain: 0 }
  const theirError = { denoise: 0, plain: 0 }
  const of = (light: LightKind) => theirs.filter(t => t.light === light)
  for (const light of LIGHTS) {
    const target = Math.sqrt(of(light).reduce((sum, t) => sum + t.squared, 0) / of(light).length)
    theirError[light] = target
    const steps = ladder.map(l => ({ spp: l.spp, error: l[light] }))
    spp[light] = samplesFor(target, steps)
    claims.push(figure(`movi-a, ${light}: error of Cycles at 64 samples`, target))
    for (const l of steps) claims.push(figure(`movi-a, ${light}: our error at ${l.spp} samples`, l.error))
    claims.push(figure(`movi-a, ${light}: our samples for Cycles' error at 64`, spp[light]))
  }
  const median = (x: readonly number[]) => spread(x)[0]
  const by = ladder.filter(l => l.oidn !== undefined).map(l => ({ spp: l.spp, error: l.oidn!, seconds: l.oidnSeconds! }))
  for (const l of by) claims.push(figure(`movi-a, OpenImageDenoise on ours: our error at ${l.spp} samples`, l.error))
  const last = ladder.at(-1)!
  const frame = {
    spp,
    oidn: by.length === 0 ? null : { spp: samplesFor(theirError.denoise, by), seconds: median(by.map(l => l.seconds)) },
    sample: last.seconds / last.spp,
    ourDenoiser: median(ladder.map(l => l.denoiser)),
    theirDenoiser: median(of('denoise').map(t => t.seconds)) - median(of('plain').map(t => t.seconds)),
  }
  claims.push(
    figure('movi-a: CPU seconds of one of our samples of a frame', frame.sample),
    figure("movi-a: CPU seconds of a frame's denoising, Diorama", frame.ourDenoiser),
    figure("movi-a: CPU seconds of a frame's denoising, Cycles", frame.theirDenoiser),
  )
  return { claims, details: { many, theirs, ladder, frame }, frame }
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
 * Clips by turns, each in a process of its own, both denoised, at 64 samples, and ours at as many as give Cycles' error, too. What they take at other samples or without denoisers follows from these
 * times and what the one frame told of denoisers, times the frames.
 */
export async function clips(
  { quick, folder, python }: Options,
  seeds: readonly number[],
  frame: Frame | null,
  frames = quick ? 2 : WHOLE,
): Promise<{ claims: Claim[]; details: unknown }> {
  const samples = quick ? 8 : 64
  const runs: (Run & { seed: number })[] = []
  const least = frame?.spp.denoise ?? samples
  for (const seed of seeds) {
    const json = handOver(await clipOf(seed), 0, folder)
    const theirs = child(python, [SCRIPT, json, join(folder, `theirs-${seed}`), '--spp', samples, '--frames', frames]).marks
    const own = (spp: number) =>
      child(process.execPath, [...process.execArgv, OWN, seed, spp, 'denoise', frames, join(folder, `ours-${seed}-${spp}`)]).marks
    const ours = own(samples)
    runs.push({ seed, theirs, ours, ...(least !== samples && Number.isFinite(least) && { equal: own(least) }) })
    console.error(JSON.stringify(runs.at(-1)))
  }
  return { claims: judgeClips(runs, frame, frames, samples), details: { frames, runs, frame } }
}

interface Run {
  readonly theirs: Marks
  readonly ours: Marks
  /** Ours at as many samples as give Cycles' error, both denoised. */
  readonly equal?: Marks
}

function judgeClips(runs: readonly Run[], frame: Frame | null, frames: number, samples: number): Claim[] {
  const claims: Claim[] = []
  // Further frames take as long as those after the first.
  const time = ({ first, rendered, written }: Marks, of: (mark: Mark) => number) =>
    of(first!) + ((WHOLE - 1) / (frames - 1)) * (of(rendered!) - of(first!)) + (WHOLE / frames) * (of(written) - of(rendered!))
  for (const [how, of] of [
    ['whole process', (m: Marks) => time(m, secondsOf)],
    ['without start-up', (m: Marks) => time(m, secondsOf) - secondsOf(m.start)],
    ['wall clock', (m: Marks) => time(m, mark => mark.wallSeconds)],
  ] as const) {
    const ratio = (more: (r: Run) => readonly [number, number]) =>
      spread(
        runs.map(r => {
          const [theirs, ours] = more(r)
          return (of(r.theirs) + theirs) / (of(r.ours) + ours)
        }),
      )
    /** What a clip of ours takes less or more at `spp` samples: by its two runs, which were made one after the other. */
    const extra = (r: Run, { spp, sample }: Frame, n: number) =>
      (n - samples) * (r.equal ? (of(r.ours) - of(r.equal)) / (samples - spp.denoise) : WHOLE * sample)
    claims.push(
      figure(`movi-a, ${how}: seconds a clip, Kubric's way`, ...spread(runs.map(r => of(r.theirs)))),
      figure(`movi-a, ${how}: seconds a clip, Diorama`, ...spread(runs.map(r => of(r.ours)))),
      figure(`movi-a, ${how}: Kubric's way / Diorama at equal samples`, ...ratio(() => [0, 0])),
    )
    if (!frame) continue
    const [median, interval] = ratio(r => [0, extra(r, frame, frame.spp.denoise)])
    if (frame.oidn) {
      const { spp, seconds } = frame.oidn
      const denoising = WHOLE * (seconds - frame.ourDenoiser)
      claims.push(
        figure(
          `movi-a, ${how}: Kubric's way / Diorama at equal error, OpenImageDenoise on both`,
          ...ratio(r => [0, extra(r, frame, spp) + denoising]),
        ),
      )
    }
    claims.push(
      judge('worlds', `movi-a, ${how}: Kubric's way / Diorama at equal error, each with its denoiser`, median, 'at least', interval),
      figure(
        `movi-a, ${how}: Kubric's way / Diorama at equal error, neither denoised`,
        ...ratio(r => [-WHOLE * frame.theirDenoiser, extra(r, frame, frame.spp.plain) - WHOLE * frame.ourDenoiser]),
      ),
    )
  }
  return claims
}
