/**
 * What labels cost: processor seconds and bytes of each, alone and together, beside a frame of light at 64 samples a pixel, at 12 and at 200 objects; how
 * far labels are from oracles (truth.ts); and how far an anti-aliased picture of ids agrees with the shares of pixels. `npm run bench -- labels`
 */
import { encodeArrays, encodeLayer, jsonBytes } from '@dioramic/data'
import { type Clip, clipKey, clipScene, makeClip, radianceSeed, sceneSource, settingsSchema } from '@dioramic/generate'
import { loadSource } from '@dioramic/generate/node'
import { clipContext, frameContext, LABELS, type Label, labelClip, labelFrame, labelName, selectLabels } from '@dioramic/label'
import { createRenderer, type LightSplit, type LoadedScene, type RadianceFrame } from '@dioramic/render'
import { loadKernel } from '@dioramic/render/node'
import { NO_ASSETS } from '@dioramic/scene'
import { cpuSeconds } from '../cpu.ts'
import { type Claim, figure, judge, writeReport } from '../report.ts'
import { agreement } from './agreement.ts'
import { truth } from './truth.ts'

const SIZE = 256
const FRAMES = 24
const FRAME = 12

/** A clip of movi-a; above twenty-five objects further layers of them fall from higher up. */
async function open(objects: number, size = SIZE): Promise<Clip> {
  const layers = Math.ceil(objects / 25)
  const each = objects / layers
  const settings = settingsSchema.parse({ size: [size, size], frames: FRAMES, labels: ['contacts'] })
  const movi = await loadSource({ kind: 'builtin', name: 'movi-a', config: { minCount: each, maxCount: each } })
  const scene = await clipScene(movi, clipKey(1, 'movi-a', 0), settings, NO_ASSETS)
  const copies = Array.from({ length: layers - 1 }, (_, l) =>
    scene.objects
      .filter(o => !o.isBackground)
      .map(o => {
        const [x, y, z] = o.position as [number, number, number]
        return {
          ...o,
          id: o.id + 1000 * (l + 1),
          name: `${o.name}-layer-${l}`,
          position: [x, y, z + 6 * (l + 1)] as [number, number, number],
        }
      }),
  ).flat()
  const source = sceneSource({ ...scene, objects: [...scene.objects, ...copies] })
  return makeClip({ source, seed: 1, index: 0, settings, assets: NO_ASSETS })
}

const timed = <T>(run: () => T): { readonly value: T; readonly seconds: number } => {
  let value: T | undefined
  const seconds = cpuSeconds(() => {
    value = run()
  })
  return { value: value as T, seconds }
}
const middle = (times: readonly number[]): number => [...times].sort((a, b) => a - b)[times.length >> 1]!
/** The median of a few runs, each with fresh memory of its own. */
const median = (runs: number, run: () => unknown): number => middle(Array.from({ length: runs }, () => cpuSeconds(run)))

interface Cost {
  readonly seconds: number
  readonly bytes: number
}

function costs(
  clip: Clip,
  loaded: LoadedScene,
  light: LightSplit,
  runs: number,
): { readonly of: Map<string, Cost>; readonly rays: number; readonly all: number; readonly perClip: number; readonly kubric: number } {
  const { resolved, motion } = clip
  const rays = (t: number) => loaded.rays(t)
  const frame = () => frameContext({ resolved, motion, rays, frame: FRAME, light })
  const whole = clipContext({ resolved, motion, rays, key: clip.key.fork('labels') })
  const labels = [...LABELS.values()]
  const perFrame = labels.filter(l => l.kind === 'pixels' || l.kind === 'instances' || l.kind === 'frame')
  const perClip = labels.filter(l => l.kind === 'constants' || l.kind === 'clip' || l.kind === 'arrays')
  const of = new Map<string, Cost>()
  const kubric = selectLabels('kubric')
  const bare = median(runs, () => frame().primary)
  for (const label of perFrame) {
    const told = labelFrame(frame(), [label])
    const layers = told.layers.reduce(
      (n, layer) => n + encodeLayer((label as Extract<Label, { kind: 'pixels' }>).spec, layer).bytes.length,
      0,
    )
    // The first rays are everybody's.
    const seconds = middle(
      Array.from({ length: runs }, () => {
        const context = frame()
        context.primary
        return cpuSeconds(() => labelFrame(context, [label]))
      }),
    )
    of.set(labelName(label), { seconds, bytes: layers || jsonBytes(told.lights ?? told.instances).length })
  }
  for (const label of perClip) {
    const { value, seconds } = timed(() => labelClip(whole, [label]))
    const bytes = Object.values(value.arrays).reduce((n, arrays) => n + encodeArrays(arrays).length, 0)
    of.set(`${labelName(label)} (a clip)`, { seconds, bytes: bytes || jsonBytes(value.events ?? value.language ?? value.instances).length })
  }
  return {
    of,
    rays: bare,
    all: median(runs, () => labelFrame(frame(), perFrame)),
    perClip: timed(() => labelClip(whole, perClip)).seconds,
    kubric:
      median(runs, () =>
        labelFrame(
          frame(),
          perFrame.filter(l => kubric.includes(l)),
        ),
      ) +
      timed(() =>
        labelClip(
          whole,
          perClip.filter(l => kubric.includes(l)),
        ),
      ).seconds /
        FRAMES,
  }
}

export async function run({ quick, json }: { readonly quick: boolean; readonly json: string | undefined }): Promise<void> {
  const claims: Claim[] = []
  const details: Record<string, unknown> = {}
  const kernel = await loadKernel()
  for (const objects of [12, 200]) {
    const clip = await open(objects)
    const loaded = (await createRenderer(kernel)).load(clip.resolved, clip.motion)
    const seed = radianceSeed(clip, 0, FRAME)
    const trace = (spp: number, split: boolean) => loaded.radiance({ camera: 0, frame: FRAME, spp, maxBounces: 8, seed, split })
    const spp = quick ? 16 : 64
    trace(2, false)
    trace(2, true)
    // By turns: what the machine does meanwhile is in both.
    const [whole, inParts]: [number[], number[]] = [[], []]
    let picture: RadianceFrame | undefined
    for (let run = 0; run < (quick ? 1 : 3); run++) {
      whole.push(cpuSeconds(() => trace(spp, false)) * (64 / spp))
      inParts.push(
        cpuSeconds(() => {
          picture = trace(spp, true)
        }) *
          (64 / spp),
      )
    }
    const frame = Math.min(...whole)
    const { split, ...plain } = picture!
    const denoised = median(3, () => loaded.denoise(plain))
    const parts = Math.max(0, Math.min(...inParts) - frame) + Math.max(0, median(3, () => loaded.denoise(picture!)) - denoised)
    const { of, rays, all, perClip, kubric } = costs(clip, loaded, split!, quick ? 1 : 3)
    const share = (all + parts + perClip / FRAMES) / frame
    const name = `${objects} objects: all labels / a frame of 64 spp`
    claims.push(judge('labels', name, share, 'at most'))
    claims.push(judge('labels', `${objects} objects: labels of kubric / a frame of 64 spp`, kubric / frame, 'at most'))
    claims.push(figure(`${objects} objects: seconds of a frame of 64 spp`, frame))
    claims.push(
      figure(`${objects} objects: seconds of the first rays`, rays),
      figure(`${objects} objects: seconds of all labels of a frame but the light`, all),
      figure(`${objects} objects: seconds of the light in parts`, parts),
    )
    claims.push(figure(`${objects} objects: seconds of all labels of a clip`, perClip))
    for (const [label, { seconds, bytes }] of of) {
      claims.push(figure(`${objects} objects: ${label}, ms`, 1000 * seconds), figure(`${objects} objects: ${label}, bytes`, bytes))
    }
    details[`${objects} objects`] = Object.fromEntries(of)
  }
  claims.push(...(await truth(quick ? 20_000 : 1_000_000)))
  const ids = await agreement(await open(12, quick ? 128 : SIZE), FRAME, quick ? 64 : 256)
  claims.push(judge('labels', 'pixels where the flat picture of ids agrees with the object that covers half', ids.agree, 'at least'))
  claims.push(figure('mean difference of shares where objects meet', ids.difference))
  details['ids'] = ids
  writeReport('labels', claims, details, json)
}
