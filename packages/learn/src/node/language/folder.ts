/** Trained language models as folders: what was trained (`language.json`), its parameters (`model.safetensors`), the run (`run.safetensors`, `log.csv`) and its page (`report.html`). */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { flatArrays, Key, type Log, type LogEntry, type NDArray, nn, type Runtime, type Tree, writeSafetensors } from '@dioramic/tensor'
import { checkpointFile, createArena, csvLog, loadArraysFile, nodeRuntime, writeFileAtomic } from '@dioramic/tensor/node'
import { z } from 'zod'
import {
  bpeTokeniser,
  type Corpus,
  characterTokeniser,
  type DoneLanguageFile,
  encodeDocuments,
  floorsOf,
  LanguageError,
  type LanguageFile,
  type LanguageModel,
  type LanguagePlan,
  languageFile,
  languagePage,
  learnMerges,
  type ModelValues,
  type Sample,
  scoredBatches,
  scorer,
  scoreText,
  splitDocuments,
  type Tokeniser,
  tokeniserOf,
  trainLanguage,
  writer,
} from '../../language/index.ts'
import { modelKindOf, settingsOfKind } from './models.ts'

const FILE = 'language.json'
const MODEL = 'model.safetensors'
const RUN = 'run.safetensors'
const LOG = 'log.csv'

/** What the recipe is told. */
export interface FolderSettings {
  readonly corpus: Corpus
  /** Name or path of the text, as given. */
  readonly from: string
  readonly shares: { readonly validation: number; readonly test: number }
  /** Tokens of a BPE vocabulary; characters where it is absent. */
  readonly bpe?: number
  readonly kind: string
  /** Of the model; the kind's defaults stand for what is missing. */
  readonly settings: Readonly<Record<string, unknown>>
  readonly time: number
  readonly batch: number
  readonly recipe: LanguagePlan['recipe']
}

export interface FolderEvents {
  readonly logs?: readonly Log[]
  readonly signal?: AbortSignal
  /** Told once what will be trained. */
  readonly start?: (facts: { readonly parameters: number; readonly vocabulary: number; readonly trainTokens: number }) => void
}

/** A trained model, ready. */
export interface OpenLanguage {
  readonly file: LanguageFile
  readonly model: LanguageModel
  readonly values: ModelValues
  readonly tokeniser: Tokeniser
}

/** What a schema found wrong, on one line. */
const said = (error: z.ZodError): string => error.issues.map(i => [i.path.join('.'), i.message].filter(t => t !== '').join(': ')).join('; ')

/** Settings with the kind's defaults. */
async function settingsOf(name: string, given: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
  const parsed = (await modelKindOf(name)).settings.safeParse(given)
  if (!parsed.success)
    throw new LanguageError(
      `settings of the model "${name}": ${said(parsed.error)}; it takes ${(await settingsOfKind(name)).map(s => s.name).join(', ')}`,
    )
  return parsed.data as Record<string, unknown>
}

const modelOf = async ({ model: { kind, settings, time, batch } }: LanguagePlan, vocabulary: number): Promise<LanguageModel> =>
  (await modelKindOf(kind)).build(await settingsOf(kind, settings), { vocabulary, time, batch })

/**
 * Trains a model of a text into a folder, or goes on with what is there; with the same settings the result has the same bits, killed in between or not.
 * @throws LanguageError where the folder holds another run, or the text is too short
 */
export async function trainLanguageFolder(
  folder: string,
  s: FolderSettings,
  { logs = [], signal, start }: FolderEvents = {},
): Promise<LanguageFile> {
  const split = splitDocuments(s.corpus.documents, s.shares)
  const tokeniser = s.bpe === undefined ? characterTokeniser(s.corpus.documents) : bpeTokeniser(learnMerges(split.train, s.bpe))
  const { licence, bytes, sha256 } = s.corpus
  const settings = await settingsOf(s.kind, s.settings)
  const plan: LanguagePlan = {
    format: 1,
    text: { from: s.from, licence, bytes, sha256, shares: s.shares },
    tokeniser: tokeniser.data as LanguagePlan['tokeniser'],
    model: { kind: s.kind, settings, time: s.time, batch: s.batch },
    recipe: s.recipe,
  }
  const model = await modelOf(plan, tokeniser.size)
  const path = join(folder, FILE)
  if (existsSync(path) && JSON.stringify(readFile(folder).plan) !== JSON.stringify(plan))
    throw new LanguageError(
      `${folder} holds a run with another text or other settings (${FILE}): give another --out, or what it was started with`,
    )
  const texts = {
    train: encodeDocuments(tokeniser, split.train),
    validation: encodeDocuments(tokeniser, split.validation),
    test: encodeDocuments(tokeniser, split.test),
  }
  for (const side of ['train', 'validation'] as const) scoredBatches(model, texts[side], { batch: 1 })
  const length = (side: keyof typeof texts) => texts[side].tokens.data.length
  const parameters = nn.countParameters(model.layer)
  start?.({ parameters, vocabulary: tokeniser.size, trainTokens: length('train') })
  mkdirSync(folder, { recursive: true })
  writeFileSync(path, `${JSON.stringify({ plan })}\n`)
  const runtime = nodeRuntime({ threads: 1 })
  const { updates, seed } = s.recipe
  const began = performance.now()
  const { training, validation } = await trainLanguage({
    model,
    tokeniser,
    train: texts.train,
    validation: texts.validation,
    batch: s.batch,
    ...s.recipe,
    key: Key.fromSeed(seed),
    runtime,
    arena: createArena,
    logs: [csvLog(join(folder, LOG)), ...logs],
    checkpoint: { every: Math.max(1, Math.min(200, Math.ceil(updates / 5))), to: checkpointFile(join(folder, RUN)) },
    ...(signal ? { signal } : {}),
  })
  try {
    // Where it was stopped there is nothing to report yet.
    if (signal?.aborted || !validation) return { plan }
    const values: ModelValues = {
      params: training.params,
      state: model.carried ? model.layer.init(Key.fromSeed(seed)).state : training.state,
    }
    const fits = length('test') > model.time
    const file: DoneLanguageFile = {
      plan,
      findings: {
        parameters,
        tokens: { train: length('train'), validation: length('validation'), test: length('test') },
        floors: floorsOf(texts.train, texts.validation, tokeniser.size),
        validation,
        test: fits ? await scoreOf({ model, values, tokeniser }, texts.test, s.batch, runtime) : null,
        seconds: (performance.now() - began) / 1000,
      },
    }
    const items = [...flatArrays({ params: values.params, ...(model.carried ? {} : { state: values.state }) } as Tree<NDArray>)].map(
      ([name, array]) => ({ name, array }),
    )
    await writeFileAtomic(join(folder, MODEL), sink => writeSafetensors(sink, items))
    const samples = await samplesOf({ model, values, tokeniser }, split.validation, Key.fromSeed(seed).fork('samples'), runtime)
    writeFileSync(join(folder, 'report.html'), languagePage(file, readLog(folder), samples))
    writeFileSync(path, `${JSON.stringify(file)}\n`)
    return file
  } finally {
    await training.dispose()
  }
}

type Ready = Pick<OpenLanguage, 'model' | 'values' | 'tokeniser'>

async function scoreOf(
  { model, values, tokeniser }: Ready,
  text: ReturnType<typeof encodeDocuments>,
  batch: number,
  runtime: Runtime,
  stride?: number,
) {
  const run = scorer(model, runtime)
  try {
    return await scoreText(run, values, scoredBatches(model, text, { batch, ...(stride === undefined ? {} : { stride }) }), tokeniser)
  } finally {
    await run.dispose()
  }
}

/** Two texts from the model, each after the first lines of a held-out document. */
async function samplesOf({ model, values, tokeniser }: Ready, documents: readonly string[], key: Key, runtime: Runtime): Promise<Sample[]> {
  const write = writer(model, values, runtime)
  try {
    const samples: Sample[] = []
    for (const [i, temperature] of [0.5, 0.8].entries()) {
      const prompt = tokeniser.encode(documents[0]!.slice(0, 200)).data.slice(0, Math.max(16, (model.scoredFrom ?? 0) + 1)) as BigInt64Array
      const tokens = await write.write(prompt, { count: 300, key: key.fork(i), temperature })
      samples.push({ prompt: tokeniser.decode(prompt), text: tokeniser.decode(tokens) })
    }
    return samples
  } finally {
    await write.dispose()
  }
}

/** All entries of a run, earlier lives of it included. */
const readLog = (folder: string): LogEntry[] =>
  readFileSync(join(folder, `${LOG}.jsonl`), 'utf8')
    .split('\n')
    .flatMap(line => (line === '' ? [] : [JSON.parse(line) as LogEntry]))

function readFile(folder: string): LanguageFile {
  const path = join(folder, FILE)
  if (!existsSync(path)) throw new LanguageError(`${folder} holds no language model (no ${FILE}): make one with diorama language train`)
  try {
    return languageFile.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (e) {
    throw new LanguageError(
      `${path} is not what diorama language train writes: ${e instanceof z.ZodError ? said(e) : (e as Error).message}`,
    )
  }
}

/** A trained model from its folder. @throws LanguageError where there is none, or its run is not done; CheckpointError where parameters do not fit the model */
export async function openLanguageFolder(folder: string): Promise<OpenLanguage> {
  const file = readFile(folder)
  if (!file.findings)
    throw new LanguageError(
      `the run in ${folder} is not done: give its diorama language train command again, it goes on where it was stopped`,
    )
  const tokeniser = tokeniserOf(file.plan.tokeniser)
  const model = await modelOf(file.plan, tokeniser.size)
  const like = model.layer.init(Key.fromSeed(file.plan.recipe.seed))
  const stored = (await loadArraysFile<unknown>(join(folder, MODEL), {
    params: like.params,
    ...(model.carried ? {} : { state: like.state }),
  })) as { params: Tree<NDArray>; state?: Tree<NDArray> }
  return { file, model, tokeniser, values: { params: stored.params, state: stored.state ?? like.state } }
}

/** What a trained model's text costs it: documents as they are. `stride`: see `scoredWindows`. */
export const evaluateLanguage = (
  { file, ...ready }: OpenLanguage,
  documents: readonly string[],
  { runtime, stride }: { readonly runtime: Runtime; readonly stride?: number },
) => scoreOf(ready, encodeDocuments(ready.tokeniser, documents), file.plan.model.batch, runtime, stride)
