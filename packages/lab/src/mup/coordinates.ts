import { type CoordRecord, coordPlot, coordSlopes, coordVerdict } from '@dioramic/learn/mup'
import { exact } from '../evidence.ts'
import { part } from '../experiment.ts'
import { coordinatesOf } from './coordinate-records.ts'
import type { Family, Parametrised } from './networks.ts'
import { NETWORKS_CODE } from './networks-code.ts'

const FAMILIES = ['mlp', 'transformer', 'resnet'] as const
const KINDS = ['mup', 'standard', 'broken'] as const
const parse = (arm: string): { readonly family: Family; readonly kind: Parametrised; readonly sizes: (typeof FAMILIES)[number] } => {
  const [sizes, kind] = arm.split(' ') as [(typeof FAMILIES)[number], Parametrised]
  return { family: sizes === 'mlp' ? sizes : sizes === 'transformer' ? 'one block' : 'one branch', kind, sizes }
}
const powers = (low: number, high: number) => Array.from({ length: Math.log2(high / low) + 1 }, (_, i) => low * 2 ** i)

/** After one to three updates of Adam, is what every module gives of one size at all widths? */
export const coordinates = part({
  name: 'coordinates',
  about:
    'Mean |x| of every module after 1, 2 and 3 updates of Adam (rate 0.004 at the base width), over widths; readouts and queries begin at 0. The paper’s “steps 2 to 4”: it counts the first values as step 1. An MLP, one block of a transformer on a novel, a ResNet of one branch on drawn digits; the standard parametrisation beside it, and muP with the readout’s multiplier left out.',
  code: [...NETWORKS_CODE, 'lab/src/mup/coordinate-records.ts', 'learn/src/mup/coord-check.ts'],
  arms: FAMILIES.flatMap(f => KINDS.map(k => `${f} ${k}`)),
  config: quick => ({
    seeds: quick ? 2 : 5,
    // The standard parametrisation tells itself at less than the greatest widths.
    mlp: quick ? [64, 512, 512] : [64, 2048, 2048],
    transformer: quick ? [64, 128, 128] : [64, 2048, 512],
    resnet: quick ? [64, 128, 128] : [64, 2048, 512],
    steps: 3,
  }),
  seconds: () => 10,
  run: ({ arm, seed, config, key }) => {
    const { family, kind, sizes } = parse(arm)
    const [low, ofMup, ofOthers] = config[sizes] as [number, number, number]
    return coordinatesOf(
      family,
      kind,
      { widths: powers(low, kind === 'mup' ? ofMup : ofOthers), steps: config.steps, lr: 0.004 },
      seed,
      key,
    )
  },
  conclude: of => {
    const at = (f: string, k: string) => (of(`${f} ${k}`) as unknown as CoordRecord[][]).flat()
    const logits = (f: string, k: string) =>
      Math.max(
        ...coordSlopes(at(f, k))
          .filter(s => s.module === 'output')
          .map(s => s.slope),
      )
    const words = { mlp: 'MLP', transformer: 'transformer', resnet: 'ResNet' } as const
    return {
      claims: FAMILIES.flatMap(f => [
        exact(`coordinates: largest |slope| of any module, ${words[f]}`, Math.abs(coordVerdict(at(f, 'mup')).worst.slope)),
        exact(`coordinates: slope of the logits, standard parametrisation, ${words[f]}`, logits(f, 'standard')),
        exact(`coordinates: broken multiplier is told as not flat, ${words[f]}`, coordVerdict(at(f, 'broken')).flat ? 0 : 1),
      ]),
      notes: FAMILIES.flatMap(f => KINDS.map(k => `${words[f]}, ${k}: ${coordVerdict(at(f, k)).text}.`)),
      plots: FAMILIES.flatMap(f =>
        (['mup', 'standard'] as const).map(k => ({
          caption: `${words[f]}, ${k}: the steepest modules after the last update.`,
          svg: coordPlot(at(f, k), 3, `${words[f]}, ${k}, after 3 updates`),
        })),
      ),
    }
  },
})
