// Every world places and simulates 200 clips, none with an object that finds no place, does not come to rest or falls through the floor (DIORAMA_LONG; else two of the quick ones). `-t movi-d` picks a world;
// DIORAMA_SEEDS=folder keeps what is done, so that a run that was stopped goes on.
import { WORLDS } from '@dioramic/worlds'
import { describe, expect, test } from 'vitest'
import { failuresOf, placedClips } from '../../../../test/support/world-seeds.ts'

const LONG = process.env['DIORAMA_LONG'] !== undefined
const QUICK = ['clevr', 'movi-a', 'texture-structure']

describe(LONG ? '200 seeds' : '2 seeds', () => {
  test.each(LONG ? [...WORLDS.keys()] : QUICK)('%s', { timeout: 10_000_000 }, async name => {
    const n = LONG ? 200 : 2
    expect(failuresOf(await placedClips(name, n, n))).toEqual([])
  })
})
