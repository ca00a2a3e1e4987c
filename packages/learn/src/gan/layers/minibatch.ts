import { abs, concat, exp, matmul, neg, nn, reshape, sub, sum, type Tensor } from '@dioramic/tensor'

/**
 * Minibatch discrimination (Salimans et al. 2016): features x [n, d] with `kernels` more, oᵦ(xᵢ) = Σⱼ exp(−‖Mᵢᵦ − Mⱼᵦ‖₁), how close sample i is to the others of its batch. Parameter
 * `w` [d, kernels·dims].
 */
export const minibatchDiscrimination = (d: number, { kernels = 8, dims = 4 } = {}): nn.Layer =>
  nn.layer<{ w: Tensor }>({
    parameters: { w: nn.weight([d, kernels * dims]) },
    apply: ({ w }, _state, x) => {
      const n = x.shape[0]!
      const m = matmul(x, w)
      const apart = abs(sub(reshape(m, [n, 1, kernels, dims]), reshape(m, [1, n, kernels, dims])))
      return concat([x, sum(exp(neg(sum(apart, 3))), 1)], 1)
    },
  })
