/** How parameters are updated: a method and what surrounds it, put together by `chain`. */
import { TensorError } from '../error.ts'
import type { Method } from './method.ts'

/** Factors of one parameter; `stack` many leading copies are parameters of their own. */
export interface Factors {
  readonly lr?: number
  readonly decay?: number
  readonly stack?: number
}

export interface Rule {
  readonly method: Method
  /** Gradients of a greater global norm are scaled down to it. */
  readonly clipNorm?: number
  /** Gradients are held to ±clipValue, before the norm is taken. */
  readonly clipValue?: number
  /** Factors on rate and decay, by path; the product where there are several. */
  readonly factors: (path: string) => Required<Factors>
  /** Parameters that are left as they are, by path; no gradient is computed for them. */
  readonly frozen: (path: string) => boolean
  readonly ema?: EmaOptions
}

export interface EmaOptions {
  /** The average moves by 1 − decay towards the parameters after each update. */
  readonly decay: number
  /** In the first updates the decay is at most (1 + t) / (10 + t), so that the start is forgotten. Default false. */
  readonly warmup?: boolean
}

/** A part of a rule. */
export type RulePart =
  | Method
  | { readonly clipNorm: number }
  | { readonly clipValue: number }
  | { readonly factors: (path: string) => Factors }
  | { readonly frozen: (path: string) => boolean }
  | { readonly ema: EmaOptions }

/** Scales all gradients by one factor so that their global norm is at most `norm` (Pascanu et al. 2013). */
export const clipByGlobalNorm = (norm: number): RulePart => ({ clipNorm: positive('clipByGlobalNorm', norm) })

/** Holds each gradient's elements to ±`bound`. */
export const clipByValue = (bound: number): RulePart => ({ clipValue: positive('clipByValue', bound) })

/** Factors on the learning rate and weight decay of each parameter, by its path. `factorsOf(model)` gives those that a model declares. */
export const scaleUpdates = (factors: (path: string) => Factors): RulePart => ({ factors })

/** No weight decay on parameters whose path matches, by default biases, gains and norms (`b`, `bias`, `gain` …). */
export const noDecay = (which: (path: string) => boolean = path => /(^|\/)(b|bias|gain|\w*Bias)$/.test(path)): RulePart => ({
  factors: path => (which(path) ? { decay: 0 } : {}),
})

/** Leaves parameters as they are: those below one of the paths (`'encoder'`, `'0/w'`), or those for which the function says so. */
export function freeze(...which: readonly (string | ((path: string) => boolean))[]): RulePart {
  return { frozen: path => which.some(w => (typeof w === 'function' ? w(path) : path === w || path.startsWith(`${w}/`))) }
}

/** Keeps an exponential moving average of the parameters beside them (Polyak & Juditsky 1992). */
export function ema(decay: number, options: Omit<EmaOptions, 'decay'> = {}): RulePart {
  if (!(decay > 0 && decay < 1)) throw new TensorError(`ema: the decay is between 0 and 1, not ${decay}`)
  return { ema: { decay, ...options } }
}

/** Puts a rule together: exactly one method, and what surrounds it, in any order. */
export function chain(...parts: readonly RulePart[]): Rule {
  const methods = parts.filter((p): p is Method => 'reference' in p)
  if (methods.length !== 1) throw new TensorError(`chain: a rule has one method (adamw, sgd, …), got ${methods.length}`)
  const one = <K extends string, T>(key: K): T | undefined => {
    const found = parts.filter(p => key in p) as unknown as { [k in K]: T }[]
    if (found.length > 1) throw new TensorError(`chain: ${key} is given ${found.length} times`)
    return found[0]?.[key]
  }
  const scales = parts.filter((p): p is { factors: (path: string) => Factors } => 'factors' in p)
  const frozen = parts.filter((p): p is { frozen: (path: string) => boolean } => 'frozen' in p)
  const [clipNorm, clipValue, average] = [
    one<'clipNorm', number>('clipNorm'),
    one<'clipValue', number>('clipValue'),
    one<'ema', EmaOptions>('ema'),
  ]
  return {
    method: methods[0]!,
    factors: path => {
      const all = scales.map(s => s.factors(path))
      const product = (key: 'lr' | 'decay') => all.reduce((n, f) => n * (f[key] ?? 1), 1)
      return { lr: product('lr'), decay: product('decay'), stack: all.reduce((n, f) => Math.max(n, f.stack ?? 1), 1) }
    },
    frozen: path => frozen.some(f => f.frozen(path)),
    ...(clipNorm === undefined ? {} : { clipNorm }),
    ...(clipValue === undefined ? {} : { clipValue }),
    ...(average === undefined ? {} : { ema: average }),
  }
}

function positive(what: string, n: number): number {
  if (!(n > 0)) throw new TensorError(`${what} takes a bound above 0, not ${n}`)
  return n
}
