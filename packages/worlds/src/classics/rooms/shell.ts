/** The empty room: floor, ceiling, walls with a window, skirting, door. */
import { type Key, quat, type Vec3 } from '@dioramic/scene'
import type { MaterialDraft } from '../../builder/material.ts'
import type { ObjectDraft } from '../../builder/object.ts'
import { door, windowFrame } from '../../furniture/openings.ts'
import type { Piece } from '../../furniture/piece.ts'
import { boxBetween } from '../../solids/box.ts'
import { Model } from '../../solids/model.ts'
import type { Solid } from '../../solids/solid.ts'

/** Walls as seen from a camera that stands in the corner between the near and the left one. */
export const WALLS = ['far', 'right', 'near', 'left'] as const
export type Wall = (typeof WALLS)[number]

export interface Opening {
  readonly wall: Wall
  /** Middle along the wall, metres from the wall's own middle; to the right when one faces it. */
  readonly along: number
  readonly width: number
  readonly height: number
  /** Height of its foot above the floor. */
  readonly sill: number
}

export interface RoomLook {
  readonly floor: MaterialDraft
  readonly walls: MaterialDraft
  readonly ceiling: MaterialDraft
  readonly skirting: MaterialDraft | null
}

const THICK = 0.24
const SKIRTING = 0.08

/** A rectangular room about the origin: x runs along the far wall, y towards it, the floor is z = 0. `mirrored` swaps left and right. */
export class Room {
  readonly width: number
  readonly depth: number
  readonly height: number
  readonly mirrored: boolean

  constructor(width: number, depth: number, height: number, mirrored: boolean) {
    this.width = width
    this.depth = depth
    this.height = height
    this.mirrored = mirrored
  }

  length(wall: Wall): number {
    return wall === 'far' || wall === 'near' ? this.width : this.depth
  }

  /** Turn of what faces into the room with its back to a wall. */
  private turn(wall: Wall): number {
    const side = this.mirrored ? -1 : 1
    return wall === 'far' ? 0 : wall === 'near' ? Math.PI : wall === 'right' ? (-side * Math.PI) / 2 : (side * Math.PI) / 2
  }

  /** A point before a wall: `along` it from its middle, to the right when one faces it, `out` metres from it. */
  point(wall: Wall, along: number, out: number, z = 0): Vec3 {
    const q = quat.fromAxisAngle([0, 0, 1], this.turn(wall))
    const reach = (wall === 'far' || wall === 'near' ? this.depth : this.width) / 2
    const [x, y] = quat.rotate(q, [this.mirrored ? -along : along, reach - out, 0])
    return [x, y, z]
  }

  /** A point of the floor as the camera's side sees it: x to the right, y away. */
  at(x: number, y: number, z = 0): Vec3 {
    return [this.mirrored ? -x : x, y, z]
  }

  /** Puts a piece with its back to a wall. */
  against(wall: Wall, piece: Piece, along: number, out = 0.005, z = 0): ObjectDraft {
    return piece.draft.rotated([0, 0, 1], this.turn(wall)).at(this.point(wall, along, out, z))
  }

  /** Puts a piece in the room; `turn` 0 faces the near wall, positive turns to the left as the camera's side sees it. */
  free(piece: Piece, x: number, y: number, turn = 0, z = 0): ObjectDraft {
    return piece.draft.rotated([0, 0, 1], this.mirrored ? -turn : turn).at(this.at(x, y, z))
  }

  /** Floor, ceiling, walls around the openings, skirting, windows and a door; all fixed. */
  shell(key: Key, look: RoomLook, windows: readonly Opening[], doorway: Omit<Opening, 'sill' | 'height' | 'width'>): ObjectDraft[] {
    const [w, d, h] = [this.width, this.depth, this.height]
    const slab = (name: string, material: MaterialDraft, low: number, high: number) =>
      new Model()
        .add(name, material, boxBetween([-w / 2 - THICK, -d / 2 - THICK, low], [w / 2 + THICK, d / 2 + THICK, high], 0.001))
        .draft(name)
        .asBackground()
        .fixed()
    const out = [slab('floor', look.floor, -0.3, 0), slab('ceiling', look.ceiling, h, h + 0.2)]
    for (const wall of WALLS) {
      const holes = windows.filter(o => o.wall === wall)
      out.push(
        this.against(wall, { draft: this.wall(look, wall, holes, doorway), size: [0, 0, 0] }, 0, 0)
          .named(`wall-${wall}`)
          .fixed(),
      )
    }
    const k = key.fork('openings')
    windows.forEach((o, i) => {
      const frame = windowFrame(k.fork('window').fork(i), o.width, o.height, THICK)
      out.push(this.against(o.wall, frame, o.along, 0, o.sill).asBackground().fixed())
    })
    out.push(
      this.against(doorway.wall, door(k.fork('door')), doorway.along, 0)
        .asBackground()
        .fixed(),
    )
    return out
  }

  private wall(
    look: RoomLook,
    wall: Wall,
    holes: readonly Opening[],
    doorway: { readonly wall: Wall; readonly along: number },
  ): ObjectDraft {
    const l = this.length(wall)
    const h = this.height
    const side = this.mirrored ? -1 : 1
    const m = new Model()
    const panel = (x0: number, x1: number, z0: number, z1: number): Solid[] =>
      x1 - x0 > 1e-6 && z1 - z0 > 1e-6 ? [boxBetween([x0, 0, z0], [x1, THICK, z1], 0)] : []
    let x = -l / 2
    for (const o of [...holes].sort((a, b) => side * (a.along - b.along))) {
      const [a, b] = [side * o.along - o.width / 2, side * o.along + o.width / 2]
      m.add('wall', look.walls, panel(x, a, 0, h), panel(a, b, 0, o.sill), panel(a, b, o.sill + o.height, h))
      x = b
    }
    m.add('wall', look.walls, panel(x, l / 2, 0, h))
    if (look.skirting) {
      const strip = (a: number, b: number): Solid[] => (b > a ? [boxBetween([a, -0.014, 0], [b, 0.002, SKIRTING], 0.004)] : [])
      if (doorway.wall === wall)
        m.add('skirting', look.skirting, strip(-l / 2, side * doorway.along - 0.51), strip(side * doorway.along + 0.51, l / 2))
      else m.add('skirting', look.skirting, strip(-l / 2, l / 2))
    }
    return m.draft('wall').asBackground()
  }
}
