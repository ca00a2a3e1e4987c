import {
  Agent,
  type Cell,
  Draws,
  encoded,
  GridWorld,
  LinearModel,
  LinearValue,
  learnEpisode,
  oneHot,
  onPolicyDyna,
  Softmax,
  solve,
  type Vector,
  vectors,
} from '@dioramic/learn/agent'
import { plot } from '@dioramic/tensor'
import { exact, mean, meanOf } from '../evidence.ts'
import { part } from '../experiment.ts'

const SIDE = 10
const GRID = { name: 'open-grid', rows: SIDE, columns: SIDE, start: [0, 0] as Cell, goal: [9, 9] as Cell, walls: [] }
const DISCOUNT = 0.95
/** Twice the shortest way of 18: met by the mean of five episodes in a row. */
const CRITERION = 36

/** Largest difference of the weights that planning reaches to (I − γFᵀ)⁻¹ b, for F = [[.5, .5], [.2, .6]], b = (1, 0), γ = .9. */
function fixedPoint(): number {
  const features = vectors(2)
  const model = new LinearModel({ state: 2, actions: 1, rate: 1 })
  const [first, second] = [Float64Array.of(1, 0), Float64Array.of(0, 1)]
  model.learn([first, second].map(state => ({ state, action: 0, reward: 0, next: state, terminal: false })))
  model.transition[0]!.set([0.5, 0.5, 0.2, 0.6])
  model.reward[0]!.set([1, 0])
  const value = new LinearValue(features, { discount: 0.9, rate: 0.1 })
  const planner = onPolicyDyna({ model, value, policy: new Softmax(features, { actions: 1, rate: 0 }) })
  const draws = Draws.fromSeed(0)
  for (let i = 0; i < 20_000; i++) planner.plan!(draws)
  const exactly = solve([Float64Array.of(0.55, -0.18), Float64Array.of(-0.45, 0.46)], Float64Array.of(1, 0))
  return Math.max(...value.weights.map((w, i) => Math.abs(w - exactly[i]!)))
}

/** Actor–critic with a linear model: what planning saves of the real world. */
export const linearPlanning = part({
  name: 'linear-dyna',
  code: ['lab/src/agent/linear-dyna.ts', 'learn/src/agent'],
  about:
    'A 10 × 10 grid without walls, from corner to corner: softmax actor and TD(0) critic, linear in one-hot features; with planning by a linear model of features (Sutton, Szepesvári, Geramifard and Bowling 2008), 20 plans a step, and without. Counted are real steps until five episodes in a row take at most 36 steps on average, twice the shortest way.',
  arms: ['without planning', 'with planning'],
  config: quick => ({ seeds: quick ? 3 : 10, limit: 200_000 }),
  seconds: () => 1,
  async run({ arm, config, key }) {
    const cells = SIDE * SIDE
    const features = vectors(cells)
    const value = new LinearValue(features, { discount: DISCOUNT, rate: 0.1 })
    const policy = new Softmax(features, { actions: 4, rate: 0.3 })
    const model = new LinearModel({ state: cells, actions: 4, rate: 1 })
    const parts = { perception: encoded(oneHot(cells)), policy, value, model, planner: onPolicyDyna({ model, value, policy }) }
    const agent = new Agent<number, Vector, number>(parts, key)
    const world = new GridWorld(GRID)
    const episodes: number[] = []
    let steps = 0
    for (let e = 0; steps < config.limit; e++) {
      const episode = await learnEpisode(agent, world, { key: key.fork(e), budget: { plans: arm === 'with planning' ? 20 : 0 } })
      steps += episode.steps
      episodes.push(episode.steps)
      if (e >= 4 && meanOf(episodes.slice(-5)) <= CRITERION) break
    }
    return { steps, episodes }
  },
  conclude(of) {
    const [without, planned] = [of('without planning'), of('with planning')]
    const length = Math.min(60, ...without.map(r => r.episodes.length))
    return {
      claims: [
        exact('linear Dyna: largest difference to the fixed point', fixedPoint()),
        mean(
          'linear Dyna: real steps without planning / with',
          without.map((r, i) => r.steps / planned[i]!.steps),
        ),
      ],
      plots: [
        {
          caption: 'Steps an episode; a run that has met the criterion stays at its last.',
          svg: plot(
            (['without planning', 'with planning'] as const).map(arm => ({
              name: arm,
              points: Array.from(
                { length },
                (_, e) => [e + 1, meanOf(of(arm).map(r => r.episodes[Math.min(e, r.episodes.length - 1)]!))] as [number, number],
              ),
            })),
            { x: 'episode', y: 'steps', logY: true, title: 'Linear Dyna' },
          ),
        },
      ],
    }
  },
})
