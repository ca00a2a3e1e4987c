/**
 * Randomness as an argument: counter-based keys, split by name.
 *
 * A key is a value; the same key always gives the same number, so **fork before each draw**: `key.fork('size').uniform(0.1, 0.3)`.
 * The generator is Threefry-2x32 with 20 rounds (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
 */
import { cos, log, sin } from './maths/portable.ts'
import type { Quat } from './maths/quat.ts'
import type { Vec3 } from './maths/vec3.ts'

const rotl = (x: number, r: number) => (x << r) | (x >>> (32 - r))

/** Threefry-2x32-20: the block (x0, x1) under the key (k0, k1); all are u32. */
export function threefry2x32(k0: number, k1: number, x0: number, x1: number): readonly [number, number] {
  const k2 = k0 ^ k1 ^ 0x1bd11bda
  let a = (x0 + k0) | 0
  let b = (x1 + k1) | 0
  const four = (r0: number, r1: number, r2: number, r3: number, ka: number, kb: number, i: number) => {
    a = (a + b) | 0
    b = rotl(b, r0) ^ a
    a = (a + b) | 0
    b = rotl(b, r1) ^ a
    a = (a + b) | 0
    b = rotl(b, r2) ^ a
    a = (a + b) | 0
    b = rotl(b, r3) ^ a
    a = (a + ka) | 0
    b = (b + kb + i) | 0
  }
  four(13, 15, 26, 6, k1, k2, 1)
  four(17, 29, 16, 24, k2, k0, 2)
  four(13, 15, 26, 6, k0, k1, 3)
  four(17, 29, 16, 24, k1, k2, 4)
  four(13, 15, 26, 6, k2, k0, 5)
  return [a >>> 0, b >>> 0]
}

export class Key {
  /** The two u32 words that are the key. */
  readonly words: readonly [number, number]

  constructor(words: readonly [number, number]) {
    this.words = words
  }

  /** The key of a seed: any safe integer ≥ 0; 0 is a seed like any other. */
  static fromSeed(seed: number): Key {
    if (!Number.isSafeInteger(seed) || seed < 0) throw new RangeError(`seed must be an integer from 0 to 2^53-1, got ${seed}`)
    return new Key(threefry2x32(seed >>> 0, Math.floor(seed / 4294967296), 0x6469_6f72, 0x616d_6131))
  }

  /** An independent key for a name or an index. Same name, same key. */
  fork(name: string | number): Key {
    let [a, b] = this.words
    if (typeof name === 'number') {
      if (!Number.isSafeInteger(name) || name < 0) throw new RangeError(`a key is forked by a name or an index ≥ 0, got ${name}`)
      return new Key(threefry2x32(a, b, name >>> 0, Math.floor(name / 4294967296)))
    }
    // Two UTF-16 units a block, then the length with the top bit set, so that names never meet indices or each other's prefixes.
    for (let i = 0; i < name.length; i += 2) {
      ;[a, b] = threefry2x32(a, b, name.charCodeAt(i), 0x4000_0000 | (i + 1 < name.length ? name.charCodeAt(i + 1) : 0))
    }
    return new Key(threefry2x32(a, b, name.length, 0x8000_0000))
  }

  /** `n` independent keys, by index. */
  times(n: number): Key[] {
    return Array.from({ length: n }, (_, i) => this.fork(i))
  }

  /** 32 random bits. */
  bits(): number {
    return threefry2x32(this.words[0], this.words[1], 0xffff_ffff, 0xc000_0000)[0]
  }

  /** Uniform in [low, high), 53 bits. */
  uniform(low = 0, high = 1): number {
    const [a, b] = threefry2x32(this.words[0], this.words[1], 0xffff_ffff, 0xc000_0000)
    const u = ((a >>> 5) * 67108864 + (b >>> 6)) / 9007199254740992
    return low + u * (high - low)
  }

  /** `n` independent uniforms in [0, 1). */
  uniforms(n: number): number[] {
    return this.times(n).map(k => k.uniform())
  }

  /** Uniform integer in [low, high], both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.uniform() * (high - low + 1))
  }

  /** One element, uniformly. */
  choice<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('choice from an empty list')
    return items[this.int(0, items.length - 1)]!
  }

  /** A random permutation (Fisher–Yates). */
  shuffle<T>(items: readonly T[]): T[] {
    const out = [...items]
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.fork(i).int(0, i)
      ;[out[i], out[j]] = [out[j]!, out[i]!]
    }
    return out
  }

  /** Normal with mean 0 and deviation 1 (Box–Muller). */
  normal(): number {
    const [u, v] = this.uniforms(2) as [number, number]
    return Math.sqrt(-2 * log(1 - u)) * cos(2 * Math.PI * v)
  }

  /** A direction, uniform on the unit sphere. */
  direction(): Vec3 {
    const [u, v] = this.uniforms(2) as [number, number]
    const z = 1 - 2 * u
    const r = Math.sqrt(Math.max(0, 1 - z * z))
    return [r * cos(2 * Math.PI * v), r * sin(2 * Math.PI * v), z]
  }

  /** A rotation, uniform over SO(3) (Shoemake, Graphics Gems III). */
  rotation(): Quat {
    const [u, v, w] = this.uniforms(3) as [number, number, number]
    const a = Math.sqrt(1 - u)
    const b = Math.sqrt(u)
    const s = 2 * Math.PI * v
    const t = 2 * Math.PI * w
    return [a * sin(s), a * cos(s), b * sin(t), b * cos(t)]
  }
}
