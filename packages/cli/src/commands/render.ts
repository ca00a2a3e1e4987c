import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { makeClip, makeFrame } from '@dioramic/generate'
import { loadSource, sourceRef } from '@dioramic/generate/node'
import { createRenderer } from '@dioramic/render'
import { loadKernel } from '@dioramic/render/node'
import { EXIT, UsageError } from '../fail.ts'
import { type FrameOptions, readAssets, settingsOf } from '../frame-settings.ts'
import { writeWhole } from '../whole-file.ts'

export async function renderCommand(world: string, o: FrameOptions & { index: number; frame: number; out: string }): Promise<number> {
  if (!/\.png$/i.test(o.out)) throw new UsageError(`--out ${o.out}: a rendered frame is a PNG; end the name with .png`)
  const file = resolve(o.out)
  if (!existsSync(dirname(file))) throw new UsageError(`--out ${o.out}: there is no folder ${dirname(file)}; make it first`)
  const settings = settingsOf(o, 'none')
  const source = await loadSource(sourceRef(world, o.config))
  const { assets } = await readAssets(o.assets)
  const clip = await makeClip({ source, seed: o.seed, index: o.index, settings, assets })
  if (o.frame >= clip.scene.frames) throw new UsageError(`--frame ${o.frame}: the clip has frames 0 to ${clip.scene.frames - 1}`)
  const renderer = await createRenderer(await loadKernel())
  const result = makeFrame(clip, renderer.load(clip.resolved, clip.motion), o.frame, [])
  renderer.dispose()
  writeWhole(file, result.files.find(f => f.layer === 'rgb')!.bytes)
  process.stdout.write(`${file}\n`)
  return EXIT.ok
}
