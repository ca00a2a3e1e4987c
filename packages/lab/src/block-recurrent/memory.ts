import { exact } from '../evidence.ts'
import { part } from '../experiment.ts'
import { ownProcess } from '../node/own-process.ts'
import { ofModels } from './sources.ts'

export type MemoryQuestion = { readonly tokens: number; readonly parts: number; readonly words: readonly number[] }

/** MiB after a collection. */
export type Held = { readonly used: number; readonly resident: number }

export const PROCESS = new URL('memory-process.ts', import.meta.url)

/** What reading a long text takes of memory. */
export const memory = part({
  name: 'memory',
  about:
    'The reader of the part before reads its text in a process of its own, in which nothing else was or is. After each eighth, and a collection: what the process has of the system, and what of it is in use. The first eighth is what is needed to begin; what comes after it is growth.',
  arms: ['alone'],
  code: [...ofModels('memory', 'memory-process', 'reader'), 'lab/src/node/memory.ts', 'lab/src/node/own-process.ts', 'tensor/src/decode'],
  config: quick => ({ seeds: 1, tokens: quick ? 8192 : 65536, parts: 8 }),
  seconds: ({ tokens }) => 2 + tokens / 1000,
  run: ({ config: { tokens, parts }, key }) => ownProcess<MemoryQuestion, Held[]>(PROCESS, { tokens, parts, words: [...key.words] }),
  conclude: (of, { tokens, parts }) => {
    const runs = of('alone')
    /** The most that a later part held over the first, in the worst run. */
    const gained = (what: keyof Held) => Math.max(...runs.map(rows => Math.max(...rows.slice(1).map(r => r[what])) - rows[0]![what]))
    return {
      claims: [
        exact('memory: MiB that the process gained after the first eighth', gained('resident')),
        exact('memory: MiB in use gained after the first eighth', gained('used')),
      ],
      tables: [
        {
          caption: 'MiB after each eighth, resident / in use, a column for each run.',
          head: ['tokens read', ...runs.map((_, i) => `run ${i + 1}`)],
          rows: runs[0]!.map((_, i) => [
            ((i + 1) * tokens) / parts,
            ...runs.map(rows => `${rows[i]!.resident.toFixed(1)} / ${rows[i]!.used.toFixed(2)}`),
          ]),
        },
      ],
    }
  },
})
