import { type NDArray, optim, plot, type Tree, trainStep } from '@dioramic/tensor'
import { type Measurement, mean } from '../evidence.ts'
import { part } from '../experiment.ts'
import { askPython, python, pythonHas } from '../node/python.ts'
import { arena, deepLm, lossOf, runtime } from './model.ts'
import { drawnTokens } from './tokens.ts'

const CLAIMS = {
  slope: 'time of a step: exponent over the number of blocks',
  torchSlope: 'time of a step in PyTorch: exponent over the number of blocks',
  ratio: 'time of a step beside PyTorch, 200 blocks',
} as const

/** The least-squares slope of log y over log x. */
function exponent(x: readonly number[], y: readonly number[]): number {
  const [a, b] = [x, y].map(v => v.map(Math.log)) as [number[], number[]]
  const [ma, mb] = [a, b].map(v => v.reduce((s, n) => s + n, 0) / v.length) as [number, number]
  return a.reduce((s, v, i) => s + (v - ma) * (b[i]! - mb), 0) / a.reduce((s, v) => s + (v - ma) ** 2, 0)
}

/** Least processor time of a step at each depth, in seconds; the depths take turns. */
async function stepTimes(
  depths: readonly number[],
  steps: number,
  sizes: { d: number; time: number; batch: number; vocabulary: number },
  key: Parameters<typeof drawnTokens>[0],
) {
  const batchOf = (name: string) => drawnTokens(key.fork(name), [sizes.batch, sizes.time], sizes.vocabulary)
  const batch = { x: batchOf('x'), y: batchOf('y') } as unknown as Tree<NDArray>
  const runs = []
  for (const layers of depths) {
    const model = deepLm('deepnorm', { ...sizes, layers })
    const rule = optim.chain(optim.clipByGlobalNorm(1), optim.adam({ lr: 1e-3 }))
    runs.push(await trainStep(lossOf(model), rule, { runtime, arena, ...model.init(key), key }))
  }
  const least = depths.map(() => Infinity)
  for (let i = 0; i < steps; i++)
    for (const [k, run] of runs.entries()) {
      const before = process.cpuUsage()
      await run.step(batch)
      const { user, system } = process.cpuUsage(before)
      // The first step builds the sessions.
      if (i > 0) least[k] = Math.min(least[k]!, (user + system) / 1e6)
    }
  for (const run of runs) await run.dispose()
  return least
}

/** A step's cost over depth, beside PyTorch's. */
export const stepTime = part({
  name: 'step-time',
  about:
    'Least processor time of a training step (forwards, backwards, clipping, Adam) of d 16, windows of 16, 16 a batch, at growing depth; one thread. PyTorch runs the same model, block by block, right before.',
  arms: ['step'],
  code: ['lab/src/deepnorm/step-time.ts', 'lab/src/deepnorm/model.ts', 'lab/src/node/deepnorm_torch.py', 'tensor/src'],
  config: quick => ({
    seeds: quick ? 1 : 3,
    depths: quick ? [25, 50, 100] : [100, 200, 400],
    steps: quick ? 6 : 8,
    python: pythonHas('torch'),
  }),
  seconds: ({ steps }) => 3 * steps,
  run: async ({ config: { depths, steps, python: there }, key }) => {
    const sizes = { d: 16, time: 16, batch: 16, vocabulary: 64 }
    const torch = there
      ? askPython<{ seconds: number[]; version: string }>({ depths, steps, heads: 2, ...sizes }, 'deepnorm_torch.py')
      : null
    return { seconds: await stepTimes(depths, steps, sizes, key), torch }
  },
  conclude: (of, { depths, python: there }) => {
    const all = of('step')
    const deep = depths.indexOf(depths.includes(200) ? 200 : depths.at(-1)!)
    const torch = all.flatMap(r => (r.torch ? [r.torch] : []))
    const claims: Measurement[] = [
      mean(
        CLAIMS.slope,
        all.map(r => exponent(depths, r.seconds)),
      ),
    ]
    const beside = there && depths.includes(200)
    if (there)
      claims.push(
        mean(
          CLAIMS.torchSlope,
          torch.map(r => exponent(depths, r.seconds)),
        ),
      )
    if (beside)
      claims.push(
        mean(
          CLAIMS.ratio,
          all.map((r, i) => r.seconds[deep]! / torch[i]!.seconds[deep]!),
        ),
      )
    const least = (rows: readonly { readonly seconds: readonly number[] }[]) =>
      depths.map((_, i) => Math.min(...rows.map(r => r.seconds[i]!)))
    const [ours, theirs] = [least(all), torch.length > 0 ? least(torch) : undefined]
    return {
      claims,
      plots: [
        {
          caption: 'Milliseconds of a step, the least of all.',
          svg: plot(
            [
              { name: 'Diorama', points: depths.map((n, i) => [n, 1000 * ours[i]!] as const) },
              ...(theirs ? [{ name: `PyTorch ${torch[0]!.version}`, points: depths.map((n, i) => [n, 1000 * theirs[i]!] as const) }] : []),
            ],
            { x: 'blocks', y: 'ms', logX: true, logY: true, title: 'Time of a step' },
          ),
        },
      ],
      tables: [
        {
          caption: 'Milliseconds of a step.',
          head: ['blocks', 'Diorama', ...(theirs ? [`PyTorch ${torch[0]!.version}`] : [])],
          rows: depths.map((n, i) => [n, 1000 * ours[i]!, ...(theirs ? [1000 * theirs[i]!] : [])]),
        },
      ],
      notes: there ? [] : [`PyTorch was not measured: ${python} has no torch; name an interpreter that has in DIORAMA_PYTHON.`],
      unmeasured: [...(there ? [] : [CLAIMS.torchSlope]), ...(beside ? [] : [CLAIMS.ratio])],
    }
  },
})
