import { DYNA_MAZE, distances, GridWorld, hittingTime, learnEpisode } from '@dioramic/learn/agent'
import { plot } from '@dioramic/tensor'
import { exact, mean, meanOf } from '../evidence.ts'
import { part } from '../experiment.ts'
import { greedyPath, tabular } from './tables.ts'

const PLANS: Readonly<Record<string, number>> = { 'n = 0': 0, 'n = 5': 5, 'n = 50': 50 }

/** Real steps up to and with the first episode of at most 20. */
function reached(steps: readonly number[]): number {
  const e = steps.findIndex(s => s <= 20)
  return steps.slice(0, e < 0 ? steps.length : e + 1).reduce((a, b) => a + b, 0)
}

const standardError = (x: readonly number[]) => Math.sqrt(meanOf(x.map(v => (v - meanOf(x)) ** 2)) / (x.length - 1))

/** Figure 8.2 of Sutton & Barto (2018): steps an episode for 0, 5 and 50 planning steps a real one. */
export const dynaMaze = part({
  name: 'dyna-maze',
  code: ['lab/src/agent/dyna-maze.ts', 'lab/src/agent/tables.ts', 'learn/src/agent'],
  about:
    'The maze of Sutton and Barto, 6 × 9 cells: Dyna-Q with n planning steps after each real one, α = 0.1, ε = 0.1, γ = 0.95. Until the first reward is seen planning changes nothing, so the first episode takes, on average, the hitting time of random moves, for every n.',
  arms: Object.keys(PLANS),
  config: quick => ({ seeds: quick ? 10 : 30, episodes: 50 }),
  seconds: () => 0.4,
  async run({ arm, config, key }) {
    const { world, value, agent } = tabular(DYNA_MAZE, key, { rate: 0.1 })
    const steps: number[] = []
    let path = 0
    for (let e = 0; e < config.episodes; e++) {
      steps.push((await learnEpisode(agent, world, { key: key.fork(e), budget: { plans: PLANS[arm]! } })).steps)
      if (e === 9) path = greedyPath(world, value, 1000)
    }
    // JSON has no Infinity: a path that goes in circles counts as 1000.
    return { steps, path: Math.min(path, 1000) }
  },
  conclude(of, { episodes }) {
    const at = (arm: string, e: number) => of(arm).map(r => r.steps[e - 1]!)
    const last = (arm: string) => of(arm).map(r => meanOf(r.steps.slice(episodes - 10)))
    const maze = new GridWorld(DYNA_MAZE)
    // The same in every arm: no plan changes anything before the first reward.
    const first = mean('Dyna maze: steps of the first episode', at('n = 0', 1))
    return {
      claims: [
        exact('Dyna maze: hitting time of random moves', hittingTime(maze)),
        exact('Dyna maze: shortest path', distances(maze)[maze.start]!),
        first,
        exact(
          'Dyna maze: first episode, standard errors from the hitting time',
          Math.abs(first.value - hittingTime(maze)) / standardError(at('n = 0', 1)),
        ),
        mean('Dyna maze: steps of episode 10, n = 0', at('n = 0', 10)),
        mean('Dyna maze: steps of episode 5, n = 5', at('n = 5', 5)),
        mean('Dyna maze: steps of episode 3, n = 50', at('n = 50', 3)),
        ...Object.keys(PLANS).map(arm => mean(`Dyna maze: steps of the last ten episodes, ${arm}`, last(arm))),
        // Until the first episode of at most 20 steps.
        mean(
          'Dyna maze: real steps without planning / with n = 50',
          of('n = 0').map((r, i) => reached(r.steps) / reached(of('n = 50')[i]!.steps)),
        ),
        mean(
          'Dyna maze: greedy path after 10 episodes, n = 50',
          of('n = 50').map(r => r.path),
        ),
      ],
      plots: [
        {
          caption: 'Steps an episode, mean over runs, from the second episode on.',
          svg: plot(
            Object.keys(PLANS).map(arm => ({
              name: arm,
              points: Array.from({ length: episodes - 1 }, (_, i) => [i + 2, meanOf(at(arm, i + 2))] as [number, number]),
            })),
            { x: 'episode', y: 'steps', logY: true, title: 'Dyna maze' },
          ),
        },
      ],
      tables: [
        {
          caption: 'Mean steps by episode.',
          head: ['n', ...[1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 50].map(String)],
          rows: Object.keys(PLANS).map(arm => [arm, ...[1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 50].map(e => meanOf(at(arm, e)))]),
        },
      ],
    }
  },
})
