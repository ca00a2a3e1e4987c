import { add, div, less, matmul, mul, nn, randomUniform, reshape, slice, softmax, stack, topK, transpose, where } from '@dioramic/tensor'
import { capacityOf } from '../capacity.ts'
import { SmlpError } from '../error.ts'
import { balanceOf } from './balance.ts'
import type { Router } from './router.ts'
import type { SwitchOptions } from './switch.ts'

/**
 * Two experts a row, the likeliest two of softmax(x·w), with weights g₁ and g₂ that add up to 1. In training the second is kept with probability min(1, 2·g₂), and an expert has room for
 * twice its even share of rows (Lepikhin et al. 2020, "GShard", algorithm 1). Parameter `w` [d, experts]. Training needs a key.
 */
export const gshardRouter = ({ capacityFactor = 1, balance = 0.01 }: SwitchOptions = {}): Router => ({
  name: 'gshard',
  choices: () => 2,
  parameters: (d, experts) => {
    if (experts < 2)
      throw new SmlpError(`gshard sends each row to two experts; there is ${experts}: take two or more, or the switch router`)
    return { w: nn.weight([d, experts]) }
  },
  route: ({ w }, x, { experts, context }) => {
    const rows = x.shape[0]!
    const probabilities = softmax(matmul(x, w!))
    const { values, indices } = topK(probabilities, 2)
    const best = transpose(values, [1, 0])
    const chosen = transpose(indices, [1, 0])
    const one = (t: typeof best, i: number) => reshape(slice(t, [[i, i + 1]]), [rows])
    const total = add(one(best, 0), one(best, 1))
    const weight = div(best, total)
    const first = one(chosen, 0)
    let second = one(chosen, 1)
    if (context.train) {
      const u = randomUniform(context.needKey('the gshard router'), [rows])
      second = where(less(u, mul(one(weight, 1), 2)), second, experts)
    }
    return {
      expert: stack([first, second]),
      weight,
      capacity: context.train ? capacityOf(rows, experts, { factor: capacityFactor, choices: 2 }) : rows,
      balance: mul(balanceOf(probabilities, first), balance),
      probabilities,
    }
  },
})
