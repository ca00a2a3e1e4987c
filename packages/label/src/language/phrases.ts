/** English for things, and the programs that find them. */
import type { Facts, Operator, Program, ProgramStep, Relation, Thing } from '@dioramic/data'

/** How attributes stand before the noun; others follow these, by name. */
const ORDER = ['size', 'color', 'material']

/** A phrase without its article, and steps whose last gives the set that it names. */
export interface Phrase {
  readonly text: string
  readonly program: Program
}

/** Appends steps; `inputs` of the added ones count from the program's end: −1 is the step before. */
export function chain(program: Program, ...steps: readonly (readonly [op: Operator, value?: string])[]): Program {
  const out: ProgramStep[] = [...program]
  for (const [op, value] of steps) out.push({ op, inputs: [out.length - 1], ...(value === undefined ? {} : { value }) })
  return out
}

/** Two programs one after the other and a step that takes both results. */
export function both(a: Program, b: Program, op: Operator): Program {
  const moved = b.map(step => ({ ...step, inputs: step.inputs.map(i => i + a.length) }))
  return [...a, ...moved, { op, inputs: [a.length - 1, a.length + b.length - 1] }]
}

export const SCENE: Program = [{ op: 'scene', inputs: [] }]

/** A category as a noun: hyphens and underscores are spaces. */
const noun = (category: string) => category.replaceAll(/[-_]+/g, ' ').toLowerCase()

/** The things that have these attributes; without a category they are things. */
export function described(attributes: Readonly<Record<string, string>>, from: Program = SCENE): Phrase {
  const names = Object.keys(attributes).filter(a => a !== 'category')
  const place = (a: string) => (ORDER.includes(a) ? ORDER.indexOf(a) : ORDER.length)
  names.sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1))
  const words = [...names.map(a => attributes[a]), attributes['category'] === undefined ? 'thing' : noun(attributes['category'])]
  const steps = [...names, ...(attributes['category'] === undefined ? [] : ['category'])].map(
    a => ['filter', `${a}:${attributes[a]}`] as const,
  )
  return { text: words.join(' '), program: chain(from, ...steps) }
}

/** `the red cube`, and the program that finds the one. */
export const definite = ({ text, program }: Phrase): Phrase => ({ text: `the ${text}`, program: chain(program, ['unique']) })

export const plural = (text: string): string => (/(?:s|x|z|ch|sh)$/.test(text) ? `${text}es` : `${text}s`)
export const withArticle = (text: string): string => `${/^[aeiou]/.test(text) ? 'an' : 'a'} ${text}`

export const RELATION_TEXT: Readonly<Record<Relation, string>> = {
  left: 'left of',
  right: 'right of',
  front: 'in front of',
  behind: 'behind',
}

/** Whether a thing has all of these attributes. */
export const matches = (t: Thing, attributes: Readonly<Record<string, string>>) =>
  Object.entries(attributes).every(([a, word]) => t.attributes[a] === word)

/** Subsets of attribute names, small ones first, with the category wherever it helps the noun. */
function subsets(names: readonly string[]): string[][] {
  const out: string[][] = []
  for (let bits = 0; bits < 1 << names.length; bits++) out.push(names.filter((_, i) => bits & (1 << i)))
  return out.sort((a, b) => a.length - b.length)
}

/** The fewest attributes that tell a thing from all others, its category among them; undefined when none do. */
export function distinguishing(facts: Facts, thing: Thing): Readonly<Record<string, string>> | undefined {
  const names = Object.keys(thing.attributes).filter(a => a !== 'category')
  for (const chosen of subsets(names)) {
    const attributes = Object.fromEntries([...chosen, 'category'].map(a => [a, thing.attributes[a]]))
    if (facts.things.filter(t => matches(t, attributes)).length === 1) return attributes
  }
  return undefined
}
