// A calibrated stereo pair through the whole command line: made, looked at, checked, made again.
import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { diorama, scratch } from './diorama.ts'

const s = scratch()
afterAll(s.clean)

const eye = (p3: number) => `image_width: 32
image_height: 24
camera_matrix: {rows: 3, cols: 3, data: [30.0, 0.0, 15.0, 0.0, 31.0, 12.0, 0.0, 0.0, 1.0]}
distortion_model: plumb_bob
distortion_coefficients: {rows: 1, cols: 5, data: [-0.2, 0.05, 0.001, -0.002, 0.0]}
projection_matrix: {rows: 3, cols: 4, data: [30.0, 0.0, 15.0, ${p3}, 0.0, 30.0, 12.0, 0.0, 0.0, 0.0, 1.0, 0.0]}
`

test('--camera left.yaml --camera right.yaml', async () => {
  writeFileSync(s.at('left.yaml'), eye(0))
  writeFileSync(s.at('right.yaml'), eye(-3))
  const cameras = ['--camera', 'left.yaml', '--camera', 'right.yaml']
  const small = ['--frames', '1', '--spp', '1', '--bounces', '2', '--labels', 'segmentation,depth,pose']
  const made = await diorama(['generate', 'movi-a', ...cameras, ...small, '--format', 'folder,coco', '--out', 'set'], { cwd: s.folder })
  expect(made.err + made.out).toContain('"samples":1')
  expect(made.code).toBe(0)
  const sample = JSON.parse(readFileSync(s.at('set/samples/000000/sample.json'), 'utf8'))
  const [left, right] = sample.cameras
  expect(left).toMatchObject({
    name: 'left',
    fx: [expect.closeTo(30)],
    fy: [expect.closeTo(31)],
    cx: [expect.closeTo(15.5)],
    lens: { p: [0.001, -0.002] },
  })
  const apart = [0, 1, 2].map(i => right.positions[0][i] - left.positions[0][i])
  expect(Math.hypot(...apart)).toBeCloseTo(0.1, 9)
  const looked = await diorama(['inspect', 'set/samples/000000'], { cwd: s.folder })
  expect(looked.out).toMatch(/camera left: brown-conrady, 32 x 24\ncamera right: brown-conrady, 32 x 24, files in views\/right\//)
  expect((await diorama(['validate', 'set'], { cwd: s.folder })).code).toBe(0)
  expect((await diorama(['regenerate', 'set/samples/000000'], { cwd: s.folder })).code).toBe(0)
}, 120_000)
