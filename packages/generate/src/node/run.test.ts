import { FaultyStore, MemoryStore, merge, openDataset } from '@dioramic/data'
import { Key } from '@dioramic/scene'
import { beforeAll, describe, expect, test } from 'vitest'
import { contents, made, TINY, tiny } from './run.test-kit.ts'

let whole: Map<string, string>
beforeAll(async () => {
  whole = await made()
})

describe('same seed, same bytes', () => {
  test('one thread, two threads, and this thread', async () => {
    expect(await made({ workers: 1 })).toEqual(whole)
    expect(await made({ workers: 2 })).toEqual(whole)
  })

  test('seed 0 is a seed', async () => {
    const zero = await made({ seed: 0, count: 1 })
    expect(zero).toEqual(await made({ seed: 0, count: 1 }))
    const depth = (m: Map<string, string>) => m.get('samples/000000/depth/00000.npz')
    expect(depth(zero)).toBeDefined()
    expect(depth(zero)).not.toEqual(depth(whole))
  })

  test('three shards merged are one run', async () => {
    const count = 3
    const one = await made({ count })
    const shards = await Promise.all(
      [0, 1].map(async index => {
        const store = new MemoryStore({ name: `shard ${index}` })
        await tiny(store, { count, shard: { index, count: 2 } })
        return store
      }),
    )
    const target = new MemoryStore()
    await merge(shards, target)
    expect(await contents(target)).toEqual(one)
  })

  test('a clip does not depend on how many others are made', async () => {
    const one = await made({ count: 1 })
    for (const [path, bytes] of one)
      if (path.startsWith('samples/000000/') && !path.endsWith('sample.json')) expect(whole.get(path), path).toBe(bytes)
  })
})

describe('recovery', () => {
  test('a store that fails, loses, tears or dies at its n-th operation, for every n; resumed to the same bytes', async () => {
    const settings = { ...TINY, size: [8, 6] as [number, number], frames: 1, labels: ['segmentation', 'pose'] }
    const expected = await made({ settings })
    const counter = new FaultyStore(new MemoryStore(), {})
    await tiny(counter, { settings })
    expect(counter.operations).toBeGreaterThan(10)
    for (const kind of ['failAt', 'loseAt', 'tearAt', 'dieAt'] as const) {
      for (let n = 1; n <= counter.operations; n++) {
        const inner = new MemoryStore()
        await tiny(new FaultyStore(inner, { [kind]: n }), { settings }).catch(e =>
          expect((e as Error).name, `${kind} ${n}: ${(e as Error).stack}`).toBe('StoreFault'),
        )
        await tiny(inner, { settings, resume: true })
        expect(await contents(inner), `${kind} ${n}`).toEqual(expected)
      }
    }
  })

  test('stopped in the middle, whole clips stay, the set is closed, and resume makes the rest', async () => {
    const store = new MemoryStore()
    const stop = new AbortController()
    const first = await tiny(store, { count: 3, signal: stop.signal, on: e => e.type === 'clip' && stop.abort() })
    expect(first.interrupted).toBe(true)
    expect((await openDataset(store)).dataset.missing.length).toBeGreaterThan(0)
    const second = await tiny(store, { count: 3, resume: true })
    expect([second.made + second.kept, second.interrupted]).toEqual([3, false])
    expect(await contents(store)).toEqual(await made({ count: 3 }))
  })

  test('an existing set is never touched without resume, nor with another plan', async () => {
    const store = new MemoryStore()
    await tiny(store)
    const before = await contents(store)
    await expect(tiny(store)).rejects.toThrow(/already has files/)
    await expect(tiny(store, { resume: true, seed: 8 })).rejects.toThrow(/seed/)
    await expect(tiny(store, { resume: true, settings: { ...TINY, spp: 2 } })).rejects.toThrow(/settings\.spp/)
    expect(await contents(store)).toEqual(before)
    expect((await tiny(store, { resume: true })).made).toBe(0)
    expect(await contents(store)).toEqual(before)
  })
})

describe('quarantine', () => {
  const crowded = { source: { kind: 'builtin', name: 'movi-a', config: { minCount: 100, maxCount: 100 } } } as const

  test('a clip that cannot be made is a named hole, the same on every run and number of threads', async () => {
    const a = new MemoryStore()
    const summary = await tiny(a, { ...crowded, count: 1 })
    expect(summary.dataset!.quarantined).toHaveLength(1)
    expect(summary.dataset!.quarantined[0]).toMatchObject({ index: 0, code: 'placement' })
    expect(summary.dataset!.quarantined[0]!.reason).toMatch(/found no free place in 1000 draws/)
    expect(summary.interrupted).toBe(false)
    const b = new MemoryStore()
    await tiny(b, { ...crowded, count: 1, workers: 1 })
    expect(await contents(b)).toEqual(await contents(a))
  })
})

describe('peak memory', () => {
  test('frames are handed over one by one', async () => {
    const order: string[] = []
    const store = new MemoryStore()
    const put = store.put.bind(store)
    store.put = async (path, bytes) => {
      if (path.endsWith('.npz')) order.push(`put ${path.replace(/^.*depth\//, '')}`)
      return put(path, bytes)
    }
    await tiny(store, {
      count: 1,
      settings: { ...TINY, frames: 3, labels: ['depth'] },
      on: e => e.type === 'frame' && order.push(`frame ${e.frame}`),
    })
    expect(order).toEqual(['put 00000.npz', 'frame 0', 'put 00001.npz', 'frame 1', 'put 00002.npz', 'frame 2'])
  })
})

test('keys of neighbouring clips are apart', () => {
  const words = Array.from({ length: 100 }, (_, i) => Key.fromSeed(0).fork('movi-a').fork('clip').fork(i).words.join())
  expect(new Set(words).size).toBe(100)
})
