/** What is explained: one number of a model (the logit of a class) as a function of its input. */
import { matrix, TheoryError } from '../algebra/matrix.ts'
import { affine, type ReluNet } from '../expressivity/relu-net.ts'

/** A batch of inputs, each of d numbers. */
export type Inputs = readonly Float64Array[]

export interface Score {
  /** Numbers of an input. */
  readonly dimensions: number
  values(inputs: Inputs): Promise<Float64Array> | Float64Array
  /** Value and gradient at each input. Absent where the model can only be run. */
  gradients?(inputs: Inputs): Promise<ValueAndGradient[]> | ValueAndGradient[]
}

export interface ValueAndGradient {
  readonly value: number
  readonly gradient: Float64Array
}

/** The gradients of a score. @throws TheoryError if it has none */
export function gradientsOf(score: Score, inputs: Inputs): Promise<ValueAndGradient[]> | ValueAndGradient[] {
  if (!score.gradients) throw new TheoryError('this explanation needs gradients, and the model can only be run')
  return score.gradients(inputs)
}

/** Output `index` of a ReLU network. */
export function netScore(net: ReluNet, index: number): Score {
  const forward = (x: Float64Array) => {
    const inputs = [x]
    let h = x
    net.forEach((layer, i) => {
      h = affine(layer, h)
      if (i + 1 < net.length) {
        h = h.map(v => Math.max(v, 0))
        inputs.push(h)
      }
    })
    return { inputs, output: h }
  }
  return {
    dimensions: net[0]!.w.cols,
    values: inputs => Float64Array.from(inputs, x => forward(x).output[index]!),
    gradients: all =>
      all.map(x => {
        const { inputs, output } = forward(x)
        let g = new Float64Array(output.length)
        g[index] = 1
        for (let l = net.length - 1; l >= 0; l--) {
          const { w } = net[l]!
          const back = new Float64Array(w.cols)
          for (let i = 0; i < w.rows; i++) if (g[i] !== 0) for (let j = 0; j < w.cols; j++) back[j]! += g[i]! * w.data[i * w.cols + j]!
          if (l > 0) for (let j = 0; j < back.length; j++) if (!(inputs[l]![j]! > 0)) back[j] = 0
          g = back
        }
        return { value: output[index]!, gradient: g }
      }),
  }
}

/**
 * Layer-wise relevance propagation of output `index`, ε-rule: R_j = Σ_i a_j w_ij R_i/(z_i + ε·sign z_i) (Bach et al. 2015). Without biases and with ε = 0 the relevances
 * sum to the output exactly; a bias keeps its share.
 */
export function relevance(net: ReluNet, x: Float64Array, index: number, epsilon = 0): Float64Array {
  const activations = [x]
  const sums: Float64Array[] = []
  net.forEach((layer, i) => {
    const z = affine(layer, activations[i]!)
    sums.push(z)
    activations.push(i + 1 < net.length ? z.map(v => Math.max(v, 0)) : z)
  })
  let r = new Float64Array(sums.at(-1)!.length)
  r[index] = sums.at(-1)![index]!
  for (let l = net.length - 1; l >= 0; l--) {
    const { w } = net[l]!
    const a = activations[l]!
    const back = new Float64Array(w.cols)
    for (let i = 0; i < w.rows; i++) {
      const z = sums[l]![i]!
      const k = z + epsilon * (z < 0 ? -1 : 1)
      if (r[i] === 0 || k === 0) continue
      for (let j = 0; j < w.cols; j++) back[j]! += (a[j]! * w.data[i * w.cols + j]! * r[i]!) / k
    }
    r = back
  }
  return r
}

/** Φ(x) = 1 − ρ(1 − Σ_j ρ(Σ_{i ∈ window j} x_i − (k − 1))) over all windows of length k of d bits: 1 if some block of k is on (Macdonald et al. 2019). */
export function blockNet(d: number, k: number): ReluNet {
  const windows = d - k + 1
  const first = matrix(
    windows,
    d,
    Float64Array.from({ length: windows * d }, (_, at) => {
      const [j, i] = [Math.floor(at / d), at % d]
      return i >= j && i < j + k ? 1 : 0
    }),
  )
  return [
    { w: first, b: new Float64Array(windows).fill(1 - k) },
    { w: matrix(1, windows, new Float64Array(windows).fill(-1)), b: Float64Array.of(1) },
    { w: matrix(1, 1, [-1]), b: Float64Array.of(1) },
  ]
}
