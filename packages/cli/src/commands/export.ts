import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { exportGltf, makeClip } from '@dioramic/generate'
import { loadSource, sourceRef } from '@dioramic/generate/node'
import { EXIT, UsageError } from '../fail.ts'
import { type FrameOptions, readAssets, settingsOf } from '../frame-settings.ts'
import { writeWhole } from '../whole-file.ts'

/** Writes one clip as a GLB; what the format cannot say goes to standard error. */
export async function exportCommand(world: string, o: FrameOptions & { index: number; out: string }): Promise<number> {
  if (!/\.glb$/i.test(o.out)) throw new UsageError(`--out ${o.out}: a scene is exported as binary glTF; end the name with .glb`)
  const file = resolve(o.out)
  if (!existsSync(dirname(file))) throw new UsageError(`--out ${o.out}: there is no folder ${dirname(file)}; make it first`)
  const source = await loadSource(sourceRef(world, o.config))
  const { assets } = await readAssets(o.assets)
  const clip = await makeClip({ source, seed: o.seed, index: o.index, settings: settingsOf(o, 'none'), assets })
  const { glb, notes } = await exportGltf(clip.resolved, clip.motion)
  writeWhole(file, glb)
  for (const n of notes) process.stderr.write(`note: ${n}\n`)
  process.stdout.write(`${file}\n`)
  return EXIT.ok
}
