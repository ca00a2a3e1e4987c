/** NumPy's legacy random numbers, so that the splits of papers made with them are the same rows. */

/** MT19937 (Matsumoto & Nishimura 1998), seeded as `numpy.random.RandomState(seed)`: a function that gives the next 32 bits. */
export function mersenneTwister(seed: number): () => number {
  const [N, M] = [624, 397]
  const state = new Uint32Array(N)
  state[0] = seed
  for (let i = 1; i < N; i++) state[i] = Math.imul(1812433253, state[i - 1]! ^ (state[i - 1]! >>> 30)) + i
  let at = N
  const twist = (): void => {
    for (let i = 0; i < N; i++) {
      const y = (state[i]! & 0x80000000) | (state[(i + 1) % N]! & 0x7fffffff)
      state[i] = state[(i + M) % N]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0)
    }
    at = 0
  }
  return () => {
    if (at === N) twist()
    let y = state[at++]!
    y ^= y >>> 11
    y ^= (y << 7) & 0x9d2c5680
    y ^= (y << 15) & 0xefc60000
    return (y ^ (y >>> 18)) >>> 0
  }
}

/** `numpy.random.RandomState(seed).permutation(n)`. */
export function numpyPermutation(n: number, seed: number): Uint32Array {
  const next = mersenneTwister(seed)
  const out = Uint32Array.from({ length: n }, (_, i) => i)
  for (let i = n - 1; i > 0; i--) {
    const mask = 2 ** Math.ceil(Math.log2(i + 1)) - 1
    let j = next() & mask
    while (j > i) j = next() & mask
    ;[out[i], out[j]] = [out[j]!, out[i]!]
  }
  return out
}

/** Rows of scikit-learn's `train_test_split(…, test_size, random_state=seed)`: a test part of ⌈share·n⌉ rows, or of so many. */
export function sklearnSplit(n: number, test: number, seed: number): { readonly rest: Uint32Array; readonly test: Uint32Array } {
  const order = numpyPermutation(n, seed)
  return { rest: order.slice(test), test: order.slice(0, test) }
}
