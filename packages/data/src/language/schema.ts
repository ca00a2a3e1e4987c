/** What a clip's record says in words. */
import { z } from 'zod'
import { OPERATORS, type Operator } from './program.ts'

const program = z.array(
  z.strictObject({
    op: z.enum(Object.keys(OPERATORS) as [Operator, ...Operator[]]),
    /** Earlier steps. */
    inputs: z.array(z.number().int().min(0)),
    value: z.string().optional(),
  }),
)
const answer = z.union([z.string(), z.number(), z.boolean()])

/** A sentence and the program that proves it: `answer` is what it gives. */
const sentence = z.strictObject({ text: z.string().min(1), program, answer })

export const languageSchema = z.strictObject({
  /** Sentences speak of this frame, and of what happens in the whole clip. */
  frame: z.number().int().min(0),
  /** Statements; each answers true. Joined by spaces they are a caption. */
  captions: z.array(sentence),
  /** One phrase an object that can be told from all others; the answer is its id. */
  expressions: z.array(sentence),
  questions: z.array(sentence.extend({ kind: z.string() })),
})
export type Language = z.infer<typeof languageSchema>
export type Sentence = z.infer<typeof sentence>
export type Question = Language['questions'][number]
