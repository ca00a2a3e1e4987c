/** Hashes of every file of two small clips. Browser-safe: the same code runs on every platform under test. */
import { sha256 } from '@dioramic/codec'
import { makeClip, makeFrame, settingsSchema, worldSource } from '@dioramic/generate'
import { selectLabels } from '@dioramic/label'
import { createRenderer } from '@dioramic/render'
import { NO_ASSETS } from '@dioramic/scene'
import { WORLDS } from '@dioramic/worlds'

export async function clipHashes(kernel: WebAssembly.Module): Promise<Record<string, string>> {
  const renderer = await createRenderer(kernel)
  const labels = selectLabels('kubric')
  const settings = settingsSchema.parse({
    size: [32, 32],
    frames: 3,
    spp: 2,
    labels: labels.map(l => (l.kind === 'pixels' ? l.spec.name : l.name)),
  })
  const hashes: Record<string, string> = {}
  for (const name of ['movi-a', 'tabletop'] as const) {
    const clip = await makeClip({ source: worldSource(WORLDS.get(name)!.world, name, {}), seed: 0, index: 0, settings, assets: NO_ASSETS })
    const loaded = renderer.load(clip.resolved, clip.motion)
    for (let frame = 0; frame < clip.scene.frames; frame++) {
      const result = makeFrame(clip, loaded, frame, labels)
      for (const file of result.files) hashes[`${name}/${file.layer}/${frame}`] = sha256(file.bytes)
      hashes[`${name}/record/${frame}`] = sha256(new TextEncoder().encode(JSON.stringify(result.record)))
    }
  }
  renderer.dispose()
  return hashes
}
