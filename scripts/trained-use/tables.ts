/** Tables of docs/trained-use.md from what the nets scored. */
import { type Measurement, mean, meanOf } from '@dioramic/lab'
import { PARTS, type Part } from './sets.ts'

/** measure → value. */
type Scores = Readonly<Record<string, number>>

/** What one of the Python scripts leaves. */
export interface Scored {
  readonly trainingSeconds: number
  /** Of each set that was trained or tested on. */
  readonly pictures: Readonly<Record<string, number>>
  readonly rows: readonly {
    readonly trained: string
    readonly tested: string
    readonly measure: string
    readonly values: readonly number[]
  }[]
  /** name → test → scores, of what learns nothing of pictures. */
  readonly baselines: Readonly<Record<string, Readonly<Record<string, Scores>>>>
}

/** docs/evidence/trained-use.json; each part as it was measured last. */
export interface TrainedUse {
  readonly command: string
  readonly parts: Readonly<
    Partial<Record<Part, Scored & { readonly version: string; readonly machine: Readonly<Record<string, string | number>> }>>
  >
}

/** Three decimals without the nought before them; what rounds to nought has no sign. */
const short = (x: number) =>
  (Math.round(1000 * x) / 1000 || 0)
    .toFixed(3)
    .replace(/^(-?)0\./, '$1.')
    .replace('-', '−')
const between = ({ value, interval: [low, high] }: Measurement) => `${short(value)} [${short(low)}, ${short(high)}]`

/** Mean ± standard deviation over seeds. */
export function spread(values: readonly number[]): string {
  const m = meanOf(values)
  const deviation = Math.sqrt(values.reduce((a, v) => a + (v - m) ** 2, 0) / (values.length - 1))
  return `${short(m)} ± ${short(deviation)}`
}

/** a − b, paired by seed, with Student's 95 % interval. */
export const difference = (a: readonly number[], b: readonly number[]) =>
  between(
    mean(
      '',
      a.map((v, i) => v - b[i]!),
    ),
  )

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows].map(r => `| ${r.join(' | ')} |`).join('\n')

function valuesOf({ rows }: Scored, trained: string, tested: string, measure: string): readonly number[] {
  const found = rows.find(r => r.trained === trained && r.tested === tested && r.measure === measure)
  if (!found) throw new Error(`no ${measure} of "${trained}" on "${tested}"`)
  return found.values
}

function segmentation(part: Scored): string {
  const of = (tested: string, measure: string) => valuesOf(part, 'net', tested, measure)
  const net = (label: string, measure: string) => [
    label,
    spread(of('ours', measure)),
    spread(of('Cycles', measure)),
    difference(of('Cycles', measure), of('ours', measure)),
  ]
  const baseline = (name: string, measure: string) => {
    const [ours, cycles] = ['ours', 'Cycles'].map(test => part.baselines[name]![test]![measure]!)
    return [`${name}: ${measure === 'mIoU' ? 'mean IoU' : 'objects against floor'}`, short(ours!), short(cycles!), short(cycles! - ours!)]
  }
  return table(
    ['IoU', `our renders`, `Cycles’ renders`, 'Cycles − ours'],
    [
      net('**net: mean of four classes**', 'mIoU'),
      ...['background', 'cube', 'cylinder', 'sphere'].map(c => net(`net: ${c}`, c)),
      net('net: objects against floor', 'objects'),
      baseline('background everywhere', 'mIoU'),
      baseline('colour threshold', 'mIoU'),
      baseline('colour threshold', 'objects'),
    ],
  )
}

function arms(part: Scored, [base, other]: readonly [string, string], tests: readonly string[], baseline?: string): string {
  return table(
    ['tested on', 'pictures', 'measure', base, other, `${other} − ${base}`, ...(baseline ? [baseline] : [])],
    tests.flatMap(test =>
      ['AP', 'AP50'].map(measure => {
        const [a, b] = [base, other].map(arm => valuesOf(part, arm, test, measure))
        const row = [test, `${part.pictures[test]}`, measure, spread(a!), spread(b!), difference(b!, a!)]
        return baseline ? [...row, short(part.baselines[baseline]![test]![measure]!)] : row
      }),
    ),
  )
}

const TABLES: Readonly<Record<Part, (part: Scored) => string>> = {
  segmentation,
  keypoints: part =>
    arms(
      part,
      ['without', 'with'],
      ['yoga, Cycles', 'yoga, Cycles: poses of no training', 'yoga, Cycles: other poses', 'yoga, ours', 'ordinary, ours'],
      'mean pose',
    ),
  detector: part => arms(part, ['plain', 'varied'], ['other rooms, Cycles', 'other rooms, shifted, ours', 'same rooms, ours']),
}

/** What the picture of each part shows, from above. */
const PICTURES: Readonly<Record<Part, string>> = {
  segmentation: 'Held-out clips by us and by Cycles, the truth, and what the net says of Cycles’ pictures',
  keypoints: 'The truth, the net without yoga-like poses, the net with them',
  detector: 'The truth, the net of plain clips, the net of varied ones, on Cycles’ renders of other rooms',
}

/** Table and picture of each part that was measured, by the name of its section of the page. */
export const tablesOf = ({ parts }: TrainedUse): ReadonlyMap<Part, string> =>
  new Map(PARTS.filter(p => parts[p]).map(p => [p, `${TABLES[p](parts[p]!)}\n\n![${PICTURES[p]}](pictures/trained-use/${p}.jpg)`]))
