/** A thing put together from solids, one part a material. */
import type { Key } from '@dioramic/scene'
import type { MaterialDraft } from '../builder/material.ts'
import type { ObjectDraft } from '../builder/object.ts'
import { mesh } from '../builder/shapes.ts'
import { join, type Solid } from './solid.ts'

/** A hundredth of a millimetre: what differs by less is one place, and scenes stay small. */
const place = (x: number) => Math.round(x * 1e5) / 1e5
const direction = (x: number) => Math.round(x * 1e6) / 1e6

export class Model {
  private readonly parts: { readonly name: string; readonly material: MaterialDraft; readonly solids: Solid[] }[] = []

  /** Adds solids of a material; parts are named in the order in which they come first. */
  add(name: string, material: MaterialDraft, ...solids: readonly (Solid | readonly Solid[])[]): this {
    const known = this.parts.find(p => p.name === name)
    if (known) known.solids.push(...solids.flat())
    else this.parts.push({ name, material, solids: solids.flat() })
    return this
  }

  /** The object: all parts in one mesh, colliding as the hulls of its solids. */
  draft(category: string, key?: Key): ObjectDraft {
    const parts = this.parts.map(p => ({ ...p, solid: join(...p.solids) })).filter(p => p.solid.indices.length > 0)
    const whole = join(...parts.map(p => p.solid))
    const hulls = whole.hulls.map(h => h.map(place))
    const draft = mesh(
      {
        positions: whole.positions.map(place),
        normals: whole.normals.map(direction),
        indices: [...whole.indices],
        parts: parts.map(p => ({ name: p.name, triangles: p.solid.indices.length / 3 })),
        ...(hulls.length > 0 ? { hulls } : {}),
      },
      key,
    )
    return draft
      .named(category)
      .category(category)
      .material(parts.map(p => p.material))
  }
}
