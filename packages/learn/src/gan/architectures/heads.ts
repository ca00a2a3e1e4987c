import { slice, type Tensor } from '@dioramic/tensor'
import type { Net, Samples, Verdict } from '../contracts.ts'

/** A discriminator whose scores beyond the first `outputs` are handed to `name` them. */
export function withHead(of: Net<Samples, Verdict>, outputs: number, name: (rest: Tensor) => Partial<Verdict>): Net<Samples, Verdict> {
  return {
    ...of,
    apply: (params, state, samples, pass) => {
      const [verdict, next] = of.apply(params, state, samples, pass)
      const scores = slice(verdict.scores, [null, [0, outputs]])
      return [{ ...verdict, scores, ...name(slice(verdict.scores, [null, [outputs]])) }, next]
    },
  }
}
