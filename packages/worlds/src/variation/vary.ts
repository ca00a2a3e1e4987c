/**
 * Variation and controlled shift of any finished scene, whatever world made it: domain randomisation (Tobin et al. 2017, 1703.06907) with a measured distance.
 *
 * Each factor moves the scene by a severity drawn from its range, in a direction that is drawn too: the *length* of the move is what the severity says, so two
 * sets of one severity are equally far from the world's own.
 */
import type { Assets, Key, SceneInput } from '@dioramic/scene'
import { varyCamera } from './camera.ts'
import { addDistractors } from './distractors.ts'
import type { Factor, Variation } from './factors.ts'
import { varyLights } from './lights.ts'
import { varyPose } from './pose.ts'
import { varyTextures } from './textures.ts'

/** A changed scene and the draws that changed it, for its metadata. */
export interface Change {
  readonly scene: SceneInput
  readonly draws: Readonly<Record<string, number | readonly number[] | readonly string[]>>
}

type Changer = (scene: SceneInput, key: Key, severity: number, assets: Assets) => Change | Promise<Change>

/** In this order: what is added must find room among what was moved, and the camera looks at the result. */
const CHANGERS: readonly (readonly [Factor, Changer])[] = [
  ['textures', varyTextures],
  ['pose', varyPose],
  ['distractors', addDistractors],
  ['camera', varyCamera],
  ['lights', varyLights],
]

/** The scene varied; `metadata.variation` holds range, severity and draws of every factor that was. The scene itself when nothing varies. */
export async function vary(input: SceneInput, key: Key, variation: Variation, assets: Assets): Promise<SceneInput> {
  let scene = input
  const record: Record<string, unknown> = {}
  for (const [factor, change] of CHANGERS) {
    const range = variation[factor]
    if (!range) continue
    const k = key.fork(factor)
    const severity = k.fork('severity').uniform(range[0], range[1])
    const changed = await change(scene, k.fork('draws'), severity, assets)
    scene = changed.scene
    record[factor] = { range: [...range], severity, ...changed.draws }
  }
  if (Object.keys(record).length === 0) return input
  return { ...scene, metadata: { ...scene.metadata, variation: record as never } }
}
