import { Draws, DYNA_MAZE, distances, enlarged, learnEpisode, type Maze } from '@dioramic/learn/agent'
import { drawPermutation, type Key, plot } from '@dioramic/tensor'
import { meanOf, ratioOfPairs } from '../evidence.ts'
import { part } from '../experiment.ts'
import { greedyPath, tabular } from './tables.ts'

/** Backups until the greedy way is good, where the maze is known: every action of every cell was tried once. The way is looked at after every 20. */
function backupsOfPlanning(maze: Maze, sweeping: boolean, key: Key): number {
  const { world, value, model, planner } = tabular(maze, key, { rate: 1, sweeping })
  const limit = 1.2 * distances(world)[world.start]!
  const draws = new Draws(key.fork('plans'))
  const cells = Array.from({ length: world.states }, (_, c) => c).filter(c => c !== world.goal && !world.isWall(c))
  const pairs = cells.flatMap(state => [0, 1, 2, 3].map(action => ({ state, action })))
  for (const k of drawPermutation(key.fork('order').words, pairs.length)) {
    const { state, action } = pairs[k]!
    const next = world.after(state, action)
    const real = { state, action, reward: next === world.goal ? 1 : 0, next, terminal: next === world.goal }
    model.learn([real])
    planner.notice?.(real, 0)
  }
  while (greedyPath(world, value, limit) > limit) for (let i = 0; i < 20; i++) planner.plan!(draws)
  return value.backups
}

/** Example 8.4: backups until the greedy way is within 1.2 of the shortest, as the maze grows. */
export const sweeping = part({
  name: 'sweeping',
  code: ['lab/src/agent/sweeping.ts', 'lab/src/agent/tables.ts', 'learn/src/agent'],
  about:
    'The Dyna maze with every cell cut into 1, 4, 9, 16: backups of values until the greedy way from the start is at most 1.2 times the shortest, by even sampling (Dyna-Q) and by prioritised sweeping, threshold 1e-4. First where the maze is known, so that both plan from the same experience: every action of every cell was tried once (α = 1). Then while the agent lives, real backups and imagined ones, 5 plans a step, α = 0.5, the way looked at after every real step: there the numbers also depend on what each agent happens to explore.',
  arms: ['Dyna-Q', 'prioritised sweeping'],
  config: quick => ({ seeds: quick ? 10 : 20, known: quick ? [1, 2, 3] : [1, 2, 3, 4], living: quick ? [1] : [1, 2, 3] }),
  seconds: ({ living }) => living.length * 0.5,
  async run({ arm, config, key }) {
    const sweeping = arm === 'prioritised sweeping'
    const cut = (size: number) => (size === 1 ? DYNA_MAZE : enlarged(DYNA_MAZE, size))
    const known = config.known.map(size => backupsOfPlanning(cut(size), sweeping, key.fork('known').fork(size)))
    const living: number[] = []
    for (const size of config.living) {
      const { world, value, agent } = tabular(cut(size), key.fork(size), { rate: 0.5, sweeping })
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
      living.push(found)
    }
    return { known, living }
  },
  conclude(of, config) {
    const [even, first] = [of('Dyna-Q'), of('prioritised sweeping')]
    const states = (size: number) => 54 * size * size
    const ratios = (which: 'known' | 'living', words: string) =>
      config[which].map((size, k) =>
        ratioOfPairs(
          `sweeping: backups of Dyna-Q / prioritised sweeping, ${words}${states(size)} cells`,
          even.map(r => r[which][k]!),
          first.map(r => r[which][k]!),
        ),
      )
    return {
      claims: [...ratios('known', 'known maze, '), ...ratios('living', '')],
      plots: [
        {
          caption: 'Backups until the way is good, in mazes that are known; mean over runs.',
          svg: plot(
            (['Dyna-Q', 'prioritised sweeping'] as const).map(arm => ({
              name: arm,
              points: config.known.map((size, k) => [states(size), meanOf(of(arm).map(r => r.known[k]!))] as [number, number]),
            })),
            { x: 'cells of the maze', y: 'backups', logX: true, logY: true, title: 'Prioritised sweeping' },
          ),
        },
      ],
    }
  },
})
