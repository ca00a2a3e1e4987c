import { CheckpointError } from './error.ts'

/** The new name of a tensor, and how its axes are ordered: axis i of ours is axis `axes[i]` of torch's; 'transpose' for the weights of Linear ([out, in] → [in, out]). */
export interface TorchTarget {
  readonly name: string
  readonly axes?: readonly number[] | 'transpose' | undefined
}

/**
 * One rule. `match` is a name in which every `*` stands for one part between dots, or a regular expression. `name` is the new one, with `$1`, `$2` …
 * for what the stars (or the groups) stood for; without it the name stays, null drops the tensor.
 * `{ match: 'h.*.fc.weight', name: 'block/$1/fc/w', axes: 'transpose' }`
 */
export interface TorchRule {
  readonly match: string | RegExp
  readonly name?: string | null | undefined
  readonly axes?: readonly number[] | 'transpose' | undefined
}

/** Rules in order, or a function that gives each tensor its target; undefined drops it. */
export type TorchRules = readonly TorchRule[] | ((name: string, shape: readonly number[]) => TorchTarget | undefined)

/** Where each tensor goes; throws CheckpointError where two go to one name. */
export function mapNames(
  tensors: ReadonlyMap<string, { readonly shape: readonly number[] }>,
  rules: TorchRules | undefined,
  what: string,
): (TorchTarget & { readonly from: string })[] {
  const target = typeof rules === 'function' ? rules : byRules(rules ?? [])
  const out: (TorchTarget & { readonly from: string })[] = []
  const taken = new Map<string, string>()
  for (const [from, { shape }] of tensors) {
    const t = target(from, shape)
    if (!t) continue
    const other = taken.get(t.name)
    if (other !== undefined)
      throw new CheckpointError(`${what}: both "${other}" and "${from}" would be called "${t.name}". Correct the rules.`)
    taken.set(t.name, from)
    out.push({ ...t, from })
  }
  return out
}

function byRules(rules: readonly TorchRule[]): (name: string) => TorchTarget | undefined {
  const compiled = rules.map(r => ({ ...r, pattern: typeof r.match === 'string' ? wildcard(r.match) : r.match }))
  return name => {
    const rule = compiled.find(r => name.search(r.pattern) >= 0)
    if (!rule) return { name }
    if (rule.name === null) return undefined
    return { name: rule.name === undefined ? name : name.replace(rule.pattern, rule.name), axes: rule.axes }
  }
}

const wildcard = (pattern: string): RegExp => {
  const parts = pattern.split('*').map(part => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('([^.]+)')}$`)
}
