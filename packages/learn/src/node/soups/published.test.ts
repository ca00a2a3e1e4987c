// The 72 fine-tuned CLIP models of the paper, by their published accuracies: order, acceptance, averages. Skipped without ../shared/data.
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { decreasing, greedy } from '../../soups/recipes/greedy.ts'

const FILE = new URL('../../../../../../shared/data/model_soups_72_individual_results.jsonl', import.meta.url)
const SHIFTS = ['ImageNetV2', 'ImageNetSketch', 'ImageNetR', 'ObjectNet', 'ImageNetA']

describe.skipIf(!existsSync(FILE))('72 published models (skipped without ../shared/data)', () => {
  const rows = existsSync(FILE)
    ? readFileSync(FILE, 'utf8')
        .trim()
        .split('\n')
        .map(l => JSON.parse(l) as Record<string, number>)
    : []
  const heldOut = rows.map(r => r['ImageNet2p']!)
  const mean = (x: readonly number[]) => x.reduce((a, b) => a + b, 0) / x.length
  const shifted = (i: number) => mean(SHIFTS.map(s => rows[i]![s]!))

  test('the order in which a greedy soup tries them', () => {
    expect(decreasing(heldOut).slice(0, 12)).toEqual([43, 44, 69, 48, 63, 27, 34, 60, 54, 70, 32, 57])
    expect(rows).toHaveLength(72)
    // Models 4 and 5 are equal: the earlier comes first.
    const order = decreasing(heldOut)
    expect(heldOut[4]).toBe(heldOut[5])
    expect(order.indexOf(5)).toBe(order.indexOf(4) + 1)
  })

  test('the averages of the paper', () => {
    expect(mean(rows.map(r => r['ImageNet']!))).toBeCloseTo(0.77929, 5)
    expect(heldOut[43]).toBeCloseTo(0.8305, 5)
    expect(rows[43]!['ImageNet']).toBeCloseTo(0.80386, 5)
    expect([shifted(43), shifted(0)].map(v => Number(v.toFixed(5)))).toEqual([0.47967, 0.47149])
    expect(Math.min(...rows.map(r => r['ImageNet']!))).toBeCloseTo(0.7499, 5)
  })

  test('what is accepted', async () => {
    const top = (members: readonly number[]) => Math.max(...members.map(m => heldOut[m]!))
    const middle = (members: readonly number[]) => mean(members.map(m => heldOut[m]!))
    // A whole that is as good as its best member takes all by ≥ and none but the best by >; one that is as good as its mean takes only the best.
    expect((await greedy(heldOut, top)).members).toEqual(decreasing(heldOut))
    expect((await greedy(heldOut, top, 'gt')).members).toEqual([43])
    expect(await greedy(heldOut, middle)).toMatchObject({ members: [43], score: heldOut[43] })
  })
})
