import { broadcastTo, expandDims, iota, matmul, nn, softmax, transpose } from '@dioramic/tensor'
import type { Router } from './router.ts'

/** Every row to every expert, weighted by softmax(x·w): the mixture that sparse routers save (Jacobs et al. 1991). Parameter `w` [d, experts]. */
export const denseRouter = (): Router => ({
  name: 'dense',
  choices: experts => experts,
  parameters: (d, experts) => ({ w: nn.weight([d, experts]) }),
  route: ({ w }, x, { experts }) => {
    const rows = x.shape[0]!
    const probabilities = softmax(matmul(x, w!))
    return {
      expert: broadcastTo(expandDims(iota(experts), 1), [experts, rows]),
      weight: transpose(probabilities, [1, 0]),
      capacity: rows,
      probabilities,
    }
  },
})
