/** What the records of the language models show. */
import { wilson } from '@dioramic/learn/report'
import { plot } from '@dioramic/tensor'
import { exact, type Measurement, mean, meanOf, ratioOfPairs } from '../evidence.ts'
import type { Findings } from '../experiment.ts'
import { ARMS } from './arms.ts'

/** What a run of a language model leaves. */
export type LanguageRecord = {
  multiplyAdds: number
  /** CPU ms. */
  step: number
  parameters: number
  curve: { updates: number; nats: number; bits: number }[]
  /** Share of each expert of tokens in the last fifth of training. */
  loads: number[]
  dropped: number
  answers: { set: string; rule: string; right: number; items: number }[]
}

type LanguageConfig = { readonly seeds: number; readonly updates: number; readonly batch: number; readonly time: number }

export function findings(of: (arm: string) => readonly LanguageRecord[], config: LanguageConfig): Findings {
  const last = (arm: string) => of(arm).map(r => r.curve.at(-1)!)
  const perplexity = (arm: string) => last(arm).map(c => Math.exp(c.nats))
  const best = 'sMLP deterministic'
  const costs = ARMS.map(a => of(a)[0]!.multiplyAdds)
  const largestLoad = (arm: string) => of(arm).map(r => Math.max(...r.loads) * r.loads.length)
  const ratios: Measurement[] = ARMS.filter(a => a !== best).map(a =>
    ratioOfPairs(`language: perplexity of ${a} / sMLP deterministic`, perplexity(a), perplexity(best)),
  )
  const dense = of('transformer').map(r => r.step)
  const sparse = ARMS.filter(a => of(a)[0]!.loads.length > 0)
  const sets = of(best)[0]!.answers.map(a => ({ set: a.set, rule: a.rule }))
  const perplexityPlot = (x: string, perUpdate: (r: LanguageRecord) => number) =>
    plot(
      ARMS.map(arm => ({
        name: arm,
        points: of(arm)[0]!.curve.map(
          ({ updates }, i) => [updates * meanOf(of(arm).map(perUpdate)), Math.exp(meanOf(of(arm).map(r => r.curve[i]!.nats)))] as const,
        ),
      })),
      { x, y: 'perplexity a token', logY: true },
    )
  return {
    claims: [
      exact('language: largest difference in multiply–adds a token', Math.max(...costs.map(c => Math.abs(c / costs[0]! - 1)))),
      ...ratios,
      ...ARMS.map(a =>
        mean(
          `language: bits a byte of ${a}`,
          last(a).map(c => c.bits),
        ),
      ),
      ...ARMS.filter(a => a !== 'transformer').map(a =>
        ratioOfPairs(
          `language: CPU time of a step, ${a} / transformer`,
          of(a).map(r => r.step),
          dense,
        ),
      ),
      exact('language: largest share of an expert × experts, BASE', Math.max(...largestLoad('base'))),
      mean('language: largest share of an expert × experts, Switch', largestLoad('switch')),
    ],
    tables: [
      {
        caption: `Means over ${config.seeds} seeds, after ${config.updates} updates of ${config.batch * config.time} tokens.`,
        head: ['model', 'parameters', 'multiply–adds a token', 'perplexity', 'bits a byte', 'CPU ms a step'],
        rows: ARMS.map(a => [
          a,
          of(a)[0]!.parameters,
          Math.round(of(a)[0]!.multiplyAdds),
          Math.exp(meanOf(last(a).map(c => c.nats))),
          meanOf(last(a).map(c => c.bits)),
          meanOf(of(a).map(r => r.step)),
        ]),
      },
      {
        caption:
          "Where tokens went in the last fifth of training: each expert's share of those that found room, and the share that found none.",
        head: ['model', 'shares by expert (seed 0)', 'largest × experts', 'dropped'],
        rows: sparse.map(a => [
          a,
          of(a)[0]!
            .loads.map(l => l.toFixed(3))
            .join(' '),
          meanOf(largestLoad(a)),
          meanOf(of(a).map(r => r.dropped)),
        ]),
      },
      {
        caption: `Zero-shot accuracy by likelihood, the questions of all seeds together, with Wilson's 95 % interval (the questions are the same for each seed). Chance is 0.25.`,
        head: ['model', ...sets.map(s => `${s.set}, ${s.rule}`)],
        rows: ARMS.map(a => [
          a,
          ...sets.map(({ set, rule }) => {
            const own = of(a).flatMap(r => r.answers.filter(x => x.set === set && x.rule === rule))
            const [right, items] = [own.reduce((s, x) => s + x.right, 0), own.reduce((s, x) => s + x.items, 0)]
            const [low, high] = wilson(right, items)
            return `${(right / items).toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`
          }),
        ]),
      },
    ],
    plots: [
      {
        caption: 'Perplexity of the held-out text over the multiply–adds of training (three times those of the forward passes).',
        svg: perplexityPlot('10⁹ multiply–adds', r => 3e-9 * config.batch * config.time * r.multiplyAdds),
      },
      { caption: 'The same over CPU seconds of training, one thread.', svg: perplexityPlot('CPU s', r => r.step / 1000) },
    ],
  }
}
