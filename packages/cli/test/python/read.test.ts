// examples/read.py reads a real set, and PyTorch's loader takes it. Skipped, with the reason, where Python lacks them.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { diorama, root, scratch, TINY } from '../diorama.ts'

const python = process.env['DIORAMA_PYTHON'] ?? 'python3'
const has = (modules: string) => spawnSync(python, ['-c', `import ${modules}`]).status === 0
const s = scratch()
afterAll(s.clean)

beforeAll(async () => {
  const { code, err } = await diorama([
    'generate',
    'movi-a',
    ...TINY.slice(0, 8),
    '--labels',
    'kubric',
    '--seed',
    '7',
    '--count',
    '2',
    '--out',
    s.at('set'),
  ])
  expect(code, err).toBe(0)
})

test('examples/read.py prints every layer, [frame, row, column, channel]', context => {
  if (!has('numpy, cv2'))
    return context.skip(`${python} has no numpy and cv2: pip install numpy opencv-python-headless, or set DIORAMA_PYTHON`)
  const { stdout, stderr } = spawnSync(python, [join(root, 'examples/read.py'), s.at('set')], { encoding: 'utf8' })
  expect(stderr).toBe('')
  expect(stdout).toMatch(/^rgb \(2, 24, 32, 3\) float32$/m)
  expect(stdout).toMatch(/^depth \(2, 24, 32\) float32$/m)
  expect(stdout).toMatch(/^flow-forward \(2, 24, 32, 2\) float32$/m)
})

test('values are physical: unit normals, depth against the record of the camera, ids of the record', context => {
  if (!has('numpy, cv2'))
    return context.skip(`${python} has no numpy and cv2: pip install numpy opencv-python-headless, or set DIORAMA_PYTHON`)
  const program = `
import json, sys
sys.path.insert(0, sys.argv[1])
import numpy as np
from read import Clips
clip = Clips(sys.argv[2])[0]
sample = json.load(open(sys.argv[2] + '/samples/000000/sample.json'))
hit = clip['segmentation'] > 0
assert abs(np.linalg.norm(clip['normal'], axis=-1)[hit] - 1).max() < 1e-3
assert set(np.unique(clip['segmentation'])) - {0} <= {i['id'] for i in sample['instances']}
camera = sample['cameras'][0]
u, v = np.meshgrid(np.arange(32) + .5, np.arange(24) + .5)
along = np.sqrt(1 + ((u - camera['cx'][0]) / camera['fx'][0]) ** 2 + ((v - camera['cy'][0]) / camera['fy'][0]) ** 2)
assert np.allclose(clip['distance'][hit], (clip['depth'] * along)[hit], rtol=1e-5)
assert 0 <= clip['rgb'].min() and 0.05 < clip['rgb'].max() <= 1
print('ok')`
  const { stdout, stderr } = spawnSync(python, ['-c', program, join(root, 'examples'), s.at('set')], { encoding: 'utf8' })
  expect(stderr + stdout).toBe('ok\n')
})

test("PyTorch's loader gives tensors", context => {
  if (!has('numpy, cv2, torch')) return context.skip(`${python} has no numpy, cv2 and torch, or set DIORAMA_PYTHON`)
  const program = `
import sys
sys.path.insert(0, sys.argv[1])
from read import Clips
from torch.utils.data import DataLoader
batches = list(DataLoader(Clips(sys.argv[2]), batch_size=2))
assert len(batches) == 1 and tuple(batches[0]['depth'].shape) == (2, 2, 24, 32), batches[0]['depth'].shape
print('ok')`
  const { stdout, stderr } = spawnSync(python, ['-c', program, join(root, 'examples'), s.at('set')], { encoding: 'utf8' })
  expect(stderr + stdout).toBe('ok\n')
})
