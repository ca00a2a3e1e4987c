/** Choosing the next token from logits. */
import { TensorError } from '../error.ts'
import type { Key } from '../random/key.ts'
import { fillUniform } from '../random/philox.ts'

export interface SampleOptions {
  /** Logits are divided by it. 0 takes the most probable token; then nothing is random. Default 1. */
  readonly temperature?: number
  /** Only the k most probable tokens. */
  readonly topK?: number
  /** Only the fewest tokens that have this much probability together, the most probable first (Holtzman et al. 2020). */
  readonly topP?: number
}

/** The next token: of equal logits the lower number comes first, and the same key chooses the same. */
export function sampleToken(logits: ArrayLike<number>, key: Key, { temperature = 1, topK, topP }: SampleOptions = {}): number {
  if (!(temperature >= 0)) throw new TensorError(`sample: the temperature is a number from 0, not ${temperature}`)
  if (topK !== undefined && !(Number.isInteger(topK) && topK >= 1))
    throw new TensorError(`sample: topK is a whole number from 1, not ${topK}`)
  if (topP !== undefined && !(topP > 0 && topP <= 1)) throw new TensorError(`sample: topP is above 0 and at most 1, not ${topP}`)
  const order = Array.from({ length: logits.length }, (_, i) => i).sort((a, b) => logits[b]! - logits[a]! || a - b)
  const top = logits[order[0]!]!
  if (!Number.isFinite(top)) throw new TensorError('sample: the largest logit is not finite: the model diverged')
  if (temperature === 0) return order[0]!
  const kept = order.slice(0, topK ?? order.length)
  const weights = kept.map(i => Math.exp((logits[i]! - top) / temperature))
  let total = weights.reduce((a, b) => a + b, 0)
  let count = kept.length
  if (topP !== undefined) {
    let sum = 0
    count = 0
    while (count < kept.length && sum < topP * total) sum += weights[count++]!
    total = sum
  }
  const u = new Float32Array(1)
  fillUniform(u, key.words)
  let rest = u[0]! * total
  for (let i = 0; i < count - 1; i++) {
    rest -= weights[i]!
    if (rest < 0) return kept[i]!
  }
  return kept[count - 1]!
}
