/**
 * Recall: a document begins with facts and is then asked for them, however far away. A fact is one token that says a key and its value, and the answer to a question (a key) is that token, so that
 * nothing but memory is asked for. No answer stands in the text after the first tokens: it can only have been carried.
 */
import { f32, fillUniform, type Key, type NDArray } from '@dioramic/tensor'

const KEYS = 8
/** Of a key. */
export const VALUES = 16
const FILLER = 8
/** Facts of a document, each with a key of its own. */
export const FACTS = 4
/** What guessing among the values of the key that is asked for gives. */
export const CHANCE = 1 / VALUES

/** Keys, then facts, then filler. */
export const VOCABULARY = KEYS + KEYS * VALUES + FILLER
const factOf = (key: number, value: number) => BigInt(KEYS + VALUES * key + value)

export type Segment = {
  /** i64 [batch, time] */
  readonly x: NDArray
  /** Where there is a question the fact that is asked for, else 0: i64 [batch, time] */
  readonly y: NDArray
  /** 1 at questions: f32 [batch, time] */
  readonly asked: NDArray
  /** At questions the tokens since the fact: f32 [batch, time] */
  readonly distance: NDArray
  /** 1 where a document begins: f32 [batch] */
  readonly start: NDArray
}

/** Documents of some segments of `time` tokens, one a row: facts, then in turn filler and questions. */
export function documents(key: Key, batch: number, time: number, segments: number): Segment[] {
  const out = Array.from({ length: segments }, (_, s) => ({
    x: new BigInt64Array(batch * time),
    y: new BigInt64Array(batch * time),
    asked: new Float32Array(batch * time),
    distance: new Float32Array(batch * time),
    start: new Float32Array(batch).fill(s === 0 ? 1 : 0),
  }))
  for (let row = 0; row < batch; row++) {
    const drawn = new Float32Array(2 * FACTS + time * segments)
    fillUniform(drawn, key.fork(row).words)
    let next = 0
    const int = (n: number) => Math.min(n - 1, Math.floor(drawn[next++]! * n))
    const keys = Array.from({ length: KEYS }, (_, i) => i)
    const facts = Array.from({ length: FACTS }, () => {
      const [k] = keys.splice(int(keys.length), 1)
      return { key: k!, token: factOf(k!, int(VALUES)) }
    })
    for (let t = 0; t < time * segments; t++) {
      const { x, y, asked, distance } = out[Math.floor(t / time)]!
      const at = row * time + (t % time)
      if (t < FACTS) x[at] = facts[t]!.token
      else if (t % 2 === 0) x[at] = BigInt(KEYS + KEYS * VALUES + int(FILLER))
      else {
        const i = int(FACTS)
        x[at] = BigInt(facts[i]!.key)
        y[at] = facts[i]!.token
        asked[at] = 1
        distance[at] = t - i
      }
    }
  }
  const [shape, rows] = [[batch, time], [batch]]
  const tokens = (data: BigInt64Array): NDArray => ({ dtype: 'i64', shape, data })
  return out.map(s => ({
    x: tokens(s.x),
    y: tokens(s.y),
    asked: f32(s.asked, shape),
    distance: f32(s.distance, shape),
    start: f32(s.start, rows),
  }))
}
