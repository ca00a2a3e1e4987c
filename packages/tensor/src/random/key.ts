/**
 * Randomness as an argument. A key is two u32 words; the same key always gives the same values, so fork a key for each use:
 * `key.fork('dropout')`, `key.fork(step)`. In a graph a key is an i64 tensor of shape [2].
 */
import { DOMAIN, philox4x32, type Words } from './philox.ts'

const block = new Int32Array(4)
/** The key that Philox makes of a key and a counter. */
function derive(words: Words, c0: number, c1: number, domain: number, c3: number): Words {
  philox4x32(words[0], words[1], c0, c1, domain, c3, block)
  return [block[0]! >>> 0, block[1]! >>> 0]
}

/** The words of an independent key for any safe integer: what `fork(index)` and the op in a graph do. */
export function foldIn(words: Words, index: number): Words {
  if (!Number.isSafeInteger(index)) throw new RangeError(`a key is folded with an integer, not ${index}`)
  return derive(words, index | 0, Math.floor(index / 4294967296) | 0, DOMAIN.foldIndex, 0)
}

/** The start of a stream of random numbers, as two words. Keys are values: forks of one name or index are equal, others independent (Salmon et al. 2011). */
export class Key {
  /** The two u32 that are the key. */
  readonly words: Words

  constructor(words: Words) {
    for (const word of words) if (word !== word >>> 0) throw new RangeError(`a key is two u32 words, not ${words.join(', ')}`)
    this.words = [words[0], words[1]]
  }

  /** The key of a seed: any safe integer ≥ 0; 0 is a seed like any other. */
  static fromSeed(seed: number): Key {
    if (!Number.isSafeInteger(seed) || seed < 0) throw new RangeError(`a seed is an integer from 0 to 2^53 − 1, not ${seed}`)
    return new Key(foldIn([0x6469_6f72, 0x616d_6131], seed))
  }

  /** The key that an i64 tensor of shape [2] holds. */
  static fromInt64(words: BigInt64Array): Key {
    if (words.length !== 2) throw new RangeError(`a key is two words, not ${words.length}`)
    return new Key([Number(words[0]), Number(words[1])])
  }

  /** As the i64 tensor of shape [2] that a graph takes. */
  toInt64(): BigInt64Array<ArrayBuffer> {
    return BigInt64Array.of(BigInt(this.words[0]), BigInt(this.words[1]))
  }

  /** An independent key for a name or for an index ≥ 0. Same name, same key. */
  fork(name: string | number): Key {
    if (typeof name === 'number') {
      if (!Number.isSafeInteger(name) || name < 0) throw new RangeError(`a key is forked by a name or an index ≥ 0, not ${name}`)
      return new Key(foldIn(this.words, name))
    }
    // Four UTF-16 units a block; the last block says so and how long the name is, so that no name is another's beginning.
    let words = this.words
    let at = 0
    for (; name.length - at > 4; at += 4) words = derive(words, pair(name, at), pair(name, at + 2), DOMAIN.foldName, 0)
    return new Key(derive(words, pair(name, at), pair(name, at + 2), DOMAIN.foldName, 0x8000_0000 | name.length))
  }
}

/** Two UTF-16 units of a name as a word; 0 beyond its end. */
const pair = (name: string, at: number): number => {
  const low = at < name.length ? name.charCodeAt(at) : 0
  const high = at + 1 < name.length ? name.charCodeAt(at + 1) : 0
  return low | (high << 16)
}
