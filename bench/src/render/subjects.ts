/** The three scenes that are timed, as both renderers get them. */
import type { Physics } from '@dioramic/physics'
import { resolveScene } from '@dioramic/scene'
import { interior } from '../scenes/interior.ts'
import { open } from '../scenes/open.ts'
import { texturedHdr } from '../scenes/textured-hdr.ts'

const SCENES = { 'textured-hdr': texturedHdr, interior, open }
export type SceneName = keyof typeof SCENES
export const SCENE_NAMES = Object.keys(SCENES) as readonly SceneName[]

export function subject(name: SceneName, size: number, physics: Physics) {
  const { scene, assets } = SCENES[name](size)
  const resolved = resolveScene(scene, assets)
  return { resolved, motion: physics.simulate(resolved) }
}
