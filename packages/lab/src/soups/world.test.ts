import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { pictures } from '../node/soups/pictures.ts'

const cache = mkdtempSync(join(tmpdir(), 'diorama-soups-world-'))
const before = process.env['DIORAMA_CACHE']
process.env['DIORAMA_CACHE'] = cache
afterAll(() => {
  if (before === undefined) delete process.env['DIORAMA_CACHE']
  else process.env['DIORAMA_CACHE'] = before
  rmSync(cache, { recursive: true, force: true })
})

test('pictures are the same when they are rendered again, in parts or read; a shift changes them and not the labels', async () => {
  const first = await pictures('clutter', 40, 4)
  expect([...first.y.data].map(Number)).toEqual([0, 1, 2, 3])
  expect(first.x.shape).toEqual([4, 3, 32, 32])
  const kept = join(cache, 'lab-soups', readdirSync(join(cache, 'lab-soups'))[0]!)
  expect((await pictures('clutter', 40, 4)).hash).toBe(first.hash)
  // A file that was cut short is rendered again.
  writeFileSync(kept, 'torn')
  expect((await pictures('clutter', 40, 4)).hash).toBe(first.hash)
  const later = await pictures('clutter', 42, 2)
  expect(later.x.data).toEqual(first.x.data.slice(2 * 3072))
  const plain = await pictures('none', 40, 4)
  expect(plain.y).toEqual(first.y)
  expect(plain.hash).not.toBe(first.hash)
})
