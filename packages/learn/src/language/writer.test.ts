import { i64, interpreter, Key, nn } from '@dioramic/tensor'
import { expect, it } from 'vitest'
import { bigramTable, trigramState } from './table.test-kit.ts'
import { transformerLm } from './transformer.ts'
import { writer } from './writer.ts'

const key = Key.fromSeed(2)

it('the decoder and runs over the window write the same, beyond the window too', async () => {
  const model = transformerLm({ vocabulary: 7, d: 8, layers: 2, heads: 2, time: 10, init: { embedding: nn.normal(1) } })
  const values = model.layer.init(key)
  const texts = []
  for (const decodes of [true, false]) {
    const w = writer({ ...model, decodes }, values, interpreter())
    texts.push(
      await w.write([1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5], { count: 30, key }),
      await w.write([4], { count: 8, key, temperature: 0 }),
    )
    await w.dispose()
  }
  expect(texts.slice(2)).toEqual(texts.slice(0, 2))
  expect(texts[0]).toHaveLength(30)
})

it('writes what the table says, told token by token', async () => {
  const model = bigramTable(5, 4)
  const table = i64([0])
  const params = { table: { dtype: 'f32' as const, shape: [5, 5], data: new Float32Array(25) } }
  // Token t is followed by t + 1.
  for (let t = 0; t < 5; t++) params.table.data[t * 5 + ((t + 1) % 5)] = 50
  const w = writer(model, { params, state: {} }, interpreter())
  const seen: number[] = []
  expect(await w.write(table.data as BigInt64Array, { count: 12, key, each: t => seen.push(t) })).toEqual([
    1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2,
  ])
  expect(seen).toHaveLength(12)
  await expect(w.write([], { count: 1, key })).rejects.toThrow(/the prompt has 0 tokens; this model needs 1/)
  await expect(w.write([9], { count: 1, key })).rejects.toThrow(/holds token 9; the model's vocabulary has 5/)
  await w.dispose()
})

it('a carried state makes segments of no account, and lanes are alike', async () => {
  const texts = []
  for (const [time, lanes] of [
    [40, 1],
    [5, 3],
    [3, 1],
  ] as const) {
    const model = trigramState(6, time, lanes)
    const w = writer(model, model.layer.init(key), interpreter())
    texts.push(await w.write([0, 1, 2, 3, 4], { count: 25, key }))
    await w.dispose()
  }
  expect(texts[1]).toEqual(texts[0])
  expect(texts[2]).toEqual(texts[0])
})
