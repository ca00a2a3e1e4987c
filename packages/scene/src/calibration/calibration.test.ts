/** Calibration files as their tools write them, and what is wrong with broken ones. */
import { describe, expect, test } from 'vitest'
import { cameraAt, project } from '../camera.ts'
import { cameraSchema } from '../schema/camera.ts'
import { readCalibration } from './calibration.ts'

const YAML = `%YAML:1.0
---
calibration_time: "Tue 03 Mar 2026"
image_width: 640
image_height: 480
camera_matrix: !!opencv-matrix
   rows: 3
   cols: 3
   dt: d
   data: [ 5.3e+02, 0., 3.2e+02, 0., 5.4e+02, 2.4e+02, 0., 0., 1. ]
distortion_coefficients: !!opencv-matrix
   rows: 5
   cols: 1
   dt: d
   data: [ -0.28, 0.07, 1.2e-03, -8.0e-05, 0.01 ]
`
const XML = `<?xml version="1.0"?>
<opencv_storage>
<image_width>640</image_width>
<image_height>480</image_height>
<camera_matrix type_id="opencv-matrix"><rows>3</rows><cols>3</cols><dt>d</dt><data>
    530. 0. 320. 0. 540. 240. 0. 0. 1.</data></camera_matrix>
<distortion_coefficients type_id="opencv-matrix"><rows>5</rows><cols>1</cols><dt>d</dt><data>
    -0.28 0.07 1.2e-03 -8.0e-05 0.01</data></distortion_coefficients>
</opencv_storage>
`
const ros = (model: string, d: string, p3 = '0.0') => `image_width: 640
image_height: 480
camera_name: narrow_stereo
camera_matrix:
  rows: 3
  cols: 3
  data: [530.0, 0.0, 320.0, 0.0, 540.0, 240.0, 0.0, 0.0, 1.0]
distortion_model: ${model}
distortion_coefficients:
  rows: 1
  cols: ${d.split(',').length}
  data: [${d}]
rectification_matrix:
  rows: 3
  cols: 3
  data: [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]
projection_matrix:
  rows: 3
  cols: 4
  data: [500.0, 0.0, 320.0, ${p3}, 0.0, 500.0, 240.0, 0.0, 0.0, 0.0, 1.0, 0.0]
`
const read = (...texts: string[]) => readCalibration(texts.map((text, i) => ({ name: `f${i}.yaml`, text })))
const state = (lens: object) => cameraAt(cameraSchema.parse({ position: [0, 0, 0], rotation: [0, 0, 0, 1], ...lens }), 0)

test('OpenCV’s YAML and XML, and ROS’s plumb_bob, say the same camera; the first pixel’s centre moves by half a pixel', () => {
  const [yaml, xml, bob] = [read(YAML), read(XML), read(ros('plumb_bob', '-0.28, 0.07, 0.0012, -8e-5, 0.01'))]
  expect(xml).toEqual(yaml)
  expect(bob).toEqual(yaml)
  const c = state(yaml.lenses[0])
  expect(c.fx).toBeCloseTo(530, 9)
  expect(c.fy).toBeCloseTo(540, 9)
  expect([c.cx, c.cy]).toEqual([expect.closeTo(320.5, 9), expect.closeTo(240.5, 9)])
  expect(c.lens).toEqual({ model: 'brown-conrady', k: [-0.28, 0.07, 0.01, 0, 0, 0], p: [0.0012, -8e-5], s: [0, 0, 0, 0] })
})

test('a fisheye of ROS; zeros are a pinhole; the size may come from elsewhere', () => {
  expect(read(ros('equidistant', '0.01, -0.002, 1e-4, 0')).lenses[0]).toMatchObject({
    type: 'fisheye',
    distortion: [0.01, -0.002, 1e-4, 0],
  })
  expect(read(ros('plumb_bob', '0, 0, 0, 0, 0')).lenses[0]).not.toHaveProperty('distortion')
  const text = YAML.replace(/image_.*\n/g, '')
  expect(readCalibration([{ name: 'f', text }], [640, 480])).toEqual(read(YAML))
})

describe('stereo pairs', () => {
  const two = (r: string, t: string) => `${YAML.replace('camera_matrix', 'M1').replace('distortion_coefficients', 'D1')}${YAML.split('\n')
    .slice(5, 10)
    .join('\n')
    .replace('camera_matrix', 'M2')}
R: !!opencv-matrix
   rows: 3
   cols: 3
   dt: d
   data: [ ${r} ]
T: !!opencv-matrix
   rows: 3
   cols: 1
   dt: d
   data: [ ${t} ]
`
  test('X₂ = R·X₁ + T: a point of the first camera’s frame is where it says in the second’s', () => {
    // A turn about OpenCV's y by 0.1 rad.
    const [c, s] = [Math.cos(0.1), Math.sin(0.1)]
    const { lenses, secondFromFirst } = read(two(`${c}, 0, ${s}, 0, 1, 0, ${-s}, 0, ${c}`, '-0.12, 0.01, 0.02'))
    const point = [0.3, -0.2, 2.5] as const
    const there = [c * point[0] + s * point[2] - 0.12, point[1] + 0.01, -s * point[0] + c * point[2] + 0.02]
    const second = cameraAt(
      cameraSchema.parse({ ...lenses[1], position: [...secondFromFirst!.position], rotation: [...secondFromFirst!.rotation] }),
      0,
    )
    const seen = project(second, [point[0], -point[1], -point[2]])
    expect(seen.depth).toBeCloseTo(there[2]!, 12)
    expect(seen.u).toBeCloseTo(320.5 + (530 * there[0]!) / there[2]!, 9)
    expect(seen.v).toBeCloseTo(240.5 + (540 * there[1]!) / there[2]!, 9)
  })

  test('ROS: the baseline stands in the second projection matrix', () => {
    const { secondFromFirst } = read(ros('plumb_bob', '0, 0, 0, 0, 0'), ros('plumb_bob', '0, 0, 0, 0, 0', '-60.0'))
    expect(secondFromFirst!.position).toEqual([expect.closeTo(0.12, 12), expect.closeTo(0, 12), expect.closeTo(0, 12)])
    expect(secondFromFirst!.rotation).toEqual([expect.closeTo(0), expect.closeTo(0), expect.closeTo(0), expect.closeTo(1)])
  })
})

describe('says which file and which field', () => {
  test.each<[string, string[], RegExp]>([
    ['no matrix', ['image_width: 4'], /^f0\.yaml has no camera_matrix or cameraMatrix or K or M$/],
    ['no size', [YAML.replace(/image_width.*\n/, '')], /^f0\.yaml has no image_width; give the picture's size, as with --size 640x480/],
    ['a size that is none', [YAML.replace('640', '-3')], /^f0\.yaml: image_width is -3; it must be a positive number of pixels/],
    ['numbers missing', [YAML.replace(', 0., 0., 1. ]', ' ]')], /^f0\.yaml: camera_matrix says 3 × 3, but has 6 numbers/],
    ['words', [YAML.replace('-0.28', 'x')], /^f0\.yaml: distortion_coefficients must be a matrix or a list of finite numbers/],
    ['a focal length of 0', [YAML.replace('5.3e+02', '0.')], /^f0\.yaml: camera_matrix has the focal lengths 0, 540/],
    ['skew', [YAML.replace('5.3e+02, 0.', '5.3e+02, 2.')], /^f0\.yaml: camera_matrix has a skew of 2/],
    ['an unknown model', [ros('thin_air', '0')], /^f0\.yaml: distortion_model thin_air is not known; known are plumb_bob/],
    [
      'six coefficients',
      [ros('plumb_bob', '0,0,0,0,0,1')],
      /^f0\.yaml: distortion_coefficients has 6 numbers; OpenCV has 4, 5, 8, 12 or 14/,
    ],
    ['a fisheye of five', [ros('equidistant', '0,0,0,0,1')], /^f0\.yaml: distortion_coefficients has 5 numbers; a fisheye has 4/],
    ['a fold', [YAML.replace('-0.28, 0.07', '-0.9, 0.0')], /^f0\.yaml: distortion_coefficients: the distortion folds inside the picture/],
    ['no YAML', ['a: [1, '], /^f0\.yaml is not YAML: /],
    ['no XML', ['<opencv_storage><a></opencv_storage>'], /^f0\.yaml is not XML: /],
    ['another XML', ['<svg></svg>'], /^f0\.yaml: the root element is <svg>/],
    ['a list', ['- 1'], /^f0\.yaml holds no named values/],
    ['three files', [YAML, YAML, YAML], /one file or two, not 3/],
    [
      'two left cameras',
      [ros('plumb_bob', '0'), ros('plumb_bob', '0')].map(t => t.replace('[0]', '[0, 0, 0, 0, 0]').replace('cols: 1\n', 'cols: 5\n')),
      /^f1\.yaml: projection_matrix has no baseline/,
    ],
  ])('%s', (_, texts, message) => {
    expect(() => read(...texts)).toThrow(message)
  })
})
