import { Key, nn, plot } from '@dioramic/tensor'
import { exact, type Measurement, mean, meanOf } from '../evidence.ts'
import { part } from '../experiment.ts'
import { baseOf, type Factors, type Family, network, type Parametrised } from './networks.ts'
import { NETWORKS_CODE } from './networks-code.ts'
import { bootstrappedDrift, type Losses } from './optimum.ts'
import { logRatesOf, sweep } from './sweep.ts'

interface Setting {
  readonly family: Family
  readonly word: string
  readonly about: string
  readonly widths: readonly number[]
  readonly quickWidths: readonly number[]
  readonly seeds: readonly [full: number, quick: number]
  readonly steps: number
  readonly batch: number
  /** Base-2 logarithms of the rates, lowest and highest. */
  readonly rates: readonly [number, number]
  /** Octaves from one rate to the next. */
  readonly apart: number
  /** Does the rate fall to 0 along a line? */
  readonly decay: boolean
  /** What else is tuned on the narrow model: what was best there, and what was tried beside it. */
  readonly factors?: { readonly best: Factors; readonly others: readonly Factors[] }
  readonly seconds: number
}

const PLAIN: Factors = { output: 1, attention: 1 }
const told = ({ output, attention }: Factors) => `output × ${output}, attention × ${attention}`

const KINDS = ['standard', 'mup'] as const

/** The best learning rate at every width, with and without mup, and what the narrow model's is worth on the wide one. */
function rates(setting: Setting) {
  const { family, word, about, widths, quickWidths, seeds, steps, batch, apart, decay, factors, seconds } = setting
  const others = factors?.others ?? []
  const [low, high] = setting.rates
  const grid = { low, high, apart }
  const logRates = logRatesOf(grid)
  return part({
    name: `rates-${family}`,
    about: `${about} Adam (0.9, 0.99) at ${decay ? 'a rate that falls to 0 along a line' : 'a constant rate'}; each width is trained at every rate from the same first values on the same batches; the mean training loss over the last fifth. The base width is ${baseOf(family)}.`,
    code: [...NETWORKS_CODE, 'lab/src/mup/sweep.ts'],
    arms: [
      ...KINDS.flatMap(k => widths.map(w => `${k} ${w}`)),
      ...others.map((_, i) => `mup ${widths[0]} ${i}`),
      ...(factors ? [`standard ${widths.at(-1)} plain`] : []),
    ],
    config: quick => ({ seeds: seeds[quick ? 1 : 0], widths: quick ? [...quickWidths] : [...widths], steps, batch, ...grid, decay }),
    seconds: () => seconds,
    run: ({ arm, config, key }) => {
      const [kind, width, other] = arm.split(' ') as [Parametrised, string, string?]
      if (!config.widths.includes(Number(width))) return []
      const own = other === undefined ? factors?.best : other === 'plain' ? PLAIN : others[Number(other)]
      return sweep(family, Number(width), kind, { ...config, ...(own && { factors: own }) }, key)
    },
    conclude: (of, config) => {
      if (config.widths.length === 0) return { notes: ['Only the full form measures this.'] }
      const at = (k: Parametrised): Losses => config.widths.map(w => of(`${k} ${w}`))
      const [standard, mup] = [at('standard'), at('mup')]
      const means = (l: Losses) => l.map(s => logRates.map((_, i) => meanOf(s.map(r => r[i]!))))
      const [ms, mm] = [means(standard), means(mup)]
      const argmin = (losses: readonly number[]) => losses.indexOf(Math.min(...losses))
      const tuned = argmin(mm[0]!)
      const [wide, direct] = [mup.at(-1)!, argmin(ms.at(-1)!)]
      const [first, last] = [config.widths[0]!, config.widths.at(-1)!]
      const tried = others.map((_, i) => of(`mup ${first} ${i}`))
      const transferred = (against: readonly (readonly number[])[]) => {
        const best = argmin(means([against])[0]!)
        return wide.map((r, s) => r[tuned]! - against[s]![best]!)
      }
      const drift = (k: string, l: Losses): Measurement => ({
        claim: `${word}: octaves of the best rate per doubling of the width, ${k}`,
        ...bootstrappedDrift(config.widths, logRates, l, Key.fromSeed(0)),
      })
      // A pass over a weight costs the same in every layer: the share of the sweep's cost goes by parameters.
      const size = (w: number) => nn.countParameters(network(family, w, 'mup'))
      const curves = (m: readonly (readonly number[])[]) =>
        m.map((losses, i) => ({
          name: `width ${config.widths[i]}`,
          points: losses.map((l, k) => [2 ** logRates[k]!, Math.min(l, 3 * mm[0]![tuned]!)] as const),
        }))
      return {
        claims: [
          drift('standard', standard),
          drift('mup', mup),
          mean(
            `${word}: loss of half the width less that of the whole at the narrow model's rate, least over widths, mup`,
            least(config.widths.slice(1).map((_, i) => mup[i]!.map((r, s) => r[tuned]! - mup[i + 1]![s]![tuned]!))),
          ),
          mean(
            `${word}: transferred loss less that of direct tuning at the greatest width`,
            transferred(factors ? of(`standard ${last} plain`) : standard.at(-1)!),
          ),
          exact(`${word}: cost of tuning the narrow model / of direct tuning`, ((1 + others.length) * size(first)) / size(last)),
          ...(factors
            ? [
                mean(
                  `${word}: transferred loss less that of direct tuning at the greatest width with the narrow model's factors`,
                  transferred(standard.at(-1)!),
                ),
                exact(
                  `${word}: loss of the narrow model with its factors less the best with others`,
                  mm[0]![tuned]! - Math.min(...means(tried).flat()),
                ),
              ]
            : []),
          mean(
            `${word}: loss at the narrow model's rate less the best at the greatest width, standard`,
            standard.at(-1)!.map(r => r[argmin(ms[0]!)]! - r[direct]!),
          ),
          mean(
            `${word}: the same, mup`,
            wide.map(r => r[tuned]! - r[argmin(mm.at(-1)!)]!),
          ),
          ...(first === baseOf(family)
            ? [
                exact(
                  `${word}: largest difference of the two at the base width`,
                  Math.max(...standard[0]!.flatMap((r, s) => r.map((v, i) => Math.abs(v - mup[0]![s]![i]!)))),
                ),
              ]
            : []),
        ],
        tables: [
          ...KINDS.map((k, i) => ({
            caption: `Training loss, ${k}; means over ${config.seeds} seeds.`,
            head: ['width', ...logRates.map(e => `2^${e}`)],
            rows: config.widths.map((w, j) => [w, ...[ms, mm][i]![j]!]),
          })),
          ...(factors
            ? [
                {
                  caption: 'The same, with other factors.',
                  head: ['', ...logRates.map(e => `2^${e}`)],
                  rows: [
                    ...others.map((o, i) => [`mup ${first}, ${told(o)}`, ...means(tried)[i]!]),
                    [`standard ${last}, ${told(PLAIN)}`, ...means([of(`standard ${last} plain`)])[0]!],
                  ],
                },
              ]
            : []),
        ],
        plots: KINDS.map((k, i) => ({
          caption: `Training loss over the learning rate, ${k}.`,
          svg: plot(curves([ms, mm][i]!), { title: `${word}, ${k}`, x: 'learning rate', y: 'training loss', logX: true }),
        })),
      }
    },
  })
}

/** The list with the least mean. */
const least = (lists: readonly (readonly number[])[]): readonly number[] => lists.reduce((a, b) => (meanOf(b) < meanOf(a) ? b : a))

export const ratesMlp = rates({
  family: 'mlp',
  word: 'MLP',
  about:
    'A ReLU MLP with two hidden layers learns the signs of three products of coordinates of Gaussian vectors in R¹⁶, 300 batches of 64.',
  widths: [64, 128, 256, 512],
  quickWidths: [64, 128, 256, 512],
  seeds: [8, 2],
  steps: 300,
  batch: 64,
  rates: [-11, -3],
  apart: 1,
  decay: false,
  seconds: 3,
})

export const ratesTransformer = rates({
  family: 'transformer',
  word: 'transformer',
  about:
    'A pre-norm transformer of two blocks reads a novel character by character, 200 batches of 8 windows of 32. The factors on logits and attention logits are tuned on the narrow model, too; direct tuning has the rate alone, and costs more for all that.',
  widths: [32, 64, 128, 256],
  quickWidths: [],
  seeds: [4, 1],
  steps: 200,
  batch: 8,
  rates: [-14, -8],
  apart: 1,
  decay: false,
  factors: { best: { output: 16, attention: 4 }, others: [PLAIN, { output: 16, attention: 1 }, { output: 1, attention: 4 }] },
  seconds: 20,
})

export const ratesResnet = rates({
  family: 'resnet',
  word: 'ResNet',
  about:
    'A ResNet of two residual branches with norms over all channels tells noisy drawn digits of 8 × 8 apart, 120 batches of 192; widths are channels.',
  widths: [16, 32, 64],
  quickWidths: [],
  seeds: [10, 1],
  steps: 120,
  batch: 192,
  rates: [-9, -4.5],
  apart: 0.5,
  decay: true,
  seconds: 60,
})
