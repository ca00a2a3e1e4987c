/** What the registry knows of a world besides the world itself. */
import type { World } from './world.ts'

export interface WorldEntry {
  readonly world: World
  readonly summary: string
  /** What a clip of the default size costs, in words. */
  readonly cost: string
  /** A command that works. */
  readonly command: string
}

/** An entry by the world's own name and description. */
export function entry<C>(world: World<C>, cost: string, command: string): readonly [string, WorldEntry] {
  if (world.name === null) throw new TypeError(`a built-in world needs a name: ${world.description}`)
  return [world.name, { world: world as World, summary: world.description, cost, command }]
}
