/** Embedded HDR rooms that light a scene alike, whichever is drawn. */
import type { Key } from '@dioramic/scene'
import { type EnvironmentDraft, hdri } from '../builder/environment.ts'

/** The brightness of a white floor in each room: irradiance / π of its upper half. */
const FLOOR: Readonly<Record<string, number>> = {
  apartment: 0.65,
  hall: 1.38,
  lab: 1.27,
  lobby: 1.03,
  studio: 4.43,
  venice: 1.13,
  warehouse: 1.2,
  workshop: 1.17,
}

export const ROOM_NAMES: readonly string[] = Object.keys(FLOOR)

/** The `strength` with which an HDR picture gives a white floor a brightness (radiance, W/m²/sr); 1 for pictures that are none of these rooms. */
export const roomStrength = (picture: string, brightness: number): number =>
  Object.hasOwn(FLOOR, picture) ? brightness / FLOOR[picture]! : 1

/**
 * One of the rooms, turned anyhow about the vertical, that gives a white floor the brightness 0.9.
 *
 * @param options of `hdri`, in place of what is drawn
 */
export function litRoom(key: Key, options: Parameters<typeof hdri>[1] = {}): { readonly room: string; readonly light: EnvironmentDraft } {
  const room = key.fork('room').choice(ROOM_NAMES)
  const rotation = key.fork('turn').uniform(0, 2 * Math.PI)
  return { room, light: hdri(room, { strength: roomStrength(room, 0.9), rotation, ...options }) }
}
