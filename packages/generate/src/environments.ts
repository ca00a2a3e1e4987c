/** Environment pictures that a scene names and `--assets` did not bring: the embedded ones. */
import { type Assets, EMBEDDED_HDRIS, embeddedHdrisOf, type HdrImage, loadEmbeddedHdri, type Scene, suggest } from '@dioramic/scene'
import { QuarantineError } from './error.ts'

/** Decoded once a process; the pictures never change. */
const decoded = new Map<string, Promise<HdrImage>>()

/** The assets with every embedded HDR picture that the scene names; pictures of `--assets` go first. Throws for a name that neither has. */
export async function withEnvironments(scene: Scene, assets: Assets): Promise<Assets> {
  for (const source of [scene.environment?.light, scene.environment?.background]) {
    if (source?.type !== 'hdri' || assets.hdris.has(source.asset) || EMBEDDED_HDRIS.includes(source.asset)) continue
    const known = [...assets.hdris.keys(), ...EMBEDDED_HDRIS]
    throw new QuarantineError('environment', `there is no HDR environment "${source.asset}"; ${suggest(source.asset, known)}`)
  }
  const missing = embeddedHdrisOf(scene.environment).filter(id => !assets.hdris.has(id))
  if (missing.length === 0) return assets
  const hdris = new Map(assets.hdris)
  for (const id of missing) {
    if (!decoded.has(id)) decoded.set(id, loadEmbeddedHdri(id))
    hdris.set(id, await decoded.get(id)!)
  }
  return { ...assets, hdris }
}
