/** Models that PyTorch exported (1.13 and 2.15, by TorchScript and by dynamo) give its outputs and gradients. */
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { agreesWithTorch } from '../onnx-torch.ts'

const folder = fileURLToPath(new URL('../fixtures/onnx', import.meta.url))

test.each(readdirSync(folder).filter(f => f.endsWith('.onnx')))('%s', file => {
  // Dynamo joins batch norm into convolutions and stacks a recurrent layer's matrices, so fewer parameters are PyTorch's own.
  expect(agreesWithTorch(folder, file)).toBeGreaterThan(1)
})
