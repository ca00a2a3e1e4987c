/** A fast-check property as a vitest test; a failure prints its seed and the smallest counterexample. */
import * as fc from 'fast-check'
import { test as vitestTest } from 'vitest'

export { fc }

export const test = {
  prop<T>(name: string, values: fc.Arbitrary<T>, check: (value: T) => void, numRuns = 100): void {
    vitestTest(name, () => {
      fc.assert(
        fc.property(values, value => {
          check(value)
        }),
        { numRuns },
      )
    })
  },
}
