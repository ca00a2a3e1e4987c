import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { describeLabels } from '../src/describe.ts'

test('docs/labels.md says what the labels say (vitest -u writes it anew)', async () => {
  await expect(describeLabels()).toMatchFileSnapshot('../../../docs/labels.md')
})

test('every picture that it shows is there', () => {
  const pictures = [...describeLabels().matchAll(/src="([^"]+)"/g)].map(m => m[1])
  expect(pictures.length).toBeGreaterThan(40)
  for (const picture of pictures) expect(existsSync(new URL(`../../../docs/${picture}`, import.meta.url)), picture).toBe(true)
})
