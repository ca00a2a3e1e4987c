/** Questions with several answers, of which one is right. */
import { LanguageError } from '../error.ts'

export interface ChoiceItem {
  readonly context: string
  /** Each is a continuation of the context. */
  readonly choices: readonly string[]
  /** Which of them is right, from 0. */
  readonly answer: number
}

/** Items of JSON lines: `{"context": "…", "choices": ["…", "…"], "answer": 0}`. @throws LanguageError naming the line */
export function choiceItems(jsonLines: string, source: string): ChoiceItem[] {
  const items = jsonLines.split('\n').flatMap((line, i) => {
    if (line.trim() === '') return []
    const wrong = (what: string) =>
      new LanguageError(`${source}, line ${i + 1}: ${what}; a line is {"context": "…", "choices": ["…", "…"], "answer": 0}`)
    let item: Partial<ChoiceItem> | null
    try {
      item = JSON.parse(line) as typeof item
    } catch {
      throw wrong('this is no JSON')
    }
    const { context, choices, answer } = item ?? {}
    if (typeof context !== 'string') throw wrong('"context" is missing or no text')
    if (!Array.isArray(choices) || choices.length < 2 || choices.some(c => typeof c !== 'string' || c === ''))
      throw wrong('"choices" is not a list of two or more texts')
    if (!Number.isInteger(answer) || answer! < 0 || answer! >= choices.length)
      throw wrong(`"answer" is not a number from 0 to ${choices.length - 1}`)
    return [{ context, choices, answer: answer! }]
  })
  if (items.length === 0) throw new LanguageError(`${source} holds no items`)
  return items
}
