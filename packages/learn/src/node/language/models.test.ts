// What every kind of model promises: logits of the right form that see no future, a loss that falls, texts and answers.
import { compile, i64, Key, type NDArray, type Tensor, type Tree } from '@dioramic/tensor'
import { createArena, nodeRuntime } from '@dioramic/tensor/node'
import { describe, expect, it } from 'vitest'
import { characterTokeniser, choose, encodeDocuments, trainLanguage, writer } from '../../language/index.ts'
import { MODEL_KINDS, modelKindOf, settingsOfKind } from './models.ts'

const runtime = nodeRuntime({ threads: 1 })
const key = Key.fromSeed(9)
const line = 'how much wood would a woodchuck chuck; '
const tokeniser = characterTokeniser([line])
const text = encodeDocuments(tokeniser, [line.repeat(60)])
const time = 64

describe.each(MODEL_KINDS)('%s', name => {
  it('sees no future, learns, writes and chooses', async () => {
    const kind = await modelKindOf(name)
    const sizes = new Set((await settingsOfKind(name)).map(s => s.name))
    const small = { d: 16, ...(sizes.has('layers') ? { layers: 2 } : {}) }
    const model = kind.build(kind.settings.parse(small), { vocabulary: tokeniser.size, time, batch: 4 })
    const rows = 4
    const tokens = Array.from({ length: rows * time }, (_, i) => (i * 7) % tokeniser.size)
    const values = model.layer.init(key)
    const run = compile((p: Tree<Tensor>, s: Tree<Tensor>, x: Tensor) => model.layer.apply(p, s, x)[0], runtime)
    const logits = async (list: readonly number[]) => (await run(values.params, values.state, i64(list, [rows, time]))) as NDArray
    const before = await logits(tokens)
    expect(before.shape).toEqual([rows, time, tokeniser.size])
    const place = 50
    const after = await logits(tokens.map((t, i) => (i % time >= place ? (t + 1) % tokeniser.size : t)))
    const until = (a: NDArray) => (a.data as Float32Array).subarray((model.scoredFrom ?? 0) * tokeniser.size, place * tokeniser.size)
    expect(until(after)).toEqual(until(before))
    await run.dispose()

    const { training, result, validation } = await trainLanguage({
      model,
      tokeniser,
      train: text,
      validation: text,
      batch: 4,
      updates: 40,
      lr: 1e-2,
      logEvery: 1,
      key,
      runtime,
      arena: createArena,
    })
    const first = result.history.find(h => h.kind === 'train')!.values['bits']!
    expect(validation!.bitsPerToken).toBeLessThan(first - 0.5)
    const ready = { params: training.params, state: values.state }
    const write = writer(model, ready, runtime)
    expect(await write.write(tokeniser.encode(line).data as BigInt64Array, { count: 30, key })).toHaveLength(30)
    await write.dispose()
    const asked = await choose([{ context: line.repeat(2), choices: ['how much', 'zzz'.replaceAll('z', 'k')], answer: 0 }], {
      model,
      values: ready,
      tokeniser,
      runtime,
    })
    expect(asked.scores.find(s => s.rule === 'perByte')!.right).toBe(1)
    await training.dispose()
  })
})
