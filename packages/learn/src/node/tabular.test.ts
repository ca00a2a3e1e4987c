/** A whole fit, and the file it makes: run by onnxruntime alone it says what the training graph says. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fillNormal, Key } from '@dioramic/tensor'
import { createArena, nodeRuntime, saveOnnx } from '@dioramic/tensor/node'
import { afterAll, expect, test } from 'vitest'
import { Draws } from '../agent/draws.ts'
import {
  defaultSettings,
  type FitTableOptions,
  fitTable,
  onnxOf,
  type RawTable,
  rawTable,
  reportOf,
  reportPage,
  takeTableRows,
} from '../tabular/index.ts'
import { loadTable, predictTable } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'diorama-tabular-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const seed = Number(process.env['DIORAMA_SEED'] ?? 20261124)
const key = Key.fromSeed(seed)
const engine = { runtime: nodeRuntime(), arena: createArena, key }

/** Numbers with gaps and with many zeros, categories with rare ones, and a target of all of them. */
function table(n: number): RawTable {
  const d = new Draws(key.fork('table'))
  const a = new Float32Array(n)
  fillNormal(a, key.fork('a').words)
  const rows = Array.from(a, v => {
    const zeros = d.uniform() < 0.6 ? 0 : d.uniform()
    const colour = d.uniform() < 0.01 ? 'rare' : ['red', 'green', 'blue'][d.int(3)]!
    const side = ['left', 'right'][d.int(2)]!
    const y = Math.sin(2 * v) + { red: 0, green: 1, blue: -1, rare: 0 }[colour]! * (side === 'left' ? 1 : 2) + 2 * zeros + 0.1 * d.normal()
    return [d.uniform() < 0.1 ? '' : v.toFixed(4), zeros, colour, side, y, y > 1 ? 'high' : y > -1 ? 'middle' : 'low'] as const
  })
  return rawTable(
    'drawn',
    ['a', 'zeros', 'colour', 'side', 'y', 'level'],
    [0, 1, 2, 3, 4, 5].map(c => rows.map(r => r[c]!)),
  )
}

const data = table(1500)
const options = (
  target: string,
  o: Partial<FitTableOptions> & { embedding?: string; backbone?: 'mlp' | 'resnet' | 'transformer'; epochs?: number },
): FitTableOptions => ({
  target,
  ignore: target === 'y' ? ['level'] : ['y'],
  settings: rows => {
    const s = defaultSettings(rows, o.embedding, o.backbone)
    const backbone = s.model.backbone.kind === 'mlp' ? { kind: 'mlp' as const, widths: [48, 48], dropout: 0.05 } : s.model.backbone
    return { model: { ...s.model, backbone }, training: { ...s.training, lr: 4e-3, epochs: o.epochs ?? 12 } }
  },
  ...o,
})

test('regression with gaps and categories: learnt, explained, and the same from the file', async () => {
  const fit = await fitTable(data, options('y', { members: 2 }), engine)
  const r2 = fit.metrics.find(m => m.name === 'R²')!
  expect(r2.interval[0], `seed ${seed}`).toBeGreaterThan(0.85)
  expect(fit.importance[0]!.name).toBe('colour')
  const path = join(folder, 'model.onnx')
  await saveOnnx(path, onnxOf(fit.model))
  const split = reportOf(fit)
  expect(split.rows).toEqual({ train: 960, validation: 240, test: 300 })
  expect(reportPage(fit)).toContain('MLP-T-LR')
  const found = await predictTable(path, data)
  expect(found.judged).toBeDefined()
  // The test rows' predictions are among them, in order.
  let at = 0
  for (const v of found.values as number[]) if (at < 300 && Math.abs(v - fit.judged.predictions[at]!) < 2e-4) at++
  expect(at).toBe(300)
  // A row alone is the row among others.
  expect((await predictTable(path, takeTableRows(data, [7]))).values[0]).toBeCloseTo(found.values[7] as number, 4)
  const again = await fitTable(data, options('y', { members: 2 }), engine)
  expect(again.judged.predictions).toEqual(fit.judged.predictions)

  const strange = rawTable(
    'new.csv',
    ['a', 'zeros', 'colour', 'side'],
    [
      ['1', '', '2'],
      ['0', '', '0.5'],
      ['red', 'violet', 'rare'],
      ['left', '', 'right'],
    ],
  )
  const odd = await predictTable(path, strange)
  expect((odd.values as number[]).every(Number.isFinite)).toBe(true)
  expect(odd.judged).toBeUndefined()
  const said = odd.warnings.join('\n')
  for (const words of [
    '"zeros" is empty in 1 rows, and was in no training row',
    '"colour" has values that the model does not know',
    '"violet"',
  ])
    expect(said).toContain(words)
  await expect(predictTable(path, rawTable('new.csv', ['a', 'zeros', 'side'], [['1'], ['2'], ['x']]))).rejects.toThrow('no column "colour"')
  await expect(predictTable(path, rawTable('new.csv', ['a'], [['1']]))).rejects.toThrow(
    'lacks 3 columns that the model was trained with: "zeros", "colour", "side"',
  )
  await expect(predictTable(path, rawTable('new.csv', ['a', 'zeros', 'colour', 'side'], [['one'], ['2'], ['x'], ['y']]))).rejects.toThrow(
    'new.csv, row 1, column "a": "one" is not a number',
  )
  await expect(predictTable(folder.replace('tabular', 'none'), data)).rejects.toThrow('is no model')
})

test('three classes by a ResNet and a transformer, the label the likeliest; two classes with a trial', async () => {
  for (const [backbone, embedding] of [
    ['resnet', 'PLR'],
    ['transformer', 'Q-L'],
  ] as const) {
    const fit = await fitTable(data, options('level', { backbone, embedding, epochs: 2 }), engine)
    const path = join(folder, `${backbone}.onnx`)
    await saveOnnx(path, onnxOf(fit.model))
    const { values, probabilities, file } = await predictTable(path, data)
    expect(file.classes).toEqual(['high', 'low', 'middle'])
    for (let i = 0; i < 50; i++) {
      const p = [...probabilities!.subarray(3 * i, 3 * i + 3)]
      expect(p.reduce((a, b) => a + b)).toBeCloseTo(1, 5)
      expect(file.classes![p.indexOf(Math.max(...p))]).toBe(values[i])
    }
  }
  const fit = await fitTable(
    data,
    options('side', { trials: 1, scaling: 'standard', epochs: 3, shares: { validation: 0.2, test: 0.2 } }),
    engine,
  )
  expect(fit.trials).toHaveLength(2)
  expect(fit.metrics.map(m => m.name)).toEqual(['accuracy', 'log loss', 'AUC'])
  expect(Math.min(...fit.trials.map(t => t.validation))).toBe(fit.model.members[0]!.best)
})

test('numbers alone, categories alone, numbers far from 0 or near it, a column that is there or not', async () => {
  const wide = rawTable(
    'drawn',
    ['tiny', 'far', 'sometimes', 'side', 'level'],
    [
      data.columns[1]!.map(v => 1e-6 * (v as number)),
      data.columns[1]!.map(v => 1e5 + (v as number)),
      data.columns[1]!.map(v => (v === 0 ? null : 7)),
      data.columns[3]!,
      data.columns[1]!.map(v => (v === 0 ? 'none' : (v as number) > 0.5 ? 'high' : 'low')),
    ],
  )
  for (const [ignore, least] of [
    [['side'], 0.9],
    [['tiny', 'far', 'sometimes'], 0],
  ] as const) {
    const fit = await fitTable(wide, { ...options('level', { epochs: 6 }), ignore }, engine)
    expect(fit.metrics[0]!.value).toBeGreaterThan(least)
    if (least > 0) expect(fit.warnings.join()).toContain('"sometimes" is the same in every training row that has it')
    const path = join(folder, 'some.onnx')
    await saveOnnx(path, onnxOf(fit.model))
    expect((await predictTable(path, wide)).values).toHaveLength(1500)
  }
})

test('files: CSV, and what is no table', async () => {
  const path = join(folder, 'few.csv')
  writeFileSync(path, 'a,b\n1,x\n2,y\n')
  expect(await loadTable(path)).toMatchObject({ source: 'few.csv', names: ['a', 'b'], rows: 2 })
  writeFileSync(join(folder, 'empty.csv.gz'), '')
  await expect(loadTable(join(folder, 'empty.csv.gz'))).rejects.toThrow('empty.csv.gz is empty')
  await expect(loadTable(join(folder, 'none.csv'))).rejects.toThrow('there is no file')
})
