/** Environment pictures that a scene names and `--assets` did not bring: the embedded ones. */
import { type Assets, embeddedHdrisOf, type HdrImage, loadEmbeddedHdri, type Scene } from '@dioramic/scene'

/** Decoded once a process; the pictures never change. */
const decoded = new Map<string, Promise<HdrImage>>()

/** The assets with every embedded HDR picture that the scene names; pictures of `--assets` go first. */
export async function withEnvironments(scene: Scene, assets: Assets): Promise<Assets> {
  const missing = embeddedHdrisOf(scene.environment).filter(id => !assets.hdris.has(id))
  if (missing.length === 0) return assets
  const hdris = new Map(assets.hdris)
  for (const id of missing) {
    if (!decoded.has(id)) decoded.set(id, loadEmbeddedHdri(id))
    hdris.set(id, await decoded.get(id)!)
  }
  return { ...assets, hdris }
}
