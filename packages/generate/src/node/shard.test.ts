import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseShard, shardIndices } from './shard.ts'

describe('shards', () => {
  test('every index belongs to exactly one shard', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 1, max: 30 }), (count, n) => {
        const all = Array.from({ length: n }, (_, index) => [...shardIndices({ index, count: n }, count)]).flat()
        expect(all.sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i))
      }),
    )
  })

  test('i/n is read, and nothing else is', () => {
    expect(parseShard('2/4', {})).toEqual({ index: 2, count: 4 })
    for (const bad of ['4/4', '1/0', '1', 'a/b', '-1/2', '1/2/3', ''])
      expect(() => parseShard(bad, {})).toThrow(/write i\/n with 0 <= i < n/)
  })

  test('auto reads what each scheduler sets', () => {
    expect(parseShard('auto', { JOB_COMPLETION_INDEX: '3', JOB_COMPLETIONS: '8' })).toEqual({ index: 3, count: 8 })
    expect(parseShard('auto', { JOB_COMPLETION_INDEX: '3', DIORAMA_SHARDS: '8' })).toEqual({ index: 3, count: 8 })
    expect(parseShard('auto', { AWS_BATCH_JOB_ARRAY_INDEX: '0', AWS_BATCH_JOB_ARRAY_SIZE: '2' })).toEqual({ index: 0, count: 2 })
    expect(parseShard('auto', { SLURM_ARRAY_TASK_ID: '5', SLURM_ARRAY_TASK_COUNT: '4', SLURM_ARRAY_TASK_MIN: '2' })).toEqual({
      index: 3,
      count: 4,
    })
    expect(parseShard('auto', { CLOUD_RUN_TASK_INDEX: '1', CLOUD_RUN_TASK_COUNT: '2' })).toEqual({ index: 1, count: 2 })
  })

  test('auto says what is missing', () => {
    expect(() => parseShard('auto', {})).toThrow(/none of JOB_COMPLETION_INDEX/)
    expect(() => parseShard('auto', { JOB_COMPLETION_INDEX: '3' })).toThrow(
      /number of shards is missing; set JOB_COMPLETIONS or DIORAMA_SHARDS/,
    )
    expect(() => parseShard('auto', { CLOUD_RUN_TASK_INDEX: '2', CLOUD_RUN_TASK_COUNT: '2' })).toThrow(/outside the 2 shards/)
    expect(() => parseShard('auto', { CLOUD_RUN_TASK_INDEX: 'x', CLOUD_RUN_TASK_COUNT: '2' })).toThrow(/is not an index/)
  })
})
