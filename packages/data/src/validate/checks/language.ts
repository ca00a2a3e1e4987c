import { factsOf } from '../../language/facts.ts'
import { runProgram } from '../../language/program.ts'
import { Comparison, type GeometryCheck, some } from '../check.ts'

export const language: GeometryCheck = {
  name: 'language',
  definition: 'every sentence’s program, run over the clip’s record, gives its answer; captions are true',
  unit: 'sentences',
  async judge(clip, frame) {
    const said = clip.sample.language
    if (said?.frame !== frame) return []
    const facts = factsOf(clip.sample, frame)
    if (!facts) return []
    const compare = new Comparison([clip.record])
    for (const kind of ['captions', 'expressions', 'questions'] as const) {
      for (const { text, program, answer } of said[kind]) {
        let given: unknown
        try {
          given = runProgram(program as Parameters<typeof runProgram>[0], facts)
        } catch (e) {
          given = (e as Error).message
        }
        compare.add(
          given === answer && (kind !== 'captions' || answer === true) ? 0 : 1,
          0,
          `the answer ${JSON.stringify(answer)} to "${text}" (its program gives ${JSON.stringify(given)})`,
        )
      }
    }
    return some(compare.judgement(frame))
  },
}
