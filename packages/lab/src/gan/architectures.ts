import {
  fitGan,
  type Measures,
  measure,
  prepared,
  type RecipeName,
  recipes,
  rowsOf,
  samplerOf,
  selfSupervised,
  trainGan,
  trainJudge,
} from '@dioramic/learn/gan'
import { engine } from '../agent/engine.ts'
import { exact } from '../evidence.ts'
import { part } from '../experiment.ts'
import { digitCode } from './code.ts'
import { batchesOf, digits, sheetOf, sheets } from './digits.ts'

const NAMES = Object.keys(recipes) as RecipeName[]
/** Fully connected nets: each of their updates costs a tenth of the others'. */
const CHEAP = new Set<string>([
  'mlp',
  'semi-supervised',
  'bidirectional',
  'info',
  'auxiliary-classifier',
  'dcgan',
  'boundary-equilibrium',
  'self-supervised',
])
const COVERED = ['precision', 'recall', 'density', 'coverage'] as const

type ArchitectureRecord = { readonly measures: Measures; readonly sheet: number[][] }

/** Every architecture on the digits: a sheet, and how much of them it covers. */
export const architecturesPart = part({
  name: 'architectures',
  about:
    'Every architecture with its loss and rates on the same 2,000 drawn digits, one seed, a few seconds each: how its samples lie among 1,000 real ones in the features of the judge. None is tuned for the task and one seed ranks nothing; that each learns is held by the tests.',
  arms: [...NAMES, 'self-supervised'],
  config: quick => ({ seeds: 1, cheap: quick ? 150 : 2000, dear: quick ? 20 : 400, samples: quick ? 300 : 1000 }),
  seconds: ({ dear }) => dear / 50,
  code: [...digitCode, 'lab/src/gan/architectures.ts'],
  run: async ({ arm, config: { cheap, dear, samples }, key }): Promise<ArchitectureRecord> => {
    const updates = CHEAP.has(arm) ? cheap : dear
    const [own, other] = [digits(2000, key.fork('training')), digits(samples, key.fork('held out'))]
    const judge = await trainJudge(own, key.fork('judge'), engine)
    const { shape } = own
    const recipe =
      arm === 'self-supervised'
        ? selfSupervisedRecipe(shape)
        : prepared(arm as RecipeName, { shape, ...(recipes[arm as RecipeName].classes === 'needed' ? { classes: 10 } : {}) })
    const gan = await trainGan({ ...recipe, updates, key: key.fork('gan'), ...engine })
    const { perEpoch, at } = batchesOf(own, 64, key.fork('batches'))
    await fitGan(gan, { batches: { perEpoch, at }, updates, logEvery: updates })
    const sampler = samplerOf(gan.architecture, gan.weights(), engine.runtime)
    const made = await sampler.sample(samples, key.fork('samples'))
    const fake = { x: rowsOf(made.x), labels: made.labels }
    const measures = await measure(judge, fake, { training: own.x, heldOut: other.x })
    await Promise.all([gan.dispose(), sampler.dispose()])
    return { measures, sheet: sheetOf(fake.x) }
  },
  conclude: of => {
    const arms = [...NAMES, 'self-supervised']
    const first = (arm: string) => of(arm)[0]!.measures
    return {
      claims: [exact('architectures: least coverage of any', Math.min(...arms.map(a => first(a).coverage)))],
      tables: [
        {
          caption: `How each covers the digits. Judge: ${first('mlp').judge}.`,
          head: ['architecture', ...COVERED, 'Fréchet (judge)', 'class entropy'],
          rows: arms.map(a => [a, ...COVERED.map(c => first(a)[c]), first(a).frechet, first(a).classEntropy]),
        },
      ],
      plots: [{ caption: 'Samples of each architecture.', svg: sheets(arms.map(name => ({ name, sheet: of(name)[0]!.sheet }))) }],
    }
  },
})

/** A convolutional net of five scores under self-supervision. */
function selfSupervisedRecipe(shape: readonly number[]) {
  const loss = selfSupervised()
  const like = prepared('dcgan', { shape })
  return { ...like, loss, architecture: recipes.dcgan.build({ shape, outputs: loss.outputs!, width: 16, latent: 16 }) }
}
