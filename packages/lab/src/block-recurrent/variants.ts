import { blockRecurrentLm, type CellForm, type GateKind } from '@dioramic/learn/block-recurrent'
import { trainLanguage } from '@dioramic/learn/language'
import { MemoryLog, NonFiniteError, nn } from '@dioramic/tensor'
import { exact } from '../evidence.ts'
import { part } from '../experiment.ts'
import { arena, runtime } from '../theory/engine.ts'
import { book } from './book.ts'
import { ofTexts } from './sources.ts'

const FORMS: readonly CellForm[] = ['skip', 'dual', 'single']
const GATES: readonly GateKind[] = ['fixed', 'lstm', 'gru']

/** Every form of the cell with every gate. */
export const variants = part({
  name: 'variants',
  about:
    'Nine cells in the sizes that the paper’s code tests with: three layers of width 32, two heads, window 16, segments of 32; trained on Moby Dick by characters with the recipe of all language models.',
  arms: ['nine'],
  code: ofTexts('variants', 'book'),
  config: quick => ({ seeds: 1, updates: quick ? 25 : 200 }),
  seconds: ({ updates }) => updates * 0.15 + 9,
  run: async ({ config: { updates }, key }) => {
    const { tokeniser, train } = book()
    const rows = []
    for (const form of FORMS)
      for (const gate of GATES) {
        const sizes = { vocabulary: tokeniser.size, d: 32, heads: 2, layers: 3, recurrent: [-2], window: 16, batch: 8, time: 32 }
        const model = blockRecurrentLm({ ...sizes, form, gate })
        const log = new MemoryLog()
        let finite = true
        try {
          const { training } = await trainLanguage({
            model,
            tokeniser,
            train,
            updates,
            key: key.fork(`${gate}:${form}`),
            runtime,
            arena,
            logEvery: Math.ceil(updates / 8),
            logs: [log],
          })
          await training.dispose()
        } catch (e) {
          if (!(e instanceof NonFiniteError)) throw e
          finite = false
        }
        const bits = log.entries.map(e => e.values['bits']!)
        rows.push({
          name: `${gate}:${form}`,
          gate,
          form,
          finite,
          parameters: nn.countParameters(model.layer),
          first: bits[0] ?? null,
          last: bits.at(-1) ?? null,
        })
      }
    return rows
  },
  conclude: of => {
    const [rows] = of('nine')
    const parameters = (form: string, gate: string) => rows!.find(r => r.form === form && r.gate === gate)!.parameters
    const more = GATES.flatMap(g => (['dual', 'single'] as const).map(f => parameters(f, g) / parameters('skip', g)))
    return {
      claims: [
        exact('variants: cells of nine that met a number that is not finite', rows!.filter(r => !r.finite).length),
        exact(
          'variants: cells of nine that did not learn',
          rows!.filter(r => !(r.last !== null && r.first !== null && r.last < r.first)).length,
        ),
        exact('variants: parameters of dual or single / skip, the least of all gates', Math.min(...more)),
      ],
      tables: [
        {
          caption: 'Bits a character in training, of the first and last eighth of the updates.',
          head: ['cell', 'parameters', 'first', 'last'],
          rows: rows!.map(r => [r.name, r.parameters, r.first ?? '–', r.last ?? '–']),
        },
      ],
    }
  },
})
