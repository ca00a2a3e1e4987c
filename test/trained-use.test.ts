// docs/trained-use.md says what docs/evidence/trained-use.json holds, and the measures behind it are right where the answer is known.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { YOGA_POSES } from '@dioramic/worlds'
import { expect, test } from 'vitest'
import { writeSection } from '../scripts/section.ts'
import { HELD_OUT_POSES, setsOf } from '../scripts/trained-use/sets.ts'
import { difference, spread, type TrainedUse, tablesOf } from '../scripts/trained-use/tables.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const evidence = JSON.parse(readFileSync(`${root}docs/evidence/trained-use.json`, 'utf8')) as TrainedUse

test('the page has the tables of the evidence', () => {
  const page = readFileSync(`${root}docs/trained-use.md`, 'utf8')
  for (const [name, table] of tablesOf(evidence)) expect(page).toContain(`<!-- ${name} -->\n\n${table}\n\n<!-- /${name} -->`)
})

test('a page without the section is left as it is', () => {
  const page = `${root}docs/trained-use.md`
  const before = readFileSync(page, 'utf8')
  expect(() => writeSection(page, 'nothing', 'text')).toThrow('has no section <!-- nothing -->')
  expect(readFileSync(page, 'utf8')).toBe(before)
})

test('spread and paired difference are those of the textbooks', () => {
  // 1, 2, 3: deviation 1. Differences 1, 2, 3: t(0.975, 2) = 4.303 times 1 / √3.
  expect(spread([1, 2, 3])).toBe('2.000 ± 1.000')
  expect(difference([2, 4, 6], [1, 2, 3])).toBe('2.000 [−.484, 4.484]')
  expect(difference([0.1, 0.2], [0.1004, 0.2004])).toMatch(/^\.000 /)
})

test('no test set has the seed and the settings of a training set; each of Cycles, but for the rooms, has its twin', () => {
  const sets = setsOf('scans.json')
  const plain = (args: readonly string[]) => args.filter((a, i) => a !== '--count' && args[i - 1] !== '--count').join(' ')
  const of = (kind: boolean) => sets.filter(s => s.name.includes('test') === kind)
  for (const t of of(true)) for (const s of of(false)) expect(t.args[2]).not.toBe(s.args[2])
  for (const name of ['shapes-test', 'people-test-yoga']) {
    const [ours, cycles] = [name, `${name}-cycles`].map(n => sets.find(s => s.name === n)!)
    expect(`${plain(ours!.args)} --renderer cycles`).toBe(plain(cycles!.args))
  }
  const rooms = (kind: string) =>
    new Set(sets.filter(s => s.name.startsWith(kind)).map(s => s.args.find(a => a.startsWith('environment='))))
  for (const kind of ['table-test-cycles', 'table-test-shifted'])
    for (const room of rooms(kind)) expect(rooms('table-plain')).not.toContain(room)
  expect(rooms('table-varied')).toEqual(rooms('table-plain'))
  expect(Object.keys(YOGA_POSES)).toEqual(expect.arrayContaining([...HELD_OUT_POSES]))
})

test('measures, targets and crops against closed forms (check.py)', context => {
  const python = process.env['DIORAMA_PYTHON'] ?? 'python3'
  if (spawnSync(python, ['-c', 'import torch, cv2, pycocotools']).status !== 0)
    return context.skip(
      `${python} lacks torch, cv2 or pycocotools: pip install torch opencv-python-headless pycocotools, or set DIORAMA_PYTHON`,
    )
  const { stdout, stderr } = spawnSync(python, [`${root}scripts/trained-use/check.py`], { encoding: 'utf8' })
  expect(stderr + stdout).toBe('ok\n')
})
