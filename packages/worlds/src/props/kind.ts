/** What a kind of prop is: a name, a size, and a function from a key to one of its variants. */
import type { Key } from '@dioramic/scene'
import type { MaterialDraft } from '../builder/material.ts'
import type { Solid } from './solid.ts'

/** A piece of a prop and what covers it. */
export interface PropPart {
  readonly name: string
  readonly solid: Solid
  readonly look: MaterialDraft
}

export interface PropKind {
  readonly name: string
  /** Longest edge of such a thing in the world, metres. */
  readonly length: number
  /** Parts of a variant, +Z up, in any unit; shapes and looks are drawn from the key. */
  make(key: Key): readonly PropPart[]
}
