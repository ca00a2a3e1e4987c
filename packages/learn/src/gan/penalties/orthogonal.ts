import { add, constant, eye, flatten, matmul, mul, reshape, sub, sum, type Tensor } from '@dioramic/tensor'
import type { Penalty } from '../contracts.ts'

/**
 * weight·Σ ‖WᵀW ⊙ (1 − I)‖² over the weights W, each as [first axis, rest]: their rows need not have length 1, but are pushed to be orthogonal (Brock et al. 2019), which lets a generator
 * take truncated latents.
 */
export const orthogonal =
  ({ weight = 1e-4 }: { readonly weight?: number } = {}): Penalty =>
  ({ params }) =>
    flatten<Tensor>(params)
      .list.filter(w => w.rank >= 2)
      .reduce<Tensor>((total, w) => {
        const rows = reshape(w, [w.shape[0]!, -1])
        const off = mul(matmul(rows, rows, { transB: true }), sub(1, eye(rows.shape[0]!)))
        return add(total, mul(sum(mul(off, off)), weight))
      }, constant(0))
