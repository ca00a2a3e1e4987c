import { argMax, expandDims, gather, hostCall, matmul, mul, nn, sigmoid, spec, stopGradient, sum, transpose } from '@dioramic/tensor'
import { balancedAssignment } from '../assignment.ts'
import { SmlpError } from '../error.ts'
import type { Router } from './router.ts'

/**
 * One expert a row, in training exactly rows / experts each: the assignment of the largest total affinity x·w (Lewis et al. 2021, "BASE layers"), solved exactly on the host. No gradient passes
 * through it; the weight sigmoid(x·wₑ) teaches w. Evaluation takes each row's best expert. No balance loss. Parameter `w` [d, experts], orthogonal columns of norm 0.1.
 *
 * In training which expert a row gets depends on the whole batch, on later tokens too; in evaluation on the row alone.
 */
export const baseRouter = (): Router => ({
  name: 'base',
  choices: () => 1,
  parameters: (d, experts) => ({ w: nn.weight([d, experts], { init: nn.orthogonal(0.1) }) }),
  route: ({ w }, x, { experts, context }) => {
    const rows = x.shape[0]!
    if (context.train && rows % experts !== 0)
      throw new SmlpError(
        `the base router gives ${experts} experts equally many rows, which ${rows} are not: choose batch × time divisible by ${experts}`,
      )
    const affinity = stopGradient(matmul(x, w!))
    const expert = context.train
      ? hostCall('balancedAssignment', [affinity], [spec('i64', [rows])], balancedAssignment)[0]!
      : argMax(affinity, -1)
    const own = gather(transpose(w!, [1, 0]), expert)
    return {
      expert: expandDims(expert, 0),
      weight: expandDims(sigmoid(sum(mul(x, own), -1)), 0),
      capacity: context.train ? rows / experts : rows,
    }
  },
})
