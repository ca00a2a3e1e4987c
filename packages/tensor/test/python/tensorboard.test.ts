// TensorBoard's own reader checks our event files. Skipped, with the reason, where it is not installed.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'vitest'
import { eventFileName, eventHeader, scalarEvent } from '../../src/train/tensorboard.ts'
import { python } from './python.ts'

test('tensorboard reads our event files, checksums and all', context => {
  const run = python(context, 'tensorboard')
  const folder = mkdtempSync(join(tmpdir(), 'dioramic-tensorboard-'))
  try {
    const events = [
      eventHeader(100),
      scalarEvent(0, 100.5, { 'loss/train': 2.5 }),
      scalarEvent(1, 101.5, { 'loss/train': Number.POSITIVE_INFINITY, rate: 1e-3 }),
      scalarEvent(2 ** 40, 102.5, { 'loss/train': -0.125 }),
    ]
    writeFileSync(join(folder, eventFileName(100)), Buffer.concat(events))
    run(join(dirname(fileURLToPath(import.meta.url)), 'tensorboard_read.py'), folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
