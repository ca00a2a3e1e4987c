/** Adult (Kohavi 1996): census rows with numbers and categories, through the whole of `diorama tabular fit`. */
import { defaultSettings, fitTable, type RawTable, rawTable } from '@dioramic/learn/tabular'
import { mean, meanOf } from '../evidence.ts'
import { part } from '../experiment.ts'
import { dataText, lacking } from '../node/data-files.ts'
import { arena, runtime } from './engine.ts'

const NAMES =
  'age workclass fnlwgt education education-num marital-status occupation relationship race sex capital-gain capital-loss hours-per-week native-country income'.split(
    ' ',
  )
const SPLIT = 'part'

export const ADULT = ['adult.data', 'adult.test'] as const

/** The rows of both files; the rows of the second are the test part, of the first every fifth row stops training (26,048, 6,513 and 16,281 rows, as in the paper). */
export function adultTable(train: string, test: string): RawTable {
  const rows = (text: string) =>
    text
      .split('\n')
      .map(l => l.trim())
      .filter(l => l !== '' && !l.startsWith('|'))
      .map(l => l.replace(/\.$/, '').split(/,\s*/))
  const [first, second] = [rows(train), rows(test)]
  const all = [...first, ...second]
  const part = all.map((_, i) => (i >= first.length ? 'test' : i % 5 === 0 ? 'validation' : 'train'))
  return rawTable('Adult', [...NAMES, SPLIT], [...NAMES.map((_, c) => all.map(r => r[c]!)), part])
}

const ARMS = { MLP: 'none', 'MLP-LR': 'LR', 'MLP-PLR': 'PLR', 'MLP-T-LR': 'T-LR' } as const
type Name = keyof typeof ARMS
/** Mean accuracy of 15 tuned models in the paper's repository. */
const PAPER: Readonly<Record<Name, number>> = { MLP: 0.854, 'MLP-LR': 0.857, 'MLP-PLR': 0.87, 'MLP-T-LR': 0.868 }
const CLAIMS = ['Adult: accuracy of MLP-T-LR', 'Adult: accuracy of MLP-T-LR less MLP', 'Adult: accuracy of MLP-PLR less MLP']

export const adult = part({
  name: 'adult',
  about:
    'Adult: whether a person earns more than 50,000 dollars a year, from 6 numbers and 8 categories; 48,842 rows, the 16,281 of adult.test to test on. Gaps, rare categories, scaling and split by the code of `diorama tabular fit`, with its default settings but for the widths.',
  arms: Object.keys(ARMS),
  code: ['lab/src/embeddings/adult.ts', 'learn/src/embeddings', 'learn/src/tabular', 'tensor/src'],
  config: quick => ({ seeds: quick ? 1 : 5, epochs: quick ? 2 : 400, here: ADULT.every(f => dataText(f) !== undefined) }),
  seconds: ({ epochs, here }) => (here ? (epochs > 2 ? 25 : 3) : 0),
  run: async ({ arm, config: { epochs }, key }) => {
    const [train, test] = ADULT.map(dataText)
    if (train === undefined || test === undefined) return { accuracy: 0, auc: 0, epochs: 0, seconds: 0 }
    const fit = await fitTable(
      adultTable(train, test),
      {
        target: 'income',
        split: SPLIT,
        settings: rows => {
          const { model, training } = defaultSettings(rows, ARMS[arm as Name])
          return {
            model: {
              ...model,
              embeddingOptions: { d: 16, sigma: 0.1, frequencies: 16 },
              backbone: { kind: 'mlp', widths: [256, 128], dropout: 0.2 },
            },
            training: { ...training, epochs },
          }
        },
      },
      { runtime, arena, key },
    )
    const of = (name: string) => fit.metrics.find(m => m.name === name)!.value
    const [member] = fit.model.members
    return { accuracy: of('accuracy'), auc: of('AUC'), epochs: member!.history.length, seconds: member!.seconds }
  },
  conclude: (of, { here, epochs }) => {
    if (!here) return { unmeasured: CLAIMS, notes: [lacking('Adult was', 'adult.data and adult.test')] }
    const values = (name: Name) => of(name).map(r => r.accuracy)
    const more = (claim: string, a: Name) => {
      const plain = values('MLP')
      return mean(
        claim,
        values(a).map((v, i) => v - plain[i]!),
      )
    }
    return {
      claims: [mean(CLAIMS[0]!, values('MLP-T-LR')), more(CLAIMS[1]!, 'MLP-T-LR'), more(CLAIMS[2]!, 'MLP-PLR')],
      notes: epochs < 50 ? ['Two epochs show that the path works; what the embeddings are worth takes the full form.'] : [],
      tables: [
        {
          caption: 'On 16,281 test rows, over seeds. Beside it the mean of 15 tuned models in the paper.',
          head: ['', 'accuracy', '± 95 %', 'paper', 'AUC', 'epochs'],
          rows: (Object.keys(ARMS) as Name[]).map(n => {
            const m = mean('', values(n))
            return [n, m.value, m.interval[1] - m.value, PAPER[n], meanOf(of(n).map(r => r.auc)), meanOf(of(n).map(r => r.epochs))]
          }),
        },
      ],
    }
  },
})
