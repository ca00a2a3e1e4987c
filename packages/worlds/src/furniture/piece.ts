/** A piece of furniture, ready to be put somewhere. */
import type { Key, Vec3 } from '@dioramic/scene'
import type { ObjectDraft } from '../builder/object.ts'
import type { Model } from '../solids/model.ts'

export interface Piece {
  /** Stands on z = 0 and faces −Y. What stands against a wall has its back at y = 0; what stands free has its middle there. */
  readonly draft: ObjectDraft
  /** Width, depth and height, metres. */
  readonly size: Vec3
}

export const piece = (model: Model, category: string, size: Vec3, key: Key): Piece => ({ draft: model.draft(category, key), size })
