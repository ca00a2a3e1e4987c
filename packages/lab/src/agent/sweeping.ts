import { DYNA_MAZE, distances, enlarged, learnEpisode } from '@dioramic/learn/agent'
import { plot } from '@dioramic/tensor'
import { mean, meanOf } from '../evidence.ts'
import { part } from '../experiment.ts'
import { greedyPath, tabular } from './tables.ts'

/** Example 8.4: backups until the greedy way is within 1.2 of the shortest, as the maze grows. */
export const sweeping = part({
  name: 'sweeping',
  code: ['lab/src/agent/sweeping.ts', 'lab/src/agent/tables.ts', 'learn/src/agent'],
  about:
    'The Dyna maze with every cell cut into 1, 4, 9, 16: backups of values, real and imagined, until the greedy way from the start is at most 1.2 times the shortest. Even sampling (Dyna-Q) beside prioritised sweeping, 5 plans a step, α = 0.5, threshold 1e-4; the way is looked at after every real step.',
  arms: ['Dyna-Q', 'prioritised sweeping'],
  config: quick => ({ seeds: quick ? 3 : 10, sizes: quick ? [1, 2, 3] : [1, 2, 3, 4] }),
  seconds: ({ sizes }) => sizes.length * 0.5,
  async run({ arm, config, key }) {
    const backups: number[] = []
    for (const size of config.sizes) {
      const maze = size === 1 ? DYNA_MAZE : enlarged(DYNA_MAZE, size)
      const { world, value, agent } = tabular(maze, key.fork(size), { rate: 0.5, sweeping: arm === 'prioritised sweeping' })
      const limit = 1.2 * distances(world)[world.start]!
      let found = 0
      for (let e = 0; found === 0; e++) {
        // Looked at before the plans of the step that was made last: those of the steps before count.
        const look = () => {
          if (found === 0 && e > 0 && greedyPath(world, value, limit) <= limit) found = value.backups
        }
        await learnEpisode(agent, world, { key: key.fork(e), budget: { plans: 5 }, onStep: look })
        look()
      }
      backups.push(found)
    }
    return { backups }
  },
  conclude(of, { sizes }) {
    const [even, first] = [of('Dyna-Q'), of('prioritised sweeping')]
    const states = (size: number) => 54 * size * size
    return {
      // Ratios of pairs are skewed: their logarithms are averaged.
      claims: sizes.map((size, k) => {
        const claim = `sweeping: backups of Dyna-Q / prioritised sweeping, ${states(size)} cells`
        const m = mean(
          claim,
          even.map((r, i) => Math.log(r.backups[k]! / first[i]!.backups[k]!)),
        )
        return { claim, value: Math.exp(m.value), interval: [Math.exp(m.interval[0]), Math.exp(m.interval[1])] as const }
      }),
      plots: [
        {
          caption: 'Backups until the way is good, mean over runs.',
          svg: plot(
            (['Dyna-Q', 'prioritised sweeping'] as const).map(arm => ({
              name: arm,
              points: sizes.map((size, k) => [states(size), meanOf(of(arm).map(r => r.backups[k]!))] as [number, number]),
            })),
            { x: 'cells of the maze', y: 'backups', logX: true, logY: true, title: 'Prioritised sweeping' },
          ),
        },
      ],
    }
  },
})
