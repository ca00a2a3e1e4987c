/** How MOVi throws: from anywhere in a box above the floor, towards the middle. */
import type { Key, Vec3 } from '@dioramic/scene'
import { z } from 'zod'
import type { ObjectDraft } from '../builder/object.ts'
import { region } from '../toolkit/region.ts'

/** Where thrown objects start, metres. */
const SPAWN = region([-5, -5, 1], [5, 5, 5])

/** Starts in the box without overlap, at U[(−4, −4, 0), (4, 4, 0)] less its own (x, y, 0), m/s. */
export function tossed(draft: ObjectDraft, key: Key): ObjectDraft {
  const [vx, vy] = [key.fork('vx').uniform(-4, 4), key.fork('vy').uniform(-4, 4)]
  return draft.dropFrom(SPAWN, { key }).withVelocity((p): Vec3 => [vx - p[0], vy - p[1], 0])
}

const whole = (least: number, byDefault: number, what: string) => z.number().int().min(least).max(100).default(byDefault).describe(what)

/** A number of objects from a fewest to a most, as config fields. */
export const countFields = (min: number, max: number) => ({
  minCount: whole(0, min, 'fewest thrown objects'),
  maxCount: whole(0, max, 'most thrown objects'),
})

export const staticFields = (min: number, max: number) => ({
  minStatic: whole(0, min, 'fewest objects that lie there'),
  maxStatic: whole(0, max, 'most objects that lie there'),
})

export const gravityField = { gravity: z.number().min(0).max(100).default(10).describe('m/s², downwards') }

/** Refuses a fewest above a most, naming both. */
export function ordered(...pairs: readonly (readonly [string, string])[]) {
  return (context: { readonly value: Record<string, unknown>; readonly issues: unknown[] }): void => {
    for (const [low, high] of pairs) {
      const [a, b] = [context.value[low] as number, context.value[high] as number]
      if (a > b) context.issues.push({ code: 'custom', path: [low], input: context.value, message: `${low} ${a} is above ${high} ${b}` })
    }
  }
}
