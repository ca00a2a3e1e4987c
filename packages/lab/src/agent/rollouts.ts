/** Episodes of a learned agent as a Diorama data set: path-traced, labelled, validated. */
import { DatasetWriter, MemoryStore, validateDataset } from '@dioramic/data'
import { Collector, planRecipe, runInline, type Settings, type Source, settingsSchema } from '@dioramic/generate'
import { engineHashes } from '@dioramic/generate/node'
import { labelName, selectLabels } from '@dioramic/label'
import { PhysicalWorld, Recorded, sort } from '@dioramic/learn/agent'
import { createRenderer } from '@dioramic/render'
import { loadKernel } from '@dioramic/render/node'
import { NO_ASSETS } from '@dioramic/scene'
import { Key } from '@dioramic/tensor'
import { exact, mean } from '../evidence.ts'
import { type Job, part } from '../experiment.ts'
import { learnToSort } from './sorter.ts'

interface Config {
  readonly [name: string]: number
  /** Real steps of learning before. */
  readonly steps: number
  readonly clips: number
  readonly pixels: number
  readonly spp: number
}

async function run({ config, key }: Job<Config>) {
  const recorded = new Recorded(await PhysicalWorld.create(sort))
  const { policy, dispose } = await learnToSort(recorded, config.steps, key)

  // A clip's key is an episode's: building the clip's scene is living the episode.
  const source: Source = {
    name: 'sort-rollouts',
    config: { task: 'sort', learned: config.steps },
    hashes: {},
    async build(clip) {
      let state = recorded.reset(new Key(clip.words))
      for (;;) {
        const o = recorded.step((await policy.mode(state)) as number)
        state = o.observation
        if (o.terminal || o.truncated) return recorded.scene([config.pixels, config.pixels])
      }
    },
  }
  const labels = selectLabels('kubric')
  const settings: Settings = settingsSchema.parse({ spp: config.spp, maxBounces: 3, labels: labels.map(labelName) })
  const store = new MemoryStore()
  const recipe = planRecipe({ source, seed: 0, count: config.clips, settings, labels, formats: ['folder'], hashes: engineHashes() })
  const writer = await DatasetWriter.begin(store, recipe)
  const collector = new Collector(writer)
  const before = performance.now()
  const renderer = await createRenderer(await loadKernel())
  await runInline(
    Array.from({ length: config.clips }, (_, i) => i),
    collector,
    { renderer, source, seed: 0, settings, assets: NO_ASSETS, labels },
  )
  await collector.idle()
  const dataset = await writer.finish()
  const seconds = (performance.now() - before) / 1000
  const report = await validateDataset(store)
  await dispose()
  recorded.close()
  return { clips: dataset.samples.length, findings: report.findings.map(f => `${f.check}: ${f.message}`), seconds }
}

export const rollouts = part<Config, Awaited<ReturnType<typeof run>>>({
  name: 'rollouts',
  code: ['lab/src/agent/rollouts.ts', 'lab/src/agent/sorter.ts', 'learn/src/agent', 'physics/src'],
  about:
    'Episodes of an agent that learned to sort become clips: every pose is a keyframe, every action and reward is in the metadata of the sample. They are path-traced with the labels of the preset kubric, and the finished set is validated: hashes, schema, geometry.',
  arms: ['sort'],
  config: quick => ({ seeds: 1, steps: quick ? 700 : 6000, clips: quick ? 1 : 4, pixels: 64, spp: 8 }),
  seconds: ({ steps, clips }) => steps / 400 + clips * 8,
  run,
  conclude(of) {
    const records = of('sort')
    return {
      notes: records.flatMap(r => r.findings),
      claims: [
        exact('rollouts: clips in the data set', records[0]!.clips),
        exact(
          'rollouts: findings of validate',
          records.reduce((n, r) => n + r.findings.length, 0),
        ),
        mean(
          'rollouts: seconds a clip',
          records.map(r => r.seconds / r.clips),
        ),
      ],
    }
  },
})
