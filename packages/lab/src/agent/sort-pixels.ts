import { Draws, PhysicalWorld, type Picture, PixelWorld, picturePerception, random, sort, type Vector } from '@dioramic/learn/agent'
import { createRenderer } from '@dioramic/render'
import { loadKernel } from '@dioramic/render/node'
import type { Key } from '@dioramic/tensor'
import { exact, type Measurement, meanOf, share } from '../evidence.ts'
import { type Job, part } from '../experiment.ts'
import { engine } from './engine.ts'
import { learnToSort } from './sorter.ts'
import { trials } from './trials.ts'

interface Config {
  readonly [name: string]: number
  /** Real steps in which policy and value learn, from measured states. */
  readonly steps: number
  /** Labelled pictures that perception learns from, and gradient steps of 32 of them. */
  readonly pictures: number
  readonly updates: number
  /** Held-out episodes. */
  readonly episodes: number
}

const BATCH = 32

/** The ratio of two shares of n trials each, with the 95 % interval of its logarithm (Katz et al. 1978). */
function ratio(claim: string, p: number, q: number, n: number): Measurement {
  const half = 1.959964 * Math.sqrt((1 - p) / (n * p) + (1 - q) / (n * q))
  return { claim, value: p / q, interval: [(p / q) * Math.exp(-half), (p / q) * Math.exp(half)] }
}

/** Pictures with what is true of them, from episodes in which every other action is random. */
async function labelled(world: PixelWorld<number, unknown>, count: number, key: Key) {
  const draws = new Draws(key.fork('actions'))
  const chance = random<number>(sort.actions)
  const [pictures, measured]: [Picture[], Vector[]] = [[], []]
  for (let e = 0; pictures.length < count; e++) {
    pictures.push(world.reset(key.fork(e)))
    measured.push(world.measured)
    for (let over = false; !over && pictures.length < count; ) {
      const action = draws.uniform() < 0.5 ? sort.scripted(world.measured) : (chance.sample(0, draws) as number)
      const o = world.step(action)
      over = o.terminal || o.truncated
      pictures.push(o.observation)
      measured.push(world.measured)
    }
  }
  return { pictures, measured }
}

async function run({ config, key, arm }: Job<Config>) {
  const physical = await PhysicalWorld.create(sort)
  const episodes = key.fork('held-out')
  if (arm !== 'learned') {
    const draws = new Draws(key.fork('chance'))
    const chance = random<number>(sort.actions)
    const { good } = await trials(
      physical,
      s => (arm === 'random' ? chance.sample(0, draws) : sort.scripted(s)),
      config.episodes,
      episodes.fork('states'),
    )
    physical.close()
    return { fromState: good, fromPixels: 0, error: 0, frames: 0 }
  }
  // Policy and value from measured states.
  const { policy, dispose } = await learnToSort(physical, config.steps, key)
  const fromState = await trials(physical, s => policy.mode(s), config.episodes, episodes.fork('states'))

  // Perception from labelled pictures; then the same policy acts on what perception tells.
  const world = new PixelWorld(physical, { renderer: await createRenderer(await loadKernel()) })
  const { pictures, measured } = await labelled(world, config.pictures, key.fork('pictures'))
  const [width, height] = physical.resolved.scene.cameras[0]!.resolution
  const perception = await picturePerception({ engine, width, height, size: sort.size, key: key.fork('perception') })
  const order = new Draws(key.fork('order'))
  let error = 0
  for (let i = 0; i < config.updates; i++) {
    const some = Array.from({ length: BATCH }, () => order.int(pictures.length))
    const loss = await perception.learn(
      some.map(k => pictures[k]!),
      some.map(k => measured[k]!),
    )
    if (i >= config.updates - 20) error += loss / 20
  }
  const before = performance.now()
  const fromPixels = await trials(
    world,
    async picture => policy.mode(await perception.perceive(null, null, picture)),
    config.episodes,
    // The pixel world forks its key for the physics: the episodes are those from states.
    episodes.fork('pixels'),
  )
  const frames = fromPixels.steps / ((performance.now() - before) / 1000)
  await Promise.all([dispose(), perception.dispose()])
  physical.close()
  return { fromState: fromState.good, fromPixels: fromPixels.good, error: Math.sqrt(error), frames }
}

export const sortingFromPixels = part<Config, Awaited<ReturnType<typeof run>>>({
  name: 'sort-pixels',
  code: ['lab/src/agent/sort-pixels.ts', 'lab/src/agent/sorter.ts', 'lab/src/agent/trials.ts', 'learn/src/agent', 'physics/src'],
  about:
    'A belt brings red and blue boxes; a slider has to put the red ones off to one side, the blue ones to the other. Deep Q-learning from measured states; then perception is swapped for a network that was shown path-traced pictures with their labels (32 × 32 pixels, 4 samples a pixel), and the same policy acts on what it tells.',
  arms: ['learned', 'scripted', 'random'],
  config: quick =>
    quick
      ? { seeds: 1, steps: 3000, pictures: 400, updates: 200, episodes: 10 }
      : { seeds: 3, steps: 7500, pictures: 2400, updates: 1600, episodes: 60 },
  seconds: ({ steps, pictures, episodes }) => steps / 400 + pictures / 100 + episodes / 4,
  run,
  conclude(of, { episodes }) {
    const learned = of('learned')
    const all = learned.length * episodes
    const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)
    const state = share('sort: success from measured states', sum(learned.map(r => r.fromState)), all)
    const pixels = share('sort: success from pixels', sum(learned.map(r => r.fromPixels)), all)
    return {
      claims: [
        state,
        pixels,
        ratio('sort: success from pixels / from states', pixels.value, state.value, all),
        share('sort: success of the scripted controller', sum(of('scripted').map(r => r.fromState)), all),
        share('sort: success of chance', sum(of('random').map(r => r.fromState)), all),
        exact('sort: error of perception, root mean square', meanOf(learned.map(r => r.error))),
        exact('sort: decisions a second from pixels', meanOf(learned.map(r => r.frames))),
      ],
      tables: [
        {
          caption: `Held-out episodes that succeeded, of ${episodes} a seed.`,
          head: ['seed', 'from states', 'from pixels'],
          rows: learned.map((r, i) => [i, r.fromState, r.fromPixels]),
        },
      ],
    }
  },
})
