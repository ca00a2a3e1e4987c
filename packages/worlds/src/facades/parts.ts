/** What all parts of a house are made of: plain materials, slabs, panes. */
import type { Vec3 } from '@dioramic/scene'
import type { MaterialDraft } from '../builder/material.ts'
import { material } from '../builder/material.ts'
import { boxBetween } from '../solids/box.ts'
import { Solid } from '../solids/solid.ts'

/** A box between two corners that nothing touches. */
export const slab = (min: Vec3, max: Vec3, bevel = 0): Solid => boxBetween(min, max, bevel).intangible()

/** A sheet in the plane y from (x0, z0) to (x1, z1), facing −Y. */
export const sheet = (y: number, x0: number, x1: number, z0: number, z1: number): Solid =>
  new Solid({
    positions: [x0, y, z0, x1, y, z0, x1, y, z1, x0, y, z1],
    normals: [0, -1, 0, 0, -1, 0, 0, -1, 0, 0, -1, 0],
    indices: [0, 1, 2, 0, 2, 3],
    hulls: [],
  })

/** What windows show: rooms behind are dark, the street is mirrored. */
export const glass = (): MaterialDraft => material({ baseColor: [0.025, 0.032, 0.038], roughness: 0.02, ior: 1.52, specular: 1.4 }, 'glass')
