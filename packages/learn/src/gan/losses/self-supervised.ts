import { add, concat, constant, crossEntropy, i64, mul, reverse, slice, Tensor, transpose } from '@dioramic/tensor'
import type { Loss, Samples, Verdict, View } from '../contracts.ts'
import { GanError } from '../error.ts'
import { nonSaturating } from './non-saturating.ts'

/** Pictures [n, c, s, s] turned by 0, 90, 180 and 270 degrees, one batch after another: [4n, c, s, s]. */
function turned(x: Tensor): Tensor {
  if (x.rank !== 4 || x.shape[2] !== x.shape[3])
    throw new GanError(`self-supervised: turns square pictures [n, c, s, s], not [${x.shape.join(', ')}]`)
  const quarter = (p: Tensor) => reverse(transpose(p, [0, 1, 3, 2]), 2)
  const turns = [x]
  for (let k = 1; k < 4; k++) turns.push(quarter(turns[k - 1]!))
  return concat(turns, 0)
}

/** Cross-entropy of the guess of the turn. */
function guessed(view: View, samples: Samples): Tensor {
  const n = samples.x.shape[0]!
  const turn = constant(i64(Array.from({ length: 4 * n }, (_, i) => Math.floor(i / n))))
  const labels = samples.labels && concat([samples.labels, samples.labels, samples.labels, samples.labels], 0)
  const { scores } = view.judge({ x: turned(samples.x), labels })
  return crossEntropy(slice(scores, [null, [1, 5]]), turn)
}

/** What the adversarial loss sees: the first score. */
function first(view: View): View {
  const of = (v: Verdict): Verdict => ({ ...v, scores: slice(v.scores, [null, [0, 1]]) })
  return { ...view, onReal: of(view.onReal), onFake: of(view.onFake), judge: s => of(view.judge(s)) }
}

/**
 * Self-supervised GAN (Chen et al. 2019): the discriminator also says by how much a picture was turned, of real ones in its own step (weight `real`) and of generated ones in the generator's
 * (weight `fake`). Five scores: the first judges, four are the turns.
 */
export const selfSupervised = ({
  base = nonSaturating(),
  real = 1,
  fake = 0.2,
}: {
  readonly base?: Loss
  readonly real?: number
  readonly fake?: number
} = {}): Loss => ({
  ...base,
  name: `self-supervised ${base.name}`,
  outputs: 5,
  discriminator: view => {
    const said = base.discriminator(first(view))
    const turn = mul(guessed(view, view.real), real)
    return said instanceof Tensor ? add(said, turn) : [add(said[0], turn), said[1]]
  },
  generator: view => add(base.generator(first(view)), mul(guessed(view, view.fake), fake)),
})
