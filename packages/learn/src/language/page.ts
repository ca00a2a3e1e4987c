/** The report of a trained language model as one page. */
import { type LogEntry, plot } from '@dioramic/tensor'
import { document, escaped, type Table, tableHtml } from '../report/index.ts'
import type { DoneLanguageFile } from './plan.ts'
import type { LanguageScore } from './score.ts'

export interface Sample {
  readonly prompt: string
  readonly text: string
}

/** The page of a run: what was trained on what, its scores beside floors by counts, curves and samples. */
export function languagePage({ plan, findings }: DoneLanguageFile, log: readonly LogEntry[], samples: readonly Sample[]): string {
  const { text, tokeniser, model, recipe } = plan
  const { floors, validation, test, tokens } = findings
  const perByte = validation.bitsPerByte / validation.natsPerToken
  const row = (name: string, s: LanguageScore) => [name, s.bitsPerToken, s.bitsPerByte, s.bitsPerCharacter, s.perplexity]
  const floor = (name: string, nats: number) => [
    name,
    nats / Math.LN2,
    nats * perByte,
    (nats * validation.bitsPerCharacter) / validation.natsPerToken,
    Math.exp(nats),
  ]
  const scores: Table = {
    caption:
      'Cost of held-out text; less is better. The lower rows know nothing but counts of the training text, and are of the validation text.',
    head: ['', 'bits a token', 'bits a byte', 'bits a character', 'perplexity'],
    rows: [
      row('this model, validation', validation),
      ...(test ? [row('this model, test', test)] : []),
      floor('every token alike', floors.uniform),
      floor('counts of each token', floors.unigram),
      floor('counts after the token before', floors.bigram),
      floor('counts after the two before', floors.trigram),
    ],
  }
  const curve = (name: string, key: string) => ({
    name,
    points: log.flatMap(e => (key in e.values ? [[e.step, e.values[key]!] as const] : [])),
  })
  const words =
    tokeniser.kind === 'bpe'
      ? `byte-pair encoding of ${256 + tokeniser.merges.length} tokens`
      : `${[...tokeniser.characters].length} characters`
  const facts = [
    `${text.from}: ${text.bytes.toLocaleString('en')} bytes, licence: ${text.licence}, sha256 ${text.sha256.slice(0, 12)}…; ${words}`,
    `${tokens.train.toLocaleString('en')} tokens to train on, ${tokens.validation.toLocaleString('en')} to validate, ${tokens.test.toLocaleString('en')} to test`,
    `${model.kind} ${JSON.stringify(model.settings)}, windows of ${model.time} tokens, ${findings.parameters.toLocaleString('en')} parameters`,
    `${recipe.updates} updates of ${model.batch} windows, learning rate ${recipe.lr}, weight decay ${recipe.weightDecay}, seed ${recipe.seed}, ${Math.round(findings.seconds)} s`,
  ]
  return document(
    `Language model of ${text.from}`,
    `<h1>A language model of ${escaped(text.from)}</h1>
${facts.map(f => `<p class="facts">${escaped(f)}</p>`).join('\n')}
${tableHtml(scores)}
<figure>${plot([curve('training', 'bits'), curve('validation', 'validation/bits')], { x: 'updates', y: 'bits a token' })}</figure>
<h2>Samples</h2>
${samples.map(s => `<pre style="white-space:pre-wrap;background:#f6f6f6;padding:.7rem 1rem"><b>${escaped(s.prompt)}</b>${escaped(s.text)}</pre>`).join('\n')}`,
  )
}
