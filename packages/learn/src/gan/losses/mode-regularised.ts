import { add, mean, mul, neg, softplus, sub } from '@dioramic/tensor'
import type { Loss } from '../contracts.ts'
import { crossEntropies } from './minimax.ts'

/**
 * Mode-regularised GAN (Che et al. 2017): generator and encoder also minimise distance·‖x − G(E(x))‖² (mean over elements) − found·log D(G(E(x))), so that every real sample has a place
 * among what is generated. The architecture must encode.
 */
export const modeRegularised = ({ distance = 0.2, found = 0.4 }: { readonly distance?: number; readonly found?: number } = {}): Loss => ({
  name: 'mode-regularised',
  discriminator: crossEntropies,
  generator: view => {
    const again = view.reconstruct()
    const off = sub(view.real.x, again.x)
    const reached = mean(softplus(neg(view.judge(again).scores)))
    return add(mean(softplus(neg(view.onFake.scores))), add(mul(mean(mul(off, off)), distance), mul(reached, found)))
  },
})
