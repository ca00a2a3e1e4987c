/** A pair of small languages, drawn: sentences of one and their translations, which turn the order about and make adjectives and verbs agree with their nouns. */
import { drawPermutation, fillUniform, type Key } from '@dioramic/tensor'

const [NOUNS, ADJECTIVES, VERBS, GENDERS] = [16, 8, 8, 3]
/** A noun with two adjectives and its article, twice, and a verb. */
export const SOURCE = 9
/** The same without articles, and an end. */
export const TARGET = 8

/** Tokens of the source: filler, two articles (one, many), then adjectives, nouns, verbs. */
export const SOURCE_WORDS = 3 + ADJECTIVES + NOUNS + VERBS
/** Tokens of the target: filler, begin, end, then nouns in two numbers, adjectives and verbs in two numbers and three genders. */
export const TARGET_WORDS = 3 + 2 * NOUNS + 2 * GENDERS * (ADJECTIVES + VERBS)

const [FILLER, BEGIN, END] = [0, 1, 2]

export interface Sentence {
  /** SOURCE tokens, fillers at the end. */
  readonly source: readonly number[]
  /** TARGET tokens, the end among them, fillers behind it. */
  readonly target: readonly number[]
}

interface Phrase {
  readonly many: number
  readonly adjectives: readonly number[]
  readonly noun: number
}

/** The languages of a key: which word is which, and the gender of each noun. Source: article adjectives noun, verb, article adjectives noun. Target: object, subject, verb, adjectives behind their noun in reverse. */
export function languages(key: Key): (sentence: Key) => Sentence {
  const renamed = (name: string, n: number) => drawPermutation(key.fork(name).words, n)
  const [nouns, adjectives, verbs] = [renamed('nouns', NOUNS), renamed('adjectives', ADJECTIVES), renamed('verbs', VERBS)]
  const genders = renamed('genders', NOUNS).map(g => g % GENDERS)
  const agreeing = (from: number, word: number, { many, noun }: Phrase) => from + (word * 2 + many) * GENDERS + genders[noun]!
  const inTarget = (p: Phrase) => [
    3 + 2 * nouns[p.noun]! + p.many,
    ...[...p.adjectives].reverse().map(a => agreeing(3 + 2 * NOUNS, adjectives[a]!, p)),
  ]
  const inSource = ({ many, adjectives: list, noun }: Phrase) => [1 + many, ...list.map(a => 3 + a), 3 + ADJECTIVES + noun]
  const filled = (list: number[], length: number) => [...list, ...new Array<number>(length - list.length).fill(FILLER)]
  return sentence => {
    const u = new Float32Array(11)
    fillUniform(u, sentence.words)
    const draw = (i: number, n: number) => Math.floor(u[i]! * n)
    const phrase = (at: number): Phrase => ({
      many: draw(at, 2),
      adjectives: Array.from({ length: draw(at + 1, 3) }, (_, i) => draw(at + 2 + i, ADJECTIVES)),
      noun: draw(at + 4, NOUNS),
    })
    const [subject, object, verb] = [phrase(0), phrase(5), draw(10, VERBS)]
    return {
      source: filled([...inSource(subject), 3 + ADJECTIVES + NOUNS + verb, ...inSource(object)], SOURCE),
      target: filled(
        [...inTarget(object), ...inTarget(subject), agreeing(3 + 2 * NOUNS + 2 * GENDERS * ADJECTIVES, verbs[verb]!, subject), END],
        TARGET,
      ),
    }
  }
}

/** What the decoder reads: the begin, then the target but its last token. */
export const shifted = (target: readonly number[]): number[] => [BEGIN, ...target.slice(0, -1)]
