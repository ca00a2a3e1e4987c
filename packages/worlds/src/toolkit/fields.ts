/** What the configs of several worlds have alike. */
import { z } from 'zod'
import { SPLITS } from './splits.ts'

/** Which objects a clip is made of; those for training unless asked. */
export const splitField = {
  split: z.enum(SPLITS).default('train').describe('which objects: those for training, those kept for the test, or all'),
}

/** A check of a config, for zod's `.check`: refuses a fewest above a most, naming both. */
export function ordered(...pairs: readonly (readonly [string, string])[]) {
  return (context: { readonly value: Record<string, unknown>; readonly issues: unknown[] }): void => {
    for (const [low, high] of pairs) {
      const [a, b] = [context.value[low] as number, context.value[high] as number]
      if (a > b) context.issues.push({ code: 'custom', path: [low], input: context.value, message: `${low} ${a} is above ${high} ${b}` })
    }
  }
}
