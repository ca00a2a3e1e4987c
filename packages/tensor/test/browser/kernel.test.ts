// The kernel in headless Chromium makes Node's bits: with two threads on an isolated page, with one elsewhere.
import { expect, test } from 'vitest'
import { createArena } from '../../src/node/kernel.ts'
import { kernelWork } from './kernel-work.ts'
import { browserPath, runInPages } from './page.ts'

test('the same bits as in Node', async ({ skip }) => {
  if (!browserPath) return skip('no Chromium here: set DIORAMA_CHROMIUM to one')
  const expected = await kernelWork(await createArena(8 << 20))
  const [one, two] = await runInPages('kernel-entry.ts', [{ isolated: false }, { isolated: true }])
  expect(one!.result).toEqual({ ...expected, threads: '1' })
  expect(two!.result).toEqual({ ...expected, threads: '2' })
})
