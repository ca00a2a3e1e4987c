import {
  Agent,
  Draws,
  dyna,
  greedy,
  LinearActionValues,
  labyrinth,
  learnEpisode,
  oneHot,
  type Perception,
  PhysicalWorld,
  Replay,
  random,
  TableModel,
} from '@dioramic/learn/agent'
import { plot } from '@dioramic/tensor'
import { exact, meanOf, ratioOfPairs, share } from '../evidence.ts'
import { type Job, part } from '../experiment.ts'
import { trials } from './trials.ts'

interface Config {
  readonly [name: string]: number
  /** Most real steps of a life. */
  readonly steps: number
  /** Episodes of the hand-written controller and of chance. */
  readonly episodes: number
}

/** Cells along each side, and metres a second beyond which the ball counts as rolling. */
const CELLS = 6
const ROLLING = 0.15
/** Half the longest episode: met by the mean of ten in a row. */
const CRITERION = 60
const IN_A_ROW = 10

const cell = (v: number) => Math.min(CELLS - 1, Math.max(0, Math.floor(((v + 1) / 2) * CELLS)))
const way = (v: number) => (Math.abs(v * 0.5) < ROLLING ? 1 : v < 0 ? 0 : 2)

/** Where the ball is, of 6 × 6 cells, and whether it rolls along each axis, and which way: 324 states. */
const coarse: Perception<Float64Array, number, unknown> = {
  perceive: (_state, _action, s) => ((cell(s[0]!) * CELLS + cell(s[1]!)) * 3 + way(s[2]!)) * 3 + way(s[3]!),
}

async function run({ arm, config, key }: Job<Config>) {
  const world = await PhysicalWorld.create(labyrinth)
  try {
    if (arm === 'scripted' || arm === 'random') {
      const draws = new Draws(key.fork('chance'))
      const chance = random<number>(labyrinth.actions)
      const act = (s: Float64Array) => (arm === 'random' ? chance.sample(0, draws) : labyrinth.scripted(s))
      const { good, steps } = await trials(world, act, config.episodes, key.fork('held-out'))
      return { good, steps, lengths: [] as number[] }
    }
    const value = new LinearActionValues(oneHot(CELLS * CELLS * 9), { actions: 4, discount: 0.95, rate: 0.1 })
    const model = arm === 'replay' ? new Replay<number, number>(config.steps) : new TableModel({ actions: 4 })
    const parts = { perception: coarse, policy: greedy(value, 0.1), value, model, planner: dyna({ model, value }) }
    const agent = new Agent<Float64Array, number, number>(parts, key.fork('agent'))
    const lengths: number[] = []
    for (let steps = 0; steps < config.steps && (lengths.length < IN_A_ROW || meanOf(lengths.slice(-IN_A_ROW)) > CRITERION); ) {
      const episode = await learnEpisode(agent, world, { key: key.fork(lengths.length), budget: { plans: arm === 'n = 0' ? 0 : 50 } })
      lengths.push(episode.steps)
      steps += episode.steps
    }
    return { good: 0, steps: lengths.reduce((a, b) => a + b, 0), lengths }
  } finally {
    world.close()
  }
}

/** What planning saves of a physical world: the Dyna maze made of rigid bodies. */
export const labyrinthPlanning = part<Config, Awaited<ReturnType<typeof run>>>({
  name: 'labyrinth',
  code: ['lab/src/agent/labyrinth.ts', 'lab/src/agent/trials.ts', 'learn/src/agent', 'physics/src'],
  about:
    'A ball rolls on a floor that tilts four ways, around two walls, to a mark: 1 is paid there and nothing elsewhere, 4 decisions a second, at most 120 an episode. Perception tells 6 × 6 cells and whether the ball rolls (324 states); values and model are tables; Dyna-Q plans n steps after each real one (α = 0.1, ε = 0.1, γ = 0.95). Counted are real steps until ten episodes in a row take at most 60 on average. A life that never gets there counts with all its steps, which makes the ratio too small. Beside it the same with a model that only remembers (replay).',
  arms: ['n = 0', 'n = 50', 'replay', 'scripted', 'random'],
  config: quick => (quick ? { seeds: 2, steps: 4000, episodes: 10 } : { seeds: 10, steps: 25_000, episodes: 30 }),
  seconds: ({ steps }) => steps / 4000,
  run,
  conclude(of, { episodes }) {
    const real = (arm: string) => of(arm).map(r => r.steps)
    const success = (arm: string, words: string) =>
      share(
        `labyrinth: success of ${words}`,
        of(arm).reduce((n, r) => n + r.good, 0),
        of(arm).length * episodes,
      )
    const length = Math.max(...of('n = 50').map(r => r.lengths.length))
    return {
      claims: [
        ratioOfPairs('labyrinth: real steps without planning / with n = 50', real('n = 0'), real('n = 50')),
        ratioOfPairs('labyrinth: real steps without planning / with 50 replayed', real('n = 0'), real('replay')),
        exact('labyrinth: real steps without planning', meanOf(real('n = 0'))),
        exact('labyrinth: real steps with n = 50', meanOf(real('n = 50'))),
        success('scripted', 'the scripted controller'),
        success('random', 'chance'),
      ],
      plots: [
        {
          caption: 'Steps an episode, mean over runs; a run that has met the criterion stays at its last.',
          svg: plot(
            ['n = 0', 'n = 50', 'replay'].map(arm => ({
              name: arm,
              points: Array.from(
                { length },
                (_, e) => [e + 1, meanOf(of(arm).map(r => r.lengths[Math.min(e, r.lengths.length - 1)]!))] as [number, number],
              ),
            })),
            { x: 'episode', y: 'steps', title: 'The labyrinth' },
          ),
        },
      ],
    }
  },
})
