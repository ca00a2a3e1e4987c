/** What a room's layout is given and gives back. */
import type { Key, Vec3 } from '@dioramic/scene'
import type { ObjectDraft } from '../../builder/object.ts'
import type { Piece } from '../../furniture/piece.ts'
import { type Region, region } from '../../toolkit/region.ts'
import type { Opening, Room, RoomLook, Wall } from './shell.ts'

export interface Layout {
  readonly room: Room
  readonly look: RoomLook
  readonly windows: readonly Opening[]
  /** Where the door is. */
  readonly door: { readonly wall: Wall; readonly along: number }
  /** Everything in it; what can be pushed is dynamic. */
  readonly things: readonly ObjectDraft[]
  /** Points and powers (watts) of the lamps that are lit. */
  readonly lamps: readonly { readonly position: Vec3; readonly watts: number; readonly radius: number }[]
  /** What the camera looks at. */
  readonly target: Vec3
}

/** A layout of one kind of room. `lit` says whether its lamps are on. */
export type LayoutOf = (key: Key, lit: boolean) => Layout

const BODY = { density: 500, friction: 0.6, restitution: 0.05 } as const

/** Something that stands where it was put and may be pushed. */
export const loose = (draft: ObjectDraft): ObjectDraft => draft.dynamic(BODY)

/** What is above a level rectangle of the room, metres: its middle and half sizes in the room's own x and y, and its height. */
export function top(room: Room, at: readonly [number, number], half: readonly [number, number], z: number): Region {
  const [x, y] = room.at(at[0], at[1])
  return region([x - half[0], y - half[1], z], [x + half[0], y + half[1], z + 1])
}

/**
 * Small things strewn over the first of some level rectangles, clear of each other; what finds no room there is put on the next one. A room can do
 * without any of them: what finds no room at all is left out, and recorded as such.
 */
export function strewn(
  pieces: readonly Piece[],
  [where, ...elsewhere]: readonly [Region, ...Region[]],
  turn: 'yaw' | 'keep' = 'yaw',
): ObjectDraft[] {
  return pieces.map(p => p.draft.standOn(where, { turn, elsewhere, optional: true }).dynamic(BODY))
}

/** Things let fall from a little above a level rectangle, turned any way; left out as those that are strewn where there is no room. */
export function dropped(
  room: Room,
  pieces: readonly Piece[],
  at: readonly [number, number],
  half: readonly [number, number],
  z: readonly [number, number],
): ObjectDraft[] {
  const [x, y] = room.at(at[0], at[1])
  const where = region([x - half[0], y - half[1], z[0]], [x + half[0], y + half[1], z[1]])
  return pieces.map(p => p.draft.dropFrom(where, { turn: 'random', optional: true }).dynamic(BODY))
}

/** `n` of some makers, each with a key of its own. */
export const several = (key: Key, n: number, makers: readonly ((key: Key) => Piece)[]): Piece[] =>
  key.times(n).map(k => k.fork('kind').choice(makers)(k))
