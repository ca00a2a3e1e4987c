/**
 * What the denoiser is worth, alone and with the frames beside: error, flicker and texture of two frames in a row of five worlds, beside the picture that nothing denoised. `npm run bench -- denoiser`
 *
 * References are two pictures of many samples, independent of each other and of what is judged, so their own noise is in no figure.
 */
import { makeClip, settingsSchema } from '@dioramic/generate'
import { loadSource, sourceRef } from '@dioramic/generate/node'
import { createRenderer, type RadianceFrame } from '@dioramic/render'
import { loadKernel } from '@dioramic/render/node'
import { NO_ASSETS } from '@dioramic/scene'
import { cpuSeconds } from '../cpu.ts'
import { clamp, squaredError } from '../error.ts'
import { type Claim, figure, writeReport } from '../report.ts'

interface Subject {
  readonly world: string
  readonly config?: Record<string, unknown>
  readonly seed: number
  readonly frame: number
}
const SUBJECTS: readonly Subject[] = [
  { world: 'movi-a', seed: 0, frame: 12 },
  { world: 'movi-e', seed: 2, frame: 10 },
  { world: 'rooms', seed: 3, frame: 8 },
  { world: 'synthia', config: { weather: 'fog' }, seed: 719, frame: 4 },
  { world: 'tabletop', seed: 0, frame: 12 },
]
const SIZE = 128

type Picture = Float32Array
type Pair = readonly [Picture, Picture]

/** Change from one picture to the next, both clamped. */
const change = ([a, b]: Pair): Picture => a.map((x, i) => clamp(b[i]!) - clamp(x))

/** Root mean square of what a change has that the true change has not. */
function flicker(change: Picture, [a, b]: Pair): number {
  let sum = 0
  for (let i = 0; i < change.length; i++) sum += (change[i]! - a[i]!) * (change[i]! - b[i]!)
  return Math.sqrt(Math.max(0, sum / change.length))
}

/** Each pixel less the mean of its four neighbours, clamped before. */
function detail(picture: Picture): Picture {
  const out = new Float32Array(picture.length)
  const at = (x: number, y: number, c: number) => clamp(picture[(y * SIZE + x) * 3 + c]!)
  for (let y = 1; y < SIZE - 1; y++)
    for (let x = 1; x < SIZE - 1; x++)
      for (let c = 0; c < 3; c++)
        out[(y * SIZE + x) * 3 + c] = at(x, y, c) - 0.25 * (at(x - 1, y, c) + at(x + 1, y, c) + at(x, y - 1, c) + at(x, y + 1, c))
  return out
}
const dot = (a: Picture, b: Picture) => a.reduce((sum, x, i) => sum + x * b[i]!, 0)

const WAYS = ['plain', 'alone', 'with the frames beside'] as const

export async function run({
  quick,
  json,
  only,
}: {
  readonly quick: boolean
  readonly json: string | undefined
  readonly only: readonly string[]
}): Promise<void> {
  const renderer = await createRenderer(await loadKernel())
  const claims: Claim[] = []
  for (const { world, config = {}, seed, frame } of SUBJECTS.filter(s => only.length === 0 || only.includes(s.world))) {
    const settings = settingsSchema.parse({ labels: [], size: [SIZE, SIZE] })
    const clip = await makeClip({ source: await loadSource(sourceRef(world, config)), seed, index: 0, settings, assets: NO_ASSETS })
    const loaded = renderer.load(clip.resolved, clip.motion)
    const shot = (f: number, spp: number, s: number): RadianceFrame =>
      loaded.radiance({ camera: 0, frame: f, spp, maxBounces: settings.maxBounces, seed: [s, f] })
    const many = quick ? 32 : 512
    const truth = [frame, frame + 1].map(f => [shot(f, many, 101).color, shot(f, many, 102).color] as const)
    const trueChange = [0, 1].map(k => change([truth[0]![k]!, truth[1]![k]!])) as unknown as Pair
    for (const spp of quick ? [4] : [16, 64]) {
      const [before, one, two, after] = [-1, 0, 1, 2].map(d => shot(frame + d, spp, 1)) as [
        RadianceFrame,
        RadianceFrame,
        RadianceFrame,
        RadianceFrame,
      ]
      const pictures: Record<(typeof WAYS)[number], Pair> = {
        plain: [one.color, two.color],
        alone: [loaded.denoise(one).color, loaded.denoise(two).color],
        'with the frames beside': [loaded.denoise(one, [before, two]).color, loaded.denoise(two, [one, after]).color],
      }
      for (const way of WAYS) {
        const pair = pictures[way]
        const name = `${world}, ${spp} samples, ${way}`
        const squared = pair.map((p, k) => squaredError(p, truth[k]!))
        claims.push(figure(`${name}: error`, Math.sqrt(Math.max(0, (squared[0]! + squared[1]!) / 2))))
        claims.push(figure(`${name}: flicker`, flicker(change(pair), trueChange)))
        const [of, other] = truth[0]!.map(detail) as unknown as Pair
        const kept = dot(detail(pair[0]), other) / dot(of, other)
        claims.push(figure(`${name}: texture kept`, kept))
      }
      const seconds = (beside: readonly RadianceFrame[]) => Math.min(...[0, 1, 2].map(() => cpuSeconds(() => loaded.denoise(one, beside))))
      claims.push(
        figure(`${world}, ${spp} samples: CPU seconds of denoising with the frames beside / alone`, seconds([before, two]) / seconds([])),
      )
    }
  }
  renderer.dispose()
  writeReport('denoiser', claims, { size: SIZE }, json)
}
