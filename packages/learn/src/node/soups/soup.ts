/** Soups of files: checks, scores, mixes, writes, and reports. */
import { basename, dirname, join } from 'node:path'
import {
  type Arena,
  Key,
  type NDArray,
  numbersOf,
  type Runtime,
  type SafetensorsItem,
  streamSafetensors,
  writeSafetensors,
} from '@dioramic/tensor'
import { writeFileAtomic } from '@dioramic/tensor/node'
import { accuracyOf, calibratedEnsemble, calibration, type Logits, lossOf, meanLogits } from '../../soups/analysis/logits.ts'
import { SoupError } from '../../soups/error.ts'
import { align } from '../../soups/merge/align.ts'
import type { Checkpoint } from '../../soups/merge/checkpoint.ts'
import { type Inspection, inspect } from '../../soups/merge/inspect.ts'
import { mergeStreams } from '../../soups/merge/merge.ts'
import { interpolated, type Mix, uniform, weightsOf } from '../../soups/mix.ts'
import { type Acceptance, type GreedyStep, greedy } from '../../soups/recipes/greedy.ts'
import { interpolate, type Line } from '../../soups/recipes/interpolate.ts'
import { learnSoup } from '../../soups/recipes/learned.ts'
import type { IngredientReport, RecipeName, SoupReport } from '../../soups/report/report.ts'
import { ScoreCache } from './cache.ts'
import type { Score } from './command.ts'
import { type Evaluator, finished, type Kitchen, mixedArrays, openEvaluator } from './evaluator.ts'
import { nativeSha256, withCheckpoints } from './files.ts'

export interface SoupOptions {
  readonly recipe: RecipeName
  readonly paths: readonly string[]
  /** The file to write; absent for the line between two models alone. */
  readonly out?: string
  /** A command or the path of a module. */
  readonly evaluation?: string
  readonly accept?: Acceptance
  /** Of wise-ft: how far from the first to the second. Without it the best of `points` by the evaluation. */
  readonly alpha?: number
  readonly points?: number
  /** Of the learned recipe: coefficients by array. */
  readonly byArray?: boolean
  /** Where scores are kept. */
  readonly cache: string
  /** What trains and runs tasks; only asked of for modules that export one. */
  readonly engine: () => Promise<{ readonly runtime: Runtime; readonly arena: (bytes: number) => Promise<Arena> }>
  readonly onEvent?: (e: SoupEvent) => void
}

export type SoupEvent =
  | { readonly type: 'read' | 'write'; readonly done: number; readonly total: number; readonly eta: number }
  /** A score begins; `eta` in seconds. `known` were measured before. */
  | { readonly type: 'score'; readonly label: string; readonly done: number; readonly total: number; readonly eta: number }
  | { readonly type: 'scored'; readonly label: string; readonly score: number; readonly known: boolean }
  | { readonly type: 'warning'; readonly text: string }

/**
 * Makes a soup. Nothing is written before all checkpoints fit and hold no NaN, and the output is there whole or not at all.
 *
 * @throws SoupError, CheckpointError that name files and arrays
 */
export async function makeSoup(o: SoupOptions): Promise<SoupReport> {
  const { recipe, paths } = o
  if (paths.length === 0) throw new SoupError('there are no checkpoints; give two or more')
  if (recipe === 'wise-ft' && paths.length !== 2)
    throw new SoupError(
      `between two models lies a line, and ${paths.length} were given; give the first weights and what was fine-tuned from them`,
    )
  if (o.evaluation === undefined && (recipe === 'greedy' || recipe === 'learned' || (recipe === 'wise-ft' && o.alpha === undefined)))
    throw new SoupError(
      `the recipe ${recipe} needs held-out scores: add --eval with a command that is given a checkpoint and prints its score, or with a module${recipe === 'wise-ft' ? '; or say how far to go with --alpha' : ''}`,
    )
  return withCheckpoints(paths, checkpoints => cook(checkpoints, o))
}

async function cook(checkpoints: readonly Checkpoint[], o: SoupOptions): Promise<SoupReport> {
  const { onEvent = () => {} } = o
  const kitchen: Kitchen = { checkpoints, arrays: align(checkpoints) }
  const elements = kitchen.arrays.reduce((n, a) => n + a.size, 0)
  const inspection = await inspect(checkpoints, kitchen.arrays, {
    hash: nativeSha256,
    progress: meter('read', elements * checkpoints.length, onEvent),
  })
  for (const text of inspection.warnings) onEvent({ type: 'warning', text })
  const candidate = join(dirname(o.out ?? o.paths[0]!), `.${basename(o.out ?? o.paths[0]!)}.candidate.safetensors`)
  const evaluator =
    o.evaluation === undefined ? undefined : await openEvaluator(o.evaluation, candidate, async () => (await o.engine()).runtime)
  try {
    return await finish(kitchen, inspection, evaluator, o)
  } finally {
    evaluator?.close()
  }
}

/** What a recipe decides. */
interface Decision {
  readonly mix: Mix
  readonly steps?: readonly GreedyStep[]
  readonly line?: Line
  readonly beta?: number
  /** Scores of the ingredients, where they were asked for. */
  readonly own?: readonly Score[]
  readonly score?: Score
}

async function finish(kitchen: Kitchen, inspection: Inspection, evaluator: Evaluator | undefined, o: SoupOptions): Promise<SoupReport> {
  const { checkpoints, arrays } = kitchen
  const { onEvent = () => {} } = o
  const d = await decide(kitchen, evaluator && new Scorer(kitchen, inspection.hashes, evaluator, o), evaluator, o)
  const warnings = [...inspection.warnings]
  const warn = (text: string) => {
    warnings.push(text)
    onEvent({ type: 'warning', text })
  }
  // The soup of the two best (or of all) below the worst ingredient: there is a barrier between them.
  const together = d.steps?.[1]?.score ?? d.score?.score
  if (d.own && d.own.length > 1 && together !== undefined && together < Math.min(...d.own.map(s => s.score)))
    warn(
      `${d.steps ? 'the soup of the two best ingredients' : 'the soup'} scores ${together}, below every ingredient: they do not lie in one basin. Fine-tune from the same weights, with a smaller learning rate`,
    )
  if (arrays.some(a => /running_(mean|var)$/.test(a.name)) && d.mix.members.length > 1 && !evaluator?.task?.task.finish)
    warn(
      'running statistics of batch norms are averaged like weights, which is seldom right: measure them anew on training data before use (torch.optim.swa_utils.update_bn)',
    )

  const output = o.out === undefined ? null : await write(kitchen, d.mix, evaluator, { ...o, out: o.out }, inspection)
  const weights = typeof d.mix.weights === 'function' ? undefined : d.mix.weights
  return {
    recipe: o.recipe,
    accept: o.recipe === 'greedy' ? (o.accept ?? 'ge') : null,
    evaluation: o.evaluation ?? null,
    ingredients: checkpoints.map((c, i): IngredientReport => {
      const at = d.mix.members.indexOf(i)
      return {
        file: c.name,
        hash: inspection.hashes[i]!,
        score: d.own?.[i]?.score ?? null,
        values: d.own?.[i]?.values ?? {},
        weight: at < 0 ? 0 : weights ? weights[at]! / d.mix.divisor : null,
        correlation: correlationOf(inspection, i),
      }
    }),
    score: d.score?.score ?? null,
    values: d.score?.values ?? {},
    steps: d.steps ?? [],
    line: d.line ?? null,
    beta: d.beta ?? null,
    beside: evaluator?.task && d.own ? await ensembles(kitchen, evaluator.task, d.own) : [],
    differing: inspection.differing,
    warnings,
    output,
  }
}

async function decide(kitchen: Kitchen, scorer: Scorer | undefined, evaluator: Evaluator | undefined, o: SoupOptions): Promise<Decision> {
  const all = kitchen.checkpoints.map((_, i) => i)
  const names = kitchen.checkpoints.map(c => basename(c.name))
  const k = all.length
  const ownScores = async (after: number): Promise<Score[]> => {
    scorer!.expect(k + after)
    const out: Score[] = []
    for (const i of all) out.push(await scorer!.of(uniform([i]), names[i]!))
    return out
  }
  if (o.recipe === 'uniform') {
    const mix = uniform(all)
    if (!scorer) return { mix }
    const own = await ownScores(k > 1 ? 1 : 0)
    return { mix, own, score: await scorer.of(mix, 'the soup') }
  }
  if (o.recipe === 'wise-ft') {
    if (!scorer) return { mix: interpolated(o.alpha!) }
    const points = o.points ?? 11
    scorer.expect(o.alpha === undefined ? points : 3)
    const at = (alpha: number) => scorer.of(interpolated(alpha), `α = ${Number(alpha.toPrecision(3))}`)
    const own = [await at(0), await at(1)]
    if (o.alpha !== undefined) return { mix: interpolated(o.alpha), own, score: await at(o.alpha) }
    const line = await interpolate(async alpha => (await at(alpha)).score, points)
    return { mix: interpolated(line.best.alpha), own, line, score: await at(line.best.alpha) }
  }
  if (o.recipe === 'learned') {
    const task = evaluator?.task
    if (!task)
      throw new SoupError(
        'the learned recipe needs gradients: give --eval a module whose default export is a task, { logits(weights, x), x, y }; see docs/soups.md',
      )
    const own = await ownScores(1)
    const { arena, runtime } = await o.engine()
    const ingredients: Record<string, NDArray>[] = []
    for (const i of all) ingredients.push(await mixedArrays(kitchen, uniform([i])))
    const { logits, x, y } = task.task
    const { mix, beta } = await learnSoup(ingredients, {
      logits,
      x,
      y,
      byArray: o.byArray ?? false,
      runtime,
      arena,
      epochs: Math.max(3, Math.ceil(200 / Math.ceil(y.data.length / 64))),
      key: Key.fromSeed(0),
    })
    return { mix, own, beta, score: await scorer!.of(mix, 'the soup') }
  }
  const own = await ownScores(k - 1)
  const found = new Map<string, Score>()
  const { members, steps } = await greedy(
    own.map(s => s.score),
    async list => {
      const s = await scorer!.of(uniform(list), `${names[list.at(-1)!]} with ${list.length - 1} more`)
      found.set(list.join(), s)
      return s.score
    },
    o.accept ?? 'ge',
  )
  return { mix: uniform(members), own, steps, score: found.get(members.join()) ?? own[members[0]!]! }
}

/** Asks for scores, remembers them, and says how long it will take. */
class Scorer {
  private readonly kitchen: Kitchen
  private readonly hashes: readonly string[]
  private readonly evaluator: Evaluator
  private readonly cache: ScoreCache
  private readonly onEvent: (e: SoupEvent) => void
  private total = 0
  private done = 0
  private measured = 0
  private seconds = 0

  constructor(kitchen: Kitchen, hashes: readonly string[], evaluator: Evaluator, o: SoupOptions) {
    this.kitchen = kitchen
    this.hashes = hashes
    this.evaluator = evaluator
    this.cache = new ScoreCache(o.cache)
    this.onEvent = o.onEvent ?? (() => {})
  }

  /** That so many scores will be asked for, at most. */
  expect(total: number): void {
    this.total = total
  }

  async of(mix: Mix, label: string): Promise<Score> {
    const { done, total } = this
    const pace = this.measured > 0 ? this.seconds / this.measured : 0
    const weights = this.kitchen.arrays.map(a => weightsOf(mix, a.name))
    const shared = typeof mix.weights === 'function' ? weights : weights[0]
    const key = [this.evaluator.identity, mix.members.map(m => this.hashes[m]), shared, mix.divisor]
    const known = this.cache.get(key)
    this.done++
    if (known) {
      this.onEvent({ type: 'scored', label, score: known.score, known: true })
      return known
    }
    this.onEvent({ type: 'score', label, done, total, eta: pace * Math.max(1, total - done) })
    const start = performance.now()
    const score = await this.evaluator.score(this.kitchen, mix)
    this.seconds += (performance.now() - start) / 1000
    this.measured++
    this.cache.put(key, score)
    this.onEvent({ type: 'scored', label, score: score.score, known: false })
    return score
  }
}

/** Ensembles of the ingredients, by the accuracy of a task: they cost nothing here but the members' logits. */
async function ensembles(
  kitchen: Kitchen,
  { task, logits }: NonNullable<Evaluator['task']>,
  own: readonly Score[],
): Promise<SoupReport['beside']> {
  if (own.length < 2) return []
  const labels = numbersOf(task.y)
  const all: Logits[] = []
  for (const i of own.keys()) all.push(await logits(await mixedArrays(kitchen, uniform([i]))))
  const accuracy = (z: Logits) => accuracyOf(z, labels)
  const picked = await greedy(
    own.map(s => s.score),
    members => accuracy(meanLogits(members.map(m => all[m]!))),
  )
  const betas = all.map(z => calibration(z, labels))
  const calibrated = calibratedEnsemble(all, betas, all[0]!.length / labels.length)
  return [
    { name: 'logit ensemble', score: accuracy(meanLogits(all)), members: all.length },
    { name: 'greedy ensemble', score: picked.score, members: picked.members.length },
    { name: `calibrated ensemble (loss ${lossOf(calibrated, labels).toPrecision(4)})`, score: accuracy(calibrated), members: all.length },
  ]
}

async function write(
  kitchen: Kitchen,
  mix: Mix,
  evaluator: Evaluator | undefined,
  o: SoupOptions & { readonly out: string },
  { hashes }: Inspection,
): Promise<NonNullable<SoupReport['output']>> {
  const { checkpoints, arrays } = kitchen
  const elements = arrays.reduce((n, a) => n + a.size, 0)
  const shares = typeof mix.weights === 'function' ? null : mix.weights.map(w => w / mix.divisor)
  const provenance = {
    recipe: o.recipe,
    ingredients: mix.members.map(m => ({ name: basename(checkpoints[m]!.name), hash: hashes[m] })),
    shares,
  }
  // Readers such as transformers ask for the format.
  const metadata = new Map([
    ['format', 'pt'],
    ['dioramic.soup', JSON.stringify(provenance)],
  ])
  let bytes = 0
  await writeFileAtomic(o.out, async sink => {
    const counted = {
      write: async (b: Uint8Array) => {
        bytes += b.length
        await sink.write(b)
      },
    }
    const task = evaluator?.task?.task
    if (task?.finish && mix.members.length > 1) {
      const done = await finished(task, await mixedArrays(kitchen, mix), mix)
      const items = arrays.map(({ name, dtype }): SafetensorsItem => ({ name, array: done[name]!, as: dtype === 'f64' ? 'f32' : dtype }))
      await writeSafetensors(counted, items, metadata)
    } else await streamSafetensors(counted, mergeStreams(checkpoints, arrays, mix, meter('write', elements, o.onEvent)), metadata)
  })
  return { file: o.out, bytes, arrays: arrays.length, elements }
}

/** Mean correlation of an ingredient's matrices with the first's, by elements. */
function correlationOf({ likeness }: Inspection, i: number): number | null {
  const size = likeness.reduce((n, l) => n + l.size, 0)
  return size === 0 ? null : likeness.reduce((n, l) => n + l.size * l.correlation[i]!, 0) / size
}

function meter(type: 'read' | 'write', total: number, onEvent: (e: SoupEvent) => void = () => {}): (elements: number) => void {
  const start = performance.now()
  let done = 0
  return elements => {
    done += elements
    onEvent({ type, done, total, eta: (((performance.now() - start) / done) * (total - done)) / 1000 })
  }
}
