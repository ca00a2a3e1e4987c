/** Items made of a held-out text by rules and a key: what a small model can be asked when no benchmark is at hand. */
import { drawPermutation, type Key } from '@dioramic/tensor'
import { LanguageError } from '../error.ts'
import type { ChoiceItem } from './items.ts'

export interface SetOptions {
  readonly count: number
  readonly key: Key
  /** Characters of context, at least; it begins where a word does. Default 200. */
  readonly context?: number
  /** Characters of a choice, at most. Default 240. */
  readonly longest?: number
}

type Rule = (text: string, options: Required<SetOptions>) => ChoiceItem[]

const WRONG = 3

/** `list` in an order drawn by the key. */
const shuffled = <T>(list: readonly T[], key: Key): T[] => Array.from(drawPermutation(key.words, list.length), i => list[i]!)

/** An item with its answer among wrong ones, at a place that is drawn. */
function item(context: string, right: string, wrong: readonly string[], key: Key): ChoiceItem {
  const choices = shuffled([right, ...wrong], key)
  return { context, choices, answer: choices.indexOf(right) }
}

/** The text before a place, about `length` characters of it, from where a word begins. */
function before(text: string, end: number, length: number): string {
  const part = text.slice(Math.max(0, end - length - 40), end)
  const space = part.search(/\s\S/)
  return end > length + 40 && space >= 0 && space < 80 ? part.slice(space + 1) : part
}

/** Which of four sentences comes next; the wrong ones are from elsewhere in the text, and of much the same length (in the manner of StoryCloze and HellaSwag). */
const continuation: Rule = (text, { count, key, context, longest }) => {
  const sentences = Array.from(text.matchAll(/\s+[^\s.!?][^.!?]{29,240}[.!?]+["'”’)]*(?=\s)/g), m => ({ at: m.index, words: m[0] })).filter(
    s => s.at >= context && s.words.length <= longest,
  )
  const byLength = [...sentences].sort((a, b) => a.words.length - b.words.length || a.at - b.at)
  const rank = new Map(byLength.map((s, i) => [s, i]))
  return shuffled(sentences, key.fork('order'))
    .flatMap((s, i) => {
      const r = rank.get(s)!
      const near = byLength.slice(Math.max(0, r - 12), r + 13).filter(o => Math.abs(o.at - s.at) > context && o.words !== s.words)
      const wrong = distinct(shuffled(near, key.fork('wrong').fork(i)).map(o => o.words)).slice(0, WRONG)
      return wrong.length < WRONG ? [] : [item(before(text, s.at, context), s.words, wrong, key.fork('place').fork(i))]
    })
    .slice(0, count)
}

/** Which of four words comes next; the wrong ones are words of the text that are about as frequent (in the manner of LAMBADA). Of source code words are identifiers and keywords. */
const cloze: Rule = (text, { count, key, context }) => {
  const words = Array.from(text.matchAll(/(?<=\S)\s+[\p{L}_$][\p{L}\p{N}_$]{3,}/gu), m => ({
    at: m.index,
    words: m[0],
    bare: m[0].trimStart(),
  }))
  const counts = new Map<string, number>()
  for (const w of words) counts.set(w.bare, (counts.get(w.bare) ?? 0) + 1)
  const kinds = [...counts.keys()].sort((a, b) => counts.get(b)! - counts.get(a)! || (a < b ? -1 : 1))
  const rank = new Map(kinds.map((k, i) => [k, i]))
  return shuffled(
    words.filter(w => w.at >= context),
    key.fork('order'),
  )
    .flatMap((w, i) => {
      const r = rank.get(w.bare)!
      const near = kinds.slice(Math.max(0, r - 12), r + 13).filter(k => k !== w.bare)
      const space = w.words.slice(0, -w.bare.length)
      const wrong = shuffled(near, key.fork('wrong').fork(i))
        .slice(0, WRONG)
        .map(k => space + k)
      return wrong.length < WRONG ? [] : [item(before(text, w.at, context), w.words, wrong, key.fork('place').fork(i))]
    })
    .slice(0, count)
}

/** Which bracket closes, of source code: `)`, `]` or `}`, each the answer equally often. Only brackets that close what is open count, and what opened is at least 8 characters back. */
const brackets: Rule = (text, { count, key, context }) => {
  const pair: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }
  const found: Record<string, number[]> = { ')': [], ']': [], '}': [] }
  let open: { readonly sign: string; readonly at: number }[] = []
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!
    if ('([{'.includes(c)) open.push({ sign: c, at: i })
    else if (pair[c]) {
      const last = open.pop()
      // Brackets in strings do not match: then nothing is known to be open.
      if (last?.sign !== pair[c]) open = []
      else if (i - last.at >= 8 && i >= context) found[c]!.push(i)
    }
  }
  const each = Math.min(Math.floor(count / 3), ...Object.values(found).map(f => f.length))
  const places = Object.entries(found).flatMap(([sign, at]) =>
    shuffled(at, key.fork(sign))
      .slice(0, each)
      .map(i => ({ sign, i })),
  )
  return shuffled(places, key.fork('order')).map(({ sign, i }) => ({
    context: text.slice(Math.max(0, i - Math.max(context, 200)), i),
    choices: [')', ']', '}'],
    answer: [')', ']', '}'].indexOf(sign),
  }))
}

const RULES = { continuation, cloze, brackets }
export type ChoiceSet = keyof typeof RULES
export const CHOICE_SETS = Object.keys(RULES) as readonly ChoiceSet[]

const distinct = (list: readonly string[]): string[] => [...new Set(list)]

/**
 * Items of a held-out text: the same text, key and count give the same. `continuation`: which of four sentences comes next; `cloze`: which of four words; `brackets`: which bracket of
 * three closes (of source code). @throws LanguageError where the text has none
 */
export function choiceSet(
  name: ChoiceSet,
  documents: readonly string[],
  { count, key, context = 200, longest = 240 }: SetOptions,
): ChoiceItem[] {
  const items = documents.flatMap((text, d) => RULES[name](text, { count, key: key.fork(name).fork(d), context, longest }))
  if (items.length === 0)
    throw new LanguageError(`the held-out text has no items of the set "${name}": it is too short, or not of its kind`)
  return shuffled(items, key.fork(name).fork('all')).slice(0, count)
}
