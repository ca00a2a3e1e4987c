import { add, mean, mul, nn, stopGradient, sub, type Tensor } from '@dioramic/tensor'

/** The mean [d] of rows seen so far, moved towards each batch's in training. */
export const runningMean = (d: number, { momentum = 0.005 } = {}): nn.Layer =>
  nn.layer<object, { mean: Tensor }>({
    parameters: {},
    state: { mean: nn.statistic([d]) },
    apply: (_params, state, x, { train }) => {
      if (!train) return state.mean
      const next = add(state.mean, mul(sub(stopGradient(mean(x, 0)), state.mean), momentum))
      return [next, { mean: next }]
    },
  })
