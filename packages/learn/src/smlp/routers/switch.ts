import { argMax, expandDims, matmul, max, mul, nn, softmax } from '@dioramic/tensor'
import { capacityOf } from '../capacity.ts'
import { balanceOf } from './balance.ts'
import type { Router } from './router.ts'

export interface SwitchOptions {
  /** Room of an expert in training, in even shares. Default 1.25. */
  readonly capacityFactor?: number
  /** Coefficient of the balance loss. Default 0.01. */
  readonly balance?: number
}

/**
 * One expert a row: the likeliest of softmax(x·w), its output times that probability; what comes when an expert is full is dropped (Fedus et al. 2022, "Switch transformers").
 * Parameter `w` [d, experts].
 */
export const switchRouter = ({ capacityFactor = 1.25, balance = 0.01 }: SwitchOptions = {}): Router => ({
  name: 'switch',
  choices: () => 1,
  parameters: (d, experts) => ({ w: nn.weight([d, experts]) }),
  route: ({ w }, x, { experts, context }) => {
    const rows = x.shape[0]!
    const probabilities = softmax(matmul(x, w!))
    const first = argMax(probabilities, -1)
    return {
      expert: expandDims(first, 0),
      weight: expandDims(max(probabilities, -1), 0),
      capacity: context.train ? capacityOf(rows, experts, { factor: capacityFactor }) : rows,
      balance: mul(balanceOf(probabilities, first), balance),
      probabilities,
    }
  },
})
