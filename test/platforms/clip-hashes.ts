/** Hashes of every file of two small clips and of the feature scenes. Browser-safe: the same code runs on every platform under test. */
import { sha256 } from '@dioramic/codec'
import { keptLight, makeClip, makeFrame, type Source, sceneSource, settingsSchema, worldSource } from '@dioramic/generate'
import { labelName, selectLabels } from '@dioramic/label'
import { createRenderer } from '@dioramic/render'
import { NO_ASSETS } from '@dioramic/scene'
import { WORLDS } from '@dioramic/worlds'
import { FEATURE_SCENES } from './feature-scenes.ts'

export async function clipHashes(kernel: WebAssembly.Module): Promise<Record<string, string>> {
  const renderer = await createRenderer(kernel)
  const hashes: Record<string, string> = {}
  const add = async (name: string, source: Source, chosen: string, rest: object) => {
    const labels = selectLabels(chosen)
    const settings = settingsSchema.parse({ ...rest, labels: labels.map(labelName) })
    const clip = await makeClip({ source, seed: 0, index: 0, settings, assets: NO_ASSETS })
    const loaded = renderer.load(clip.resolved, clip.motion)
    const lightOf = keptLight(clip, loaded, labels)
    for (let frame = 0; frame < clip.scene.frames; frame++) {
      const result = makeFrame(clip, loaded, frame, labels, { lightOf })
      for (const file of result.files) hashes[`${name}/${file.path}`] = sha256(file.bytes)
      hashes[`${name}/record/${frame}`] = sha256(new TextEncoder().encode(JSON.stringify(result.record)))
    }
  }
  for (const name of ['movi-a', 'tabletop'] as const)
    await add(name, worldSource(WORLDS.get(name)!.world, name, {}), 'kubric', { size: [32, 32], frames: 3, spp: 2 })
  for (const [name, scene] of Object.entries(FEATURE_SCENES)) await add(name, sceneSource(scene), 'kubric,light,coverage', { spp: 2 })
  renderer.dispose()
  return hashes
}
