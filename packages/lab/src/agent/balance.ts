import {
  Agent,
  balance,
  Draws,
  dyna,
  identity,
  learnEpisode,
  PhysicalWorld,
  type ReactivePolicy,
  Replay,
  random,
  softActorCritic,
  type Vector,
} from '@dioramic/learn/agent'
import { plot } from '@dioramic/tensor'
import { exact, mean, meanOf, share } from '../evidence.ts'
import { type Job, part } from '../experiment.ts'
import { engine } from './engine.ts'
import { trials } from './trials.ts'

interface Config {
  readonly [name: string]: number
  /** Real steps of learning. */
  readonly steps: number
  /** Held-out episodes at the end, and at each look during learning. */
  readonly episodes: number
  readonly look: number
  readonly every: number
}

/** [real steps, share of the look's episodes that succeeded] */
type Curve = (readonly [number, number])[]

const DISCOUNT = 0.95
/** The criterion of a look. */
const CRITERION = 0.9

/** Lets an agent live until it has made so many steps, with a look every so often. */
async function live(
  world: PhysicalWorld<ArrayLike<number>>,
  agent: Agent<Float64Array, Vector, ArrayLike<number>>,
  { key, config }: Job<Config>,
  { warm, look }: { warm: number; look: () => Promise<number> },
): Promise<{ curve: Curve; learned: number }> {
  const { steps, every } = config
  const curve: Curve = []
  let [done, spent] = [0, 0]
  for (let e = 0; done < steps; e++) {
    const before = performance.now()
    const episode = await learnEpisode(agent, world, {
      key: key.fork('episodes').fork(e),
      budget: { plans: done < warm ? 0 : 1 },
      limit: steps - done,
    })
    spent += performance.now() - before
    const seen = Math.floor(done / every)
    done += episode.steps
    if (Math.floor(done / every) > seen) curve.push([done, (await look()) / config.look])
  }
  return { curve, learned: done / (spent / 1000) }
}

async function run(job: Job<Config>) {
  const { arm, config, key } = job
  const world = await PhysicalWorld.create(balance)
  const test = (act: (s: Float64Array) => ArrayLike<number> | Promise<ArrayLike<number>>, episodes: number, name = 'held-out') =>
    trials(world, act, episodes, key.fork(name))
  try {
    if (arm === 'scripted' || arm === 'random') {
      const draws = new Draws(key.fork('random'))
      const policy = random<Float64Array>(balance.actions)
      const { good, steps } = await test(
        s => (arm === 'random' ? (policy.sample(s, draws) as Float64Array) : balance.scripted(s)),
        config.episodes,
      )
      return { good, steps, curve: [] as Curve, perSecond: 0 }
    }
    const sac = await softActorCritic({ engine, state: balance.size, actions: balance.actions, discount: DISCOUNT, key: key.fork('sac') })
    const policy = sac.policy as ReactivePolicy<Vector, ArrayLike<number>>
    const model = new Replay<Vector, ArrayLike<number>>(100_000)
    const planner = dyna({ model, value: sac.value, policy, batch: 128 })
    const agent = new Agent<Float64Array, Vector, ArrayLike<number>>(
      { perception: identity(), policy, model, planner, learnOnline: false },
      key.fork('agent'),
    )
    const look = async () => (await test(s => policy.mode(s), config.look, 'look')).good
    const { curve, learned } = await live(world, agent, job, { warm: 500, look })
    const { good, steps } = await test(s => policy.mode(s), config.episodes)
    await sac.dispose()
    return { good, steps, curve, perSecond: learned }
  } finally {
    world.close()
  }
}

/** Real steps at the first look that meets the criterion; where none does, the last look's (a lower bound). */
const reached = (curve: Curve): number => (curve.find(([, s]) => s >= CRITERION) ?? curve.at(-1)!)[0]

export const balancing = part<Config, Awaited<ReturnType<typeof run>>>({
  name: 'balance',
  code: ['lab/src/agent/balance.ts', 'lab/src/agent/trials.ts', 'learn/src/agent', 'physics/src'],
  about:
    'A ball is to rest within 4 cm of a mark on a plate that tilts, for the last second of five; rigid bodies by Rapier, 20 decisions a second, from measured states. Policy and value by soft actor–critic with replay, one update a step; beside them a hand-written controller and chance. All held-out episodes are the same for all arms of a seed.',
  arms: ['policy and value', 'scripted', 'random'],
  config: quick =>
    quick ? { seeds: 1, steps: 3500, episodes: 40, look: 5, every: 1000 } : { seeds: 5, steps: 5000, episodes: 60, look: 10, every: 1000 },
  seconds: ({ steps }) => steps / 300,
  run,
  conclude(of, { episodes }) {
    const total = (arm: string) => of(arm).reduce((n, r) => n + r.good, 0)
    const all = of('scripted').length * episodes
    const learned = of('policy and value')
    const average = (curves: readonly Curve[]): [number, number][] => {
      const length = Math.min(...curves.map(c => c.length))
      return Array.from({ length }, (_, i) => [meanOf(curves.map(c => c[i]![0])), meanOf(curves.map(c => c[i]![1]))])
    }
    return {
      claims: [
        share('balance: success of the learned policy, held-out episodes', total('policy and value'), all),
        share('balance: success of chance', total('random'), all),
        share('balance: success of the scripted controller', total('scripted'), all),
        mean(
          'balance: real steps to 90 %',
          learned.map(r => reached(r.curve)),
        ),
        exact('balance: steps a second while learning', meanOf(learned.map(r => r.perSecond))),
      ],
      plots: [
        {
          caption: 'Share of held-out episodes that succeed, by real steps; mean over seeds.',
          svg: plot([{ name: 'policy and value', points: average(learned.map(r => r.curve)) }], {
            x: 'real steps',
            y: 'success',
            title: 'Balance',
          }),
        },
      ],
      tables: [
        {
          caption: 'Held-out episodes.',
          head: ['arm', 'episodes', 'succeeded'],
          rows: ['policy and value', 'scripted', 'random'].map(arm => [arm, all, total(arm)]),
        },
      ],
    }
  },
})
