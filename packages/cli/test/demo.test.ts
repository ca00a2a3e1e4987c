// The two programs that the README starts with.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { root, scratch, TINY } from './diorama.ts'

const s = scratch()
afterAll(s.clean)

test('the demo makes a set, says where its contact sheet is and what to type next; run again it has nothing to do', () => {
  const demo = () =>
    execFileSync(process.execPath, ['--conditions=@dioramic/source', join(root, 'scripts/demo.ts'), ...TINY, '--count', '1'], {
      cwd: s.folder,
      encoding: 'utf8',
    })
  const said = demo()
  expect(said).toMatch(/contact sheet: {2}out\/demo\/contact-sheet\.png/)
  expect(said).toMatch(/npm run diorama -- validate out\/demo/)
  const sheet = readFileSync(s.at('out', 'demo', 'contact-sheet.png'))
  expect([...sheet.subarray(1, 4)]).toEqual([...Buffer.from('PNG')])
  expect(demo()).toMatch(/"made":0,"kept":1/)
  expect(existsSync(s.at('out', 'demo', 'samples', '000000', 'sample.json'))).toBe(true)
})
