import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import pc from 'picocolors'
import { EXIT, UsageError } from '../fail.ts'
import { learning } from '../learning.ts'
import { onTerminal, progress } from '../progress.ts'
import { stopped } from '../stopped.ts'
import { bytes, duration, table } from '../units.ts'

const load = async () => ({
  ...(await import('@dioramic/learn/language')),
  ...(await import('@dioramic/learn/node/language')),
  nodeRuntime: (await import('@dioramic/tensor/node')).nodeRuntime,
  Key: (await import('@dioramic/tensor')).Key,
})
type Library = Awaited<ReturnType<typeof load>>

/** Names the texts that come with packages. */
export async function languageTexts(): Promise<number> {
  const { SOURCES } = await learning(load)
  const rows = Object.entries(SOURCES).map(([name, s]) => [name, s.about, s.licence, s.from.map(f => f.package).join(', ')])
  process.stdout.write(`${table(rows)}\nA file or a folder of your own goes by its path.\n`)
  return EXIT.ok
}

/** Names the kinds of models with their settings. */
export async function languageModels(): Promise<number> {
  const { MODEL_KINDS, modelKindOf, settingsOfKind } = await learning(load)
  for (const name of MODEL_KINDS) {
    const settings = (await settingsOfKind(name)).map(s => `${s.name}=${JSON.stringify(s.standard)}`)
    process.stdout.write(`${pc.bold(name)}  ${(await modelKindOf(name)).about}\n  --config ${settings.join(' ')}\n`)
  }
  return EXIT.ok
}

export interface LanguageTrainOptions {
  readonly text: string
  readonly model: string
  readonly tokens: 'char' | 'bpe'
  readonly vocabulary: number
  readonly config: Readonly<Record<string, unknown>>
  readonly time: number
  readonly batch: number
  readonly updates: number
  readonly lr: number
  readonly weightDecay: number
  readonly shares: readonly [validation: number, test: number]
  readonly seed: number
  readonly out: string
}

/** Trains a language model of a text into a folder; a run that was stopped goes on. */
export async function languageTrain(o: LanguageTrainOptions): Promise<number> {
  const { loadCorpus, trainLanguageFolder } = await learning(load)
  const folder = resolve(o.out)
  const show = progress()
  const stop = stopped()
  try {
    const corpus = loadCorpus(o.text)
    show.say(
      'text',
      { name: corpus.name, bytes: corpus.bytes, licence: corpus.licence, sha256: corpus.sha256 },
      `${pc.bold(corpus.name)}  ${bytes(corpus.bytes)}, ${corpus.licence}`,
    )
    const { findings } = await trainLanguageFolder(
      folder,
      {
        corpus,
        from: o.text,
        shares: { validation: o.shares[0], test: o.shares[1] },
        ...(o.tokens === 'bpe' ? { bpe: o.vocabulary } : {}),
        kind: o.model,
        settings: o.config,
        time: o.time,
        batch: o.batch,
        recipe: { updates: o.updates, lr: o.lr, weightDecay: o.weightDecay, seed: o.seed },
      },
      {
        signal: stop.signal,
        start: f =>
          show.say(
            'plan',
            { ...f, updates: o.updates },
            `${f.parameters.toLocaleString('en')} parameters, ${f.vocabulary.toLocaleString('en')} kinds of token, ${f.trainTokens.toLocaleString('en')} tokens to train on`,
          ),
        logs: [
          {
            write: e => {
              const bits = e.values['validation/bits']
              if (bits === undefined) show.step('train', e.step, o.updates, e.secondsLeft ?? 0)
              else
                show.say(
                  'validation',
                  { step: e.step, bitsPerToken: bits, bitsPerByte: e.values['validation/bitsPerByte'] },
                  `update ${e.step}: ${bits.toFixed(3)} bits a token`,
                )
            },
          },
        ],
      },
    )
    show.done()
    if (!findings) {
      show.say('interrupted', { folder }, `stopped; the same command goes on in ${folder}`)
      return EXIT.tryAgain
    }
    const { validation, test, floors, seconds } = findings
    const page = join(folder, 'report.html')
    show.say(
      'trained',
      { folder, report: page, validation, test, floors, seconds: Math.round(seconds) },
      `${validation.bitsPerToken.toFixed(3)} bits a token, ${validation.bitsPerByte.toFixed(3)} a byte of held-out text (by counts of three tokens ${(floors.trigram / Math.LN2).toFixed(3)}); ${duration(seconds)}; ${page}`,
    )
    return EXIT.ok
  } finally {
    stop.release()
  }
}

type Open = Awaited<ReturnType<Library['openLanguageFolder']>>

/** The held-out part of a model's own text, or all of another. */
function heldOut({ loadCorpus, splitDocuments }: Library, { file }: Open, text: string | undefined): readonly string[] {
  if (text !== undefined) return loadCorpus(text).documents
  const { from, sha256, shares } = file.plan.text
  const corpus = loadCorpus(from)
  if (corpus.sha256 !== sha256)
    throw new UsageError(
      `the text ${from} is not the one that the model was trained on, so what of it is held out is not known: say which text with --text`,
    )
  const split = splitDocuments(corpus.documents, shares)
  return split.test.length > 0 ? split.test : split.validation
}

export interface LanguageEvaluateOptions {
  readonly text?: string
  readonly stride?: number
}

/** What a text costs a trained model. */
export async function languageEvaluate(folder: string, o: LanguageEvaluateOptions): Promise<number> {
  const library = await learning(load)
  const open = await library.openLanguageFolder(resolve(folder))
  const documents = heldOut(library, open, o.text)
  const score = await library.evaluateLanguage(open, documents, {
    runtime: library.nodeRuntime({ threads: 1 }),
    ...(o.stride === undefined ? {} : { stride: o.stride }),
  })
  progress().say(
    'measured',
    { folder: resolve(folder), text: o.text ?? open.file.plan.text.from, ...score },
    table([
      ['tokens', score.tokens.toLocaleString('en')],
      ['bits a token', score.bitsPerToken.toFixed(4)],
      ['bits a byte', score.bitsPerByte.toFixed(4)],
      ['bits a character', score.bitsPerCharacter.toFixed(4)],
      ['perplexity', score.perplexity.toFixed(3)],
    ]),
  )
  return EXIT.ok
}

export interface LanguageGenerateOptions {
  readonly prompt: string
  readonly count: number
  readonly temperature: number
  readonly topK?: number
  readonly topP?: number
  readonly seed: number
  readonly out?: string
}

/** Writes a text on stdout as it comes, or into a file. */
export async function languageGenerate(folder: string, o: LanguageGenerateOptions): Promise<number> {
  const { openLanguageFolder, writer, nodeRuntime, Key } = await learning(load)
  const { model, values, tokeniser } = await openLanguageFolder(resolve(folder))
  const prompt = tokeniser.encode(o.prompt.replaceAll('\\n', '\n')).data as BigInt64Array
  const write = writer(model, values, nodeRuntime({ threads: 1 }))
  const tokens: (number | bigint)[] = [...prompt]
  let told = ''
  // A token may end in the middle of a character: that waits for the next.
  const tell = () => {
    const text = tokeniser.decode(tokens)
    if (text.endsWith('\ufffd')) return
    if (o.out === undefined) process.stdout.write(text.slice(told.length))
    told = text
  }
  tell()
  try {
    await write.write(prompt, {
      count: o.count,
      key: Key.fromSeed(o.seed),
      temperature: o.temperature,
      ...(o.topK === undefined ? {} : { topK: o.topK }),
      ...(o.topP === undefined ? {} : { topP: o.topP }),
      each: t => {
        tokens.push(t)
        tell()
      },
    })
  } finally {
    await write.dispose()
  }
  if (o.out === undefined) process.stdout.write('\n')
  else {
    mkdirSync(dirname(resolve(o.out)), { recursive: true })
    writeFileSync(o.out, `${tokeniser.decode(tokens)}\n`)
    progress().say('written', { file: resolve(o.out), tokens: o.count }, `${o.count} tokens; ${o.out}`)
  }
  return EXIT.ok
}

export interface LanguageChooseOptions {
  readonly items?: string
  readonly set: readonly ('continuation' | 'cloze' | 'brackets')[]
  readonly text?: string
  readonly count: number
  readonly seed: number
}

/** Asks a trained model multiple-choice items: of a JSONL file, or made of held-out text. */
export async function languageChoose(folder: string, o: LanguageChooseOptions): Promise<number> {
  const library = await learning(load)
  const { openLanguageFolder, choiceItems, choiceSet, choose, nodeRuntime, Key } = library
  const open = await openLanguageFolder(resolve(folder))
  const { model, values, tokeniser } = open
  const show = progress()
  const window = model.time - (model.scoredFrom ?? 0)
  const sets =
    o.items === undefined
      ? o.set.map(name => ({
          name,
          items: choiceSet(name, heldOut(library, open, o.text), {
            count: o.count,
            key: Key.fromSeed(o.seed),
            longest: Math.min(240, window),
          }),
        }))
      : [{ name: o.items, items: choiceItems(readFileSync(o.items, 'utf8'), o.items) }]
  const rows: (string | number)[][] = []
  for (const { name, items } of sets) {
    const start = performance.now()
    const found = await choose(items, {
      model,
      values,
      tokeniser,
      runtime: nodeRuntime({ threads: 1 }),
      batch: open.file.plan.model.batch,
      progress: (done, total) => show.step(name, done, total, ((performance.now() - start) / 1000) * (total / done - 1)),
    })
    show.done()
    if (!onTerminal()) show.say('chosen', { set: name, chance: found.chance, scores: found.scores }, '')
    for (const s of found.scores)
      rows.push([
        name,
        s.rule,
        `${(100 * s.accuracy).toFixed(1)} % [${s.interval.map(v => (100 * v).toFixed(1)).join(', ')}]`,
        `chance ${(100 * found.chance).toFixed(1)} %`,
        `${s.items} items`,
      ])
  }
  if (onTerminal()) process.stdout.write(`${table(rows.map(r => r.map(String)))}\n`)
  return EXIT.ok
}
