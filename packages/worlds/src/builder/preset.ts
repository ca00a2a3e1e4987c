/** Named materials of the scene package, as drafts. */
import type { Key } from '@dioramic/scene'
import { type MaterialDraft, material } from './material.ts'

/** A named material (`oak`, `porcelain`, `steel`, …); a key varies what the preset varies. */
export function preset(name: string, _key?: Key): MaterialDraft {
  return material({}, name)
}
