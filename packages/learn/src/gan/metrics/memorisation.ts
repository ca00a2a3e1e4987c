import { checkedSets, nearest, type Rows } from './rows.ts'

export type Memorisation = {
  /**
   * Probability that a generated sample is nearer to the training set than a held-out real one is (ties count half): about ½ where it is as new as real ones, 1 where it copies, below ½ where it
   * is worse than new (Meehan et al. 2020).
   */
  readonly closer: number
  /** Share of generated samples that are nearer to a training sample than all but a hundredth of the held-out ones. About 0.01 without copies. */
  readonly copies: number
}

/** Whether a generator repeats its training samples, held against real samples that it has not seen. */
export function memorisation(fake: Rows, training: Rows, heldOut: Rows): Memorisation {
  checkedSets('memorisation', training, fake, 1)
  checkedSets('memorisation', heldOut, fake, 1)
  const [own, other] = [nearest(fake, training), nearest(heldOut, training).sort()]
  let wins = 0
  for (const d of own) for (const e of other) wins += d < e ? 1 : d === e ? 0.5 : 0
  const least = other[Math.floor(0.01 * other.length)]!
  return { closer: wins / (own.length * other.length), copies: own.filter(d => d < least).length / own.length }
}
