// What this machine's PyTorch exports gives its outputs and gradients. Skipped, with the reason, where it is not installed.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { agreesWithTorch } from '../onnx-torch.ts'
import { python } from './python.ts'

test('torch.onnx.export', context => {
  const run = python(context, 'numpy, torch')
  const folder = mkdtempSync(join(tmpdir(), 'dioramic-onnx-'))
  try {
    run(fileURLToPath(new URL('../fixtures/make_onnx.py', import.meta.url)), folder)
    const files = readdirSync(folder).filter(f => f.endsWith('.onnx'))
    expect(files.length).toBeGreaterThan(6)
    for (const file of files) expect(agreesWithTorch(folder, file), file).toBeGreaterThan(1)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
