import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { lockFolder } from '../src/lock.ts'
import { diorama, scratch, start, TINY } from './diorama.ts'

const s = scratch()
afterAll(s.clean)

const args = (out: string) => ['generate', 'movi-a', ...TINY, '--count', '2', '--workers', '1', '--out', out, '--resume']

test('two processes on one folder: one works, the other says so and leaves it alone', async () => {
  const unlock = await lockFolder(s.at('set'))
  const refused = await diorama(args(s.at('set')))
  expect(refused.err).toMatch(/another process is writing to .*set; run this again when it has ended/)
  expect(refused.code).toBe(75)
  expect((await diorama(['merge', 'anything', '--out', s.at('set')])).code).toBe(75)
  expect(existsSync(s.at('set'))).toBe(false)
  unlock()
  const both = await Promise.all([diorama(args(s.at('set'))), diorama(args(s.at('set')))])
  expect(both.map(b => b.code).filter(c => c !== 0 && c !== 75)).toEqual([])
  expect(both.some(b => b.code === 0)).toBe(true)
  const checked = await diorama(['validate', s.at('set')])
  expect(checked.code, checked.out).toBe(0)
})

test('a killed process leaves no lock, and a link is the folder that it leads to', async () => {
  mkdirSync(s.at('real'))
  symlinkSync(s.at('real'), s.at('link'))
  const run = start(args(s.at('real', 'set')))
  while (!run.out().includes('plan')) await new Promise(r => setTimeout(r, 20))
  await expect(lockFolder(s.at('link', 'set'))).rejects.toThrow(/another process is writing/)
  run.child.kill('SIGKILL')
  await run.done
  ;(await lockFolder(s.at('link', 'set')))()
  expect(readdirSync(s.at('real')).length).toBeLessThanOrEqual(1)
})
