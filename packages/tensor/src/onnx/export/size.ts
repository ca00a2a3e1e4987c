/** Numbers that depend on symbolic sizes: found from what they are at several sizes. */

/** Sizes by symbol. */
export type Sizes = Readonly<Record<string, number>>

/** A sum of products, each of symbols at most once: coefficients by the symbols of the product, `''` is the constant's, `batch*time` a product's. */
export type Size = ReadonlyMap<string, number>

/** The first `n` primes from `low` on that are not among `own`. */
function primes(n: number, low: number, own: ReadonlySet<number>): number[] {
  const list: number[] = []
  for (let p = low; list.length < n; p++) {
    let d = 2
    while (d * d <= p && p % d !== 0) d++
    if (d * d > p && !own.has(p)) list.push(p)
  }
  return list
}

/**
 * Sizes to trace at: every combination of two for each symbol, which a multilinear size is fitted to. No size of the model's own is among them, lest two that are equal by chance be
 * taken for one.
 */
export function probes(symbols: readonly string[], own: ReadonlySet<number>): Sizes[] {
  const free = primes(2 * symbols.length, 3, own)
  return Array.from({ length: 2 ** symbols.length }, (_, bits) =>
    Object.fromEntries(symbols.map((s, i) => [s, free[2 * i + ((bits >> i) & 1)]!])),
  )
}

/** Sizes to check at what was fitted, largest first: what holds up to some length only shows there. Equal ranges of more than 1,024 would not be one to `simplify`. */
export const checks = (symbols: readonly string[], own: ReadonlySet<number>): Sizes[] =>
  [1000, 250, 60, 20].map(low => {
    const free = primes(symbols.length, low, own)
    return Object.fromEntries(symbols.map((s, i) => [s, free[i]!]))
  })

/** How many symbols there may be: they take 2 to their power traces. */
export const MOST_SYMBOLS = 4

/**
 * The size that has these values at these sizes (those of `probes`, then others), or undefined if it is no sum of products with `whole` (or any) coefficients.
 */
export function fit(values: readonly number[], symbols: readonly string[], at: readonly Sizes[], whole: boolean): Size | undefined {
  let table = values.slice(0, 2 ** symbols.length)
  // Symbol by symbol a pair of values becomes intercept and slope.
  for (const [i, s] of symbols.entries()) {
    const step = 1 << i
    const [low, high] = [at[0]![s]!, at[step]![s]!]
    const next = [...table]
    for (let bits = 0; bits < table.length; bits++) {
      if (bits & step) continue
      const slope = (table[bits | step]! - table[bits]!) / (high - low)
      next[bits] = table[bits]! - slope * low
      next[bits | step] = slope
    }
    table = next
  }
  const size = new Map<string, number>()
  for (const [bits, c] of table.entries()) {
    const rounded = Math.round(c)
    const near = Math.abs(c - rounded) < 1e-6
    if (whole && !near) return undefined
    if (near ? rounded !== 0 : true) size.set(symbols.filter((_, i) => bits & (1 << i)).join('*'), near ? rounded : c)
  }
  const right = values.every((v, k) => Math.abs(valueOfSize(size, at[k]!) - v) <= (whole ? 0 : 1e-6 * Math.abs(v)))
  return right ? size : undefined
}

const valueOfSize = (size: Size, at: Sizes): number =>
  [...size].reduce((sum, [product, c]) => sum + c * (product === '' ? 1 : product.split('*').reduce((p, s) => p * at[s]!, 1)), 0)

/** A size as a reader of the model sees it: a number, `batch`, `2*batch + 1`. */
export function sizeText(size: Size): number | string {
  const terms = [...size].sort(([a], [b]) => b.length - a.length)
  if (terms.every(([product]) => product === '')) return terms[0]?.[1] ?? 0
  return terms.map(([product, c]) => (product === '' ? `${c}` : c === 1 ? product : `${c}*${product}`)).join(' + ')
}
