import { BLOCKING_MAZE, learnEpisode, type Maze, SHORTCUT_MAZE } from '@dioramic/learn/agent'
import { plot } from '@dioramic/tensor'
import { mean, meanOf } from '../evidence.ts'
import { part } from '../experiment.ts'
import { tabular } from './tables.ts'

/** Reward is counted every so many real steps. */
const EVERY = 100
const CASES: Readonly<Record<string, { maze: Maze; steps: number; plans: number; curiosity: number }>> = {
  blocking: { maze: BLOCKING_MAZE, steps: 3000, plans: 10, curiosity: 1e-4 },
  shortcut: { maze: SHORTCUT_MAZE, steps: 6000, plans: 50, curiosity: 1e-3 },
}

/** Figures 8.4 and 8.5: what curiosity about the model is worth when the world changes. */
export const changingMazes = part({
  name: 'changing-mazes',
  code: ['lab/src/agent/changing-mazes.ts', 'lab/src/agent/tables.ts', 'learn/src/agent'],
  about:
    'Two mazes whose walls move while the agent lives: the short way is closed after 1000 steps (blocking), or a shorter one opens after 3000 (shortcut). Dyna-Q+ adds κ √τ to imagined rewards, τ the time since the action was last tried. α = 1; n = 10, κ = 1e-4; n = 50, κ = 1e-3.',
  arms: ['blocking Dyna-Q', 'blocking Dyna-Q+', 'shortcut Dyna-Q', 'shortcut Dyna-Q+'],
  config: quick => ({ seeds: quick ? 3 : 30 }),
  seconds: () => 0.7,
  async run({ arm, key }) {
    const [which, method] = arm.split(' ')
    const { maze, steps, plans, curiosity } = CASES[which!]!
    const { world, agent } = tabular(maze, key, { rate: 1, ...(method === 'Dyna-Q+' ? { curiosity } : {}) })
    const reward: number[] = []
    let [lived, total] = [0, 0]
    for (let e = 0; lived < steps; e++) {
      await learnEpisode(agent, world, {
        key: key.fork(e),
        budget: { plans },
        limit: steps - lived,
        onStep: o => {
          total += o.reward
          if (++lived % EVERY === 0) reward.push(total)
        },
      })
    }
    return { reward }
  },
  conclude(of) {
    const names = Object.keys(CASES)
    return {
      claims: names.map(name => {
        const [plain, plus] = [of(`${name} Dyna-Q`), of(`${name} Dyna-Q+`)]
        const end = meanOf(plain.map(r => r.reward.at(-1)!))
        // Pairs of runs; over the mean of the plain ones, since a single plain run may earn next to nothing.
        return mean(
          `${name} maze: reward of Dyna-Q+ / Dyna-Q at the end`,
          plus.map(r => r.reward.at(-1)! / end),
        )
      }),
      plots: names.map(name => ({
        caption: `Reward so far in the ${name} maze, mean over runs.`,
        svg: plot(
          ['Dyna-Q', 'Dyna-Q+'].map(method => {
            const runs = of(`${name} ${method}`)
            return {
              name: method,
              points: runs[0]!.reward.map((_, i) => [(i + 1) * EVERY, meanOf(runs.map(r => r.reward[i]!))] as [number, number]),
            }
          }),
          { x: 'real steps', y: 'reward', title: `The ${name} maze` },
        ),
      })),
      tables: [
        {
          caption: 'Reward at the end, mean over runs.',
          head: ['maze', 'Dyna-Q', 'Dyna-Q+'],
          rows: names.map(n => [n, ...['Dyna-Q', 'Dyna-Q+'].map(m => meanOf(of(`${n} ${m}`).map(r => r.reward.at(-1)!)))]),
        },
      ],
    }
  },
})
