import { sizeOf } from '../../graph/shape.ts'
import { broadcastIndex, type Kernel } from './kernel.ts'

export const matmul: Record<string, Kernel> = {
  matmul: (({ inputs: [a, b], attrs, outputs: [y] }) => {
    const { transA, transB } = attrs as { transA: boolean; transB: boolean }
    const [m, n] = y!.shape.slice(-2) as [number, number]
    const k = a!.shape.at(transA ? -2 : -1)!
    const batch = y!.shape.slice(0, -2)
    const ia = broadcastIndex(a!.shape.slice(0, -2), batch)
    const ib = broadcastIndex(b!.shape.slice(0, -2), batch)
    const [ar, ac] = transA ? [1, m] : [k, 1]
    const [br, bc] = transB ? [1, k] : [n, 1]
    for (let s = 0; s < sizeOf(batch); s++) {
      const a0 = ia(s) * m * k
      const b0 = ib(s) * k * n
      for (let i = 0; i < m; i++)
        for (let j = 0; j < n; j++) {
          let total = 0
          for (let q = 0; q < k; q++) total += a!.data[a0 + i * ar + q * ac]! * b!.data[b0 + q * br + j * bc]!
          y!.data[s * m * n + i * n + j] = total
        }
    }
    return [y!]
  }) as Kernel,
}
