import { compile, type NDArray, numbersOf, plot, type Tensor, type Tree } from '@dioramic/tensor'
import { exact } from '../evidence.ts'
import { part } from '../experiment.ts'
import { runtime } from '../theory/engine.ts'
import { readerModel, readerOf, token, VOCABULARY } from './reader.ts'
import { ofModels } from './sources.ts'

const median = (x: readonly number[]) => [...x].sort((a, b) => a - b)[x.length >> 1]!

/** Reading a long text token by token. */
export const stream = part({
  name: 'stream',
  about:
    'A model of three layers of width 32, window and states 16, one of them recurrent, reads a text token by token on one thread. Beside it another reader begins at each eighth of the text; both read groups of 32 tokens in turns, and an eighth’s per-token time is the median of the first one’s groups over that of the other’s, so that what the machine does meanwhile falls on both.',
  arms: ['stream'],
  code: [...ofModels('stream', 'reader'), 'tensor/src/decode'],
  config: quick => ({ seeds: 1, tokens: quick ? 8192 : 65536, parts: 8, compared: 1024 }),
  seconds: ({ tokens }) => tokens / 1000,
  run: async ({ config: { tokens, parts, compared }, key }) => {
    const model = readerModel(compared)
    const { params, state } = model.init(key)
    const whole = compile((p: Tree<Tensor>, s: Tree<Tensor>, x: Tensor) => model.apply(p, s, x)[0], runtime)
    const x: NDArray = { dtype: 'i64', shape: [1, compared], data: BigInt64Array.from({ length: compared }, (_, t) => BigInt(token(t))) }
    const want = numbersOf((await whole(params, state, x)) as NDArray)
    await whole.dispose()
    const reader = readerOf(model, key)
    const others = Array.from({ length: parts }, () => readerOf(model, key))
    let difference = 0
    const rows: { ms: number; ratio: number }[] = []
    const group = 32
    for (let t = 0; t < tokens; ) {
      const times: number[] = []
      const beside: number[] = []
      const other = others[rows.length]!
      for (let g = 0; g < tokens / parts / group; g++) {
        const start = performance.now()
        for (let i = 0; i < group; i++, t++) {
          const logits = numbersOf(await reader.step([token(t)]))
          if (t < compared)
            for (let c = 0; c < VOCABULARY; c++) difference = Math.max(difference, Math.abs(logits[c]! - want[t * VOCABULARY + c]!))
        }
        const between = performance.now()
        for (let i = 0; i < group; i++) numbersOf(await other.step([token(g * group + i)]))
        times.push((between - start) / group)
        beside.push((performance.now() - between) / group)
      }
      rows.push({ ms: median(times), ratio: median(times) / median(beside) })
    }
    await Promise.all([reader, ...others].map(r => r.dispose()))
    return { difference, rows }
  },
  conclude: (of, { tokens, parts }) => {
    const [found] = of('stream')
    const { difference, rows } = found!
    const middle = median(rows.map(r => r.ms))
    return {
      claims: [
        exact('stream: largest difference to the text at once', difference),
        exact(
          'stream: farthest per-token time of an eighth from that of a fresh reader',
          Math.max(...rows.map(r => Math.abs(r.ratio - 1))),
        ),
        exact('stream: ms a token', middle),
      ],
      plots: [
        {
          caption: `Time a token over ${tokens} tokens.`,
          svg: plot(
            [
              {
                name: 'ms a token',
                points: [[0, 0] as const, ...rows.map((r, i) => [((i + 1) * tokens) / parts, r.ms] as const)].slice(1),
              },
            ],
            {
              x: 'tokens read',
              y: 'ms',
              title: 'Time a token',
            },
          ),
        },
      ],
      tables: [
        {
          caption: 'Eighths of the text.',
          head: ['tokens read', 'ms a token', 'over a fresh reader’s'],
          rows: rows.map((r, i) => [((i + 1) * tokens) / parts, r.ms, r.ratio]),
        },
      ],
    }
  },
})
