/** Divergences of distributions on a finite set, in nats. */
import { GanError } from '../error.ts'

type P = ArrayLike<number>

function checked(p: P, q: P): void {
  if (p.length !== q.length || p.length === 0)
    throw new GanError(`distributions of ${p.length} and ${q.length} outcomes: give both the same outcomes`)
  for (const [name, of] of [
    ['first', p],
    ['second', q],
  ] as const) {
    let total = 0
    for (let i = 0; i < of.length; i++) {
      if (!(of[i]! >= 0)) throw new GanError(`the ${name} distribution has a probability of ${of[i]} at ${i}`)
      total += of[i]!
    }
    if (Math.abs(total - 1) > 1e-6) throw new GanError(`the ${name} distribution sums to ${total}, not to 1`)
  }
}

const sum = (n: number, f: (i: number) => number): number => {
  let s = 0
  for (let i = 0; i < n; i++) s += f(i)
  return s
}
/** Σ p·log(p/q), 0·log 0 = 0; infinite where q is 0 and p is not. */
const relative = (p: P, q: (i: number) => number): number => sum(p.length, i => (p[i]! === 0 ? 0 : p[i]! * Math.log(p[i]! / q(i))))

/** Kullback–Leibler divergence of p from q. @throws GanError where either is no distribution, as all of these */
export function kl(p: P, q: P): number {
  checked(p, q)
  return relative(p, i => q[i]!)
}

/** Jensen–Shannon divergence: between 0 and log 2, whatever the distance of the two where they do not overlap. */
export function jensenShannon(p: P, q: P): number {
  checked(p, q)
  const middle = (i: number) => (p[i]! + q[i]!) / 2
  return (relative(p, middle) + relative(q, middle)) / 2
}

/** ½·Σ |p − q|. */
export function totalVariation(p: P, q: P): number {
  checked(p, q)
  return sum(p.length, i => Math.abs(p[i]! - q[i]!)) / 2
}

/** Σ f-divergence q·f(p/q) for q > 0 wherever p is. */
export function fDivergenceOf(f: (u: number) => number, p: P, q: P): number {
  checked(p, q)
  return sum(p.length, i => (q[i]! === 0 ? (p[i]! === 0 ? 0 : Infinity) : q[i]! * f(p[i]! / q[i]!)))
}

/** Wasserstein-1 distance of distributions on the line: the area between their distribution functions. `places` rise; by default 0, 1, 2 … */
export function wassersteinOnLine(p: P, q: P, places?: P): number {
  checked(p, q)
  const at = (i: number) => places?.[i] ?? i
  let [gap, total] = [0, 0]
  for (let i = 0; i + 1 < p.length; i++) {
    if (!(at(i + 1) > at(i))) throw new GanError(`places must rise: ${at(i)} is followed by ${at(i + 1)}`)
    gap += p[i]! - q[i]!
    total += Math.abs(gap) * (at(i + 1) - at(i))
  }
  return total
}

/** What the best discriminator reaches in the game of Goodfellow et al. (2014): −log 4 + 2·JS. */
export const gameValue = (js: number): number => -Math.log(4) + 2 * js
