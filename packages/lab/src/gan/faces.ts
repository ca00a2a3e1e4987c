/** Faces from very few: a GAN with and without differentiable augmentation. */
import { decodeNpy } from '@dioramic/codec'
import { augmented, fitGan, type LabelledSet, measure, prepared, rowsOf, samplerOf, trainGan, trainJudge } from '@dioramic/learn/gan'
import { sheet } from '@dioramic/learn/report'
import { batches, f32 } from '@dioramic/tensor'
import { engine } from '../agent/engine.ts'
import { mean, meanOf } from '../evidence.ts'
import { type Job, part } from '../experiment.ts'
import { dataBytes, lacking } from '../node/data-files.ts'
import { ganCode } from './code.ts'

export const FACES = 'lfw_subset.npy'
const EDGE = 24
/** Of the hundred faces the last twenty are kept to measure with. */
const OWN = 80
const CLAIMS = [
  'faces: share that a classifier takes for faces, of the augmented GAN',
  'faces: kernel distance, plain − augmented',
  'faces: share of near copies, of the augmented GAN',
] as const

interface Config {
  readonly [name: string]: number | boolean
  readonly updates: number
  readonly samples: number
  readonly here: boolean
}

/** Pictures of 25 × 25 in 0 … 1 as rows of 24 × 24 in −1 … 1 (the last row and column are left out), each with its mirror image beside it. */
function mirrored(pictures: readonly Float64Array[]): Float64Array[] {
  const from = (p: Float64Array, flip: boolean) =>
    Float64Array.from({ length: EDGE * EDGE }, (_, i) => {
      const x = i % EDGE
      return 2 * p[Math.floor(i / EDGE) * 25 + (flip ? 24 - x : x)]! - 1
    })
  return pictures.flatMap(p => [from(p, false), from(p, true)])
}

/** Faces and other pictures, to train on and kept apart. */
export function faces(bytes: Uint8Array): { readonly own: LabelledSet; readonly other: LabelledSet } {
  const { data, shape } = decodeNpy(bytes)
  if (shape.join() !== '200,25,25') throw new Error(`${FACES} has the shape [${shape.join(', ')}], not [200, 25, 25]`)
  const all = Array.from({ length: 200 }, (_, i) => Float64Array.from(data.slice(i * 625, (i + 1) * 625) as Float64Array))
  const set = (a: number, b: number): LabelledSet => {
    const [is, not] = [mirrored(all.slice(a, b)), mirrored(all.slice(100 + a, 100 + b))]
    return { x: [...is, ...not], y: [...is.map(() => 1), ...not.map(() => 0)], classes: 2, shape: [1, EDGE, EDGE] }
  }
  return { own: set(0, OWN), other: set(OWN, 100) }
}

async function run({ arm, seed, config: { updates, samples, here }, key }: Job<Config>) {
  const bytes = dataBytes(FACES)
  if (!here || bytes === undefined) return null
  const { own, other } = faces(bytes)
  const [training, heldOut] = [own.x.slice(0, 2 * OWN), other.x.slice(0, 2 * (100 - OWN))]
  const judge = await trainJudge(own, key.fork('judge'), engine)
  const options = { shape: own.shape, width: 256, latent: 32 }
  const recipe = prepared('mlp', options, { average: 0.995 })
  const architecture = arm === 'augmented' ? augmented(() => recipe.architecture, { tone: 0.5, cut: 0.25 })(options) : recipe.architecture
  const gan = await trainGan({ ...recipe, architecture, updates, key: key.fork('gan'), ...engine })
  const x = f32(Float32Array.from(training.flatMap(r => [...r])), [training.length, ...own.shape])
  await fitGan(gan, { batches: batches({ x }, { size: 32, key: key.fork('batches') }), updates, logEvery: updates })
  const sampler = samplerOf(architecture, gan.weights(), engine.runtime)
  const made = rowsOf((await sampler.sample(samples, key.fork('samples'))).x)
  await Promise.all([gan.dispose(), sampler.dispose()])
  const measures = await measure(judge, { x: made, labels: made.map(() => 1) }, { training, heldOut })
  const picked =
    seed > 0
      ? {}
      : {
          sheet: made.slice(0, 20).map(round),
          real: training
            .filter((_, i) => i % 2 === 0)
            .slice(0, 20)
            .map(round),
        }
  return { measures, ...picked }
}

const round = (r: Float64Array): number[] => Array.from(r, v => Math.round(100 * v) / 100)
type FaceRecord = Awaited<ReturnType<typeof run>>

export const facesPart = part<Config, FaceRecord>({
  name: 'faces',
  about:
    'Eighty faces of 24 × 24 pixels, and their mirror images, are all that a GAN of fully connected nets learns from; twenty others are kept to measure with. The same with differentiable augmentation of what the discriminator sees, which was made for so few. Distances are in the features of a classifier of faces against other pictures.',
  arms: ['plain', 'augmented'],
  code: [...ganCode, 'lab/src/gan/faces.ts', 'learn/src/gan/augment', 'learn/src/theory/models'],
  config: quick => ({
    seeds: quick ? 1 : 5,
    updates: quick ? 40 : 3000,
    samples: quick ? 50 : 400,
    here: dataBytes(FACES) !== undefined,
  }),
  seconds: ({ updates, here }) => (here ? updates / 70 + 3 : 0),
  run,
  conclude(of) {
    const [plain, careful] = (['plain', 'augmented'] as const).map(a => of(a).flatMap(r => (r ? [r] : [])))
    if (!plain?.length || !careful?.length) return { unmeasured: CLAIMS, notes: [lacking('Faces were', FACES)] }
    const row = (name: string, all: typeof plain) => [
      name,
      ...(['agreement', 'kernel', 'precision', 'recall', 'closer', 'copies'] as const).map(k =>
        meanOf(all.map(r => r.measures[k]!)).toFixed(3),
      ),
    ]
    const pictures = [
      { title: 'faces to learn from', pictures: plain[0]!.real! },
      { title: 'generated, plain', pictures: plain[0]!.sheet! },
      { title: 'generated, augmented', pictures: careful[0]!.sheet! },
    ]
    return {
      claims: [
        mean(
          CLAIMS[0],
          careful.map(r => r.measures.agreement!),
        ),
        mean(
          CLAIMS[1],
          plain.map((r, i) => r.measures.kernel - careful[i]!.measures.kernel),
        ),
        mean(
          CLAIMS[2],
          careful.map(r => r.measures.copies),
        ),
      ],
      tables: [
        {
          caption: `Samples against twenty faces (and their mirror images) that none has seen; features of ${plain[0]!.measures.judge} and its like.`,
          head: ['', 'taken for faces', 'kernel distance', 'precision', 'recall', 'closer to training faces', 'near copies'],
          rows: [row('plain', plain), row('augmented', careful)],
        },
      ],
      plots: [{ caption: 'Faces that were learned from, and samples of both (seed 0).', svg: sheet(pictures, [EDGE, EDGE], 2) }],
    }
  },
})
