// A scaffolded world runs as it is, and what it makes is valid.
import { existsSync, readFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { diorama, scratch } from './diorama.ts'

const s = scratch()
afterAll(s.clean)

test('new world writes a world that makes a valid clip; an existing file and a bad name are refused', async () => {
  const made = await diorama(['new', 'world', 'my-kitchen'], { cwd: s.folder })
  expect([made.code, made.err]).toEqual([0, ''])
  expect(made.out).toMatch(/diorama generate my-kitchen\.ts --count 2 --out out\/my-kitchen/)
  const file = s.at('my-kitchen.ts')
  const text = readFileSync(file, 'utf8')
  const ran = await diorama(
    [
      'generate',
      'my-kitchen.ts',
      '--config',
      'count=3',
      '--size',
      '24x24',
      '--frames',
      '2',
      '--spp',
      '1',
      '--workers',
      '1',
      '--out',
      'out',
    ],
    { cwd: s.folder },
  )
  expect([ran.code, ran.err.match(/error.*/i)]).toEqual([0, null])
  const checked = await diorama(['validate', 'out'], { cwd: s.folder })
  expect(checked.code, checked.out.slice(-2000)).toBe(0)
  const again = await diorama(['new', 'world', 'my-kitchen'], { cwd: s.folder })
  expect([again.code, again.err]).toEqual([2, expect.stringMatching(/my-kitchen\.ts is there already/)])
  expect(readFileSync(file, 'utf8')).toBe(text)
  const bad = await diorama(['new', 'world', '../x'], { cwd: s.folder })
  expect([bad.code, existsSync(s.at('..', 'x.ts'))]).toEqual([2, false])
  expect((await diorama(['new', 'world', 'movi-a'], { cwd: s.folder })).err).toMatch(/built-in world/)
}, 300_000)
