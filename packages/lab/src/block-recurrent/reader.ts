/** The model that reads a long text token by token, and the text. */
import { blockRecurrentLm } from '@dioramic/learn/block-recurrent'
import { decoder, type Key, type nn } from '@dioramic/tensor'
import { runtime } from '../theory/engine.ts'

export const VOCABULARY = 64
const WINDOW = 16

export const token = (t: number): number => (t * t + 5 * (t >> 3)) % VOCABULARY

/** The model, which reads `time` tokens at once where it does not read one by one. */
export const readerModel = (time = WINDOW): nn.Layer =>
  blockRecurrentLm({ vocabulary: VOCABULARY, d: 32, heads: 2, layers: 3, window: WINDOW, recurrent: [-2], batch: 1, time }).layer

/** A reader with the parameters of a key. */
export const readerOf = (model: nn.Layer, key: Key) =>
  decoder(model, model.init(key).params, runtime, { batch: 1, length: Number.POSITIVE_INFINITY })
