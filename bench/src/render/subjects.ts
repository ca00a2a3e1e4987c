/** The three scenes that are timed, as both renderers get them. */
import type { Physics } from '@dioramic/physics'
import { type Assets, resolveScene, type Scene } from '@dioramic/scene'
import { interior } from '../scenes/interior.ts'
import { open } from '../scenes/open.ts'
import { texturedHdr } from '../scenes/textured-hdr.ts'

const SCENES = { 'textured-hdr': texturedHdr, interior, open }
export type SceneName = keyof typeof SCENES
export const SCENE_NAMES = Object.keys(SCENES) as readonly SceneName[]

/** A scene resolved, and how its bodies move: what a renderer loads. */
export function simulated({ scene, assets }: { readonly scene: Scene; readonly assets: Assets }, physics: Physics) {
  const resolved = resolveScene(scene, assets)
  return { resolved, motion: physics.simulate(resolved) }
}

export const subject = (name: SceneName, size: number, physics: Physics) => simulated(SCENES[name](size), physics)
