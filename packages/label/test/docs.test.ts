import { expect, test } from 'vitest'
import { describeLabels } from '../src/describe.ts'

test('docs/labels.md says what the labels say (vitest -u writes it anew)', async () => {
  await expect(describeLabels()).toMatchFileSnapshot('../../../docs/labels.md')
})
