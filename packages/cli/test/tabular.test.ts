import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { diorama, events, scratch } from './diorama.ts'

const s = scratch()
afterAll(s.clean)

test('a table becomes a model and a report, and the model predicts; what is wrong is said', async () => {
  const rows = Array.from({ length: 300 }, (_, i) => {
    const a = Math.sin(i * 12.9898) * 3
    return `${a.toFixed(3)},${['x', 'y'][i % 2]},k,${(2 * a + 3 * (i % 2)).toFixed(3)}`
  })
  const csv = s.at('rows.csv')
  writeFileSync(csv, `a,b,same,y\n${rows.join('\n')}\n`)
  const out = s.at('model')
  const fit = await diorama(['tabular', 'fit', csv, '--target', 'y', '--epochs', '3', '--out', out])
  expect(fit.code, fit.err).toBe(0)
  const told = events(fit.out)
  expect(told.filter(e => e.event === 'warning').map(e => e['text'])).toEqual([expect.stringContaining('"same" is "k" in every row')])
  expect(told.find(e => e.event === 'plan')).toMatchObject({ task: 'regression', numbers: 1, categories: 1 })
  expect(told.find(e => e.event === 'progress')).toMatchObject({ done: expect.any(Number), eta: expect.any(Number) })
  expect(told.at(-1)).toMatchObject({ event: 'fitted', metrics: { RMSE: { value: expect.any(Number) } } })
  expect(JSON.parse(readFileSync(s.at('model', 'report.json'), 'utf8'))).toMatchObject({ target: 'y', rows: { train: 192 } })
  expect(readFileSync(s.at('model', 'report.html'), 'utf8')).toContain('Importance')

  const predicted = await diorama(['tabular', 'predict', out, csv, '--out', s.at('out.csv')])
  expect(predicted.code, predicted.err).toBe(0)
  expect(readFileSync(s.at('out.csv'), 'utf8').split('\n')).toHaveLength(302)
  expect(events(predicted.out).at(-1)).toMatchObject({ event: 'predicted', rows: 300, metrics: { RMSE: expect.any(Number) } })

  const wrong = await diorama(['tabular', 'fit', csv, '--target', 'price', '--out', s.at('none')])
  expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('rows.csv has no column "price". It has: a, b, same, y') })
  expect(existsSync(s.at('none'))).toBe(false)
  const class1 = await diorama(['tabular', 'fit', csv, '--target', 'same', '--out', s.at('none')])
  expect(class1).toMatchObject({ code: 2, err: expect.stringContaining('there is nothing to learn') })
  const name = await diorama(['tabular', 'fit', csv, '--target', 'y', '--embedding', 'QQ', '--out', s.at('none')])
  expect(name).toMatchObject({ code: 2, err: expect.stringContaining('there is no embedding "QQ"; there are: none, L') })
  writeFileSync(s.at('kept.txt'), '')
  const full = await diorama(['tabular', 'fit', csv, '--target', 'y', '--out', s.folder])
  expect(full).toMatchObject({ code: 2, err: expect.stringContaining('holds something else than a model') })
}, 240_000)
