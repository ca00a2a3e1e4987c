/** What the configs of MOVi's worlds have alike. */
import { z } from 'zod'
import { ordered } from '../toolkit/fields.ts'
import { SPLITS } from '../toolkit/splits.ts'

const whole = (byDefault: number, what: string) => z.number().int().min(0).max(100).default(byDefault).describe(what)

/** How many objects are thrown, from a fewest to a most. */
export const countFields = (min: number, max: number) => ({
  minCount: whole(min, 'fewest thrown objects'),
  maxCount: whole(max, 'most thrown objects'),
})

export const gravityField = { gravity: z.number().min(0).max(100).default(10).describe('m/s², downwards') }

/** Of the worlds that CLEVR's lights light. */
export const lightsField = {
  lights: z.number().min(0).max(10).default(2).describe('factor on the four lights; 2 is the brighter rig of the original, 1 the dimmer'),
}

export const splitField = {
  split: z
    .enum(SPLITS)
    .default('train')
    .describe('train: nine tenths of objects and backgrounds; test: the tenth that training never sees; all'),
}

/** Of the worlds that throw a few objects among many that lie there (D, E, F). */
export const heapFields = {
  ...countFields(1, 3),
  minStatic: whole(10, 'fewest objects that lie there'),
  maxStatic: whole(20, 'most objects that lie there'),
  ...gravityField,
  ...splitField,
}

/** Refuses `heapFields` with a fewest above a most. */
export const heapOrder = ordered(['minCount', 'maxCount'], ['minStatic', 'maxStatic'])
