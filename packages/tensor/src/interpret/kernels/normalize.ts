import type { Kernel } from './kernel.ts'

export const normalize: Record<string, Kernel> = {
  layerNorm: (({ inputs: [x, gamma, beta], attrs, outputs: [y, mean, inv] }) => {
    const { epsilon } = attrs as { epsilon: number }
    const d = x!.shape.at(-1)!
    for (let r = 0; r < mean!.data.length; r++) {
      const row = x!.data.subarray(r * d, (r + 1) * d)
      let total = 0
      for (let j = 0; j < d; j++) total += row[j]!
      const mu = total / d
      let squares = 0
      for (let j = 0; j < d; j++) squares += (row[j]! - mu) * (row[j]! - mu)
      const s = 1 / Math.sqrt(squares / d + epsilon)
      mean!.data[r] = mu
      inv!.data[r] = s
      for (let j = 0; j < d; j++) y!.data[r * d + j] = (row[j]! - mu) * s * gamma!.data[j]! + beta!.data[j]!
    }
    return [y!, mean!, inv!]
  }) as Kernel,
  layerNormGrad: ({ inputs: [x, mean, inv, gamma, g], outputs: [dx, dGamma, dBeta] }) => {
    const d = x!.shape.at(-1)!
    const sumGamma = new Float64Array(d)
    const sumBeta = new Float64Array(d)
    for (let r = 0; r < mean!.data.length; r++) {
      const mu = mean!.data[r]!
      const s = inv!.data[r]!
      let a = 0
      let b = 0
      for (let j = 0; j < d; j++) {
        const hat = (x!.data[r * d + j]! - mu) * s
        const c = g!.data[r * d + j]!
        a += c * gamma!.data[j]!
        b += c * gamma!.data[j]! * hat
        sumGamma[j]! += c * hat
        sumBeta[j]! += c
      }
      for (let j = 0; j < d; j++) {
        const hat = (x!.data[r * d + j]! - mu) * s
        dx!.data[r * d + j] = s * (g!.data[r * d + j]! * gamma!.data[j]! - a / d - (hat * b) / d)
      }
    }
    dGamma!.data.set(sumGamma)
    dBeta!.data.set(sumBeta)
    return [dx!, dGamma!, dBeta!]
  },
}
