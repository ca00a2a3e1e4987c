import { add, Tensor } from '@dioramic/tensor'
import type { Loss, Penalty, View } from '../contracts.ts'

/** A loss with penalties added to its sides. */
export function penalised(
  loss: Loss,
  { discriminator = [], generator = [] }: { readonly discriminator?: readonly Penalty[]; readonly generator?: readonly Penalty[] },
): Loss {
  const with_ = (x: Tensor, penalties: readonly Penalty[], view: View) => penalties.reduce((s, p) => add(s, p(view)), x)
  return {
    ...loss,
    discriminator: view => {
      const said = loss.discriminator(view)
      return said instanceof Tensor ? with_(said, discriminator, view) : [with_(said[0], discriminator, view), said[1]]
    },
    generator: view => with_(loss.generator(view), generator, view),
  }
}
