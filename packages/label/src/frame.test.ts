/** Whole frames and clips: what is written, and that what was not chosen costs nothing. */
import { expect, test } from 'vitest'
import { bruteRays, camera, cube, eye, rest, square, stage } from '../test/kit/oracle.ts'
import { labelClip } from './clip.ts'
import { frameContext } from './context.ts'
import { labelFrame } from './frame.ts'
import { selectLabels } from './select.ts'

const eyes = [-0.1, 0, 0.1, 0.2, 0.3].map(t => eye([2 + t, -2, 1.5], [t, 0, 0], 20, 16, 12))
const s = stage({
  cameras: [camera(eyes, [-0.1, 0, 0.1, 0.2, 0.3])],
  objects: [
    { mesh: square(4), id: 2 },
    { mesh: cube(), id: 40, scale: [0.5, 0.5, 0.5], path: t => ({ ...rest, position: [t, 0, 0.4] }) },
  ],
  extra: {
    velocity: id => ({ linear: id === 40 ? [1, 0, 0] : [0, 0, 0], angular: [0, 0, 0] }),
    body: id =>
      id === 40
        ? { mass: 1.5, centerOfMass: [0, 0, 0], inertia: [0.1, 0.1, 0.1], inertiaFrame: [0, 0, 0, 1], friction: 0.4, restitution: 0.2 }
        : {
            mass: Infinity,
            centerOfMass: [0, 0, 0],
            inertia: [Infinity, Infinity, Infinity],
            inertiaFrame: [0, 0, 0, 1],
            friction: 0.6,
            restitution: 0,
          },
  },
  scene: {
    lights: [
      {
        type: 'point',
        name: 'lamp',
        position: {
          keys: [
            [0, [0, 0, 1]],
            [0.2, [0, 0, 3]],
          ],
          interpolation: 'linear',
        },
        power: 5,
      },
    ],
    environment: {
      light: { type: 'constant', color: [1, 1, 1] },
      rotation: {
        keys: [
          [0, 0],
          [0.2, 1],
        ],
        interpolation: 'linear',
      },
    },
  },
})

test("the default writes every layer at the picture's size and a record of every object, all of it JSON", () => {
  const labels = selectLabels()
  const { layers, instances, camera: c, lights } = labelFrame(s.context(1), labels)
  expect(layers.map(l => l.name)).toEqual(labels.flatMap(l => (l.kind === 'pixels' ? [l.spec.name] : [])))
  for (const layer of layers) {
    expect([layer.width, layer.height, layer.data.length]).toEqual([16, 12, 16 * 12 * layer.channels])
    expect(layer.data.every(x => !Number.isNaN(x))).toBe(true)
  }
  expect(instances.map(i => i.id)).toEqual([2, 40])
  expect(instances[1]).toMatchObject({
    position: [0.1, 0, 0.4],
    rotation: [0, 0, 0, 1],
    linearVelocity: [1, 0, 0],
    visiblePixels: expect.any(Number),
  })
  expect(JSON.parse(JSON.stringify({ instances, c, lights }))).toEqual({ instances, c, lights })
  expect(c).toMatchObject({ name: 'camera', width: 16, height: 12, cx: 8, cy: 6, position: [2.1, -2, 1.5], sensorWidth: 32 })
  expect([c.fx, c.focalLength]).toEqual([expect.closeTo(20), expect.closeTo(40)])
  expect(lights).toMatchObject([
    { type: 'point', name: 'lamp', position: [0, 0, 2], power: 5, color: [1, 1, 1] },
    { type: 'environment', strength: 1, rotation: expect.closeTo(0.5) },
  ])
})

test('constants of a clip: bodies, bounds and the poses one frame outside it', () => {
  const { instances, events, before, after } = labelClip(s.clip(), selectLabels('physics'))
  expect(instances[0]).toMatchObject({
    id: 2,
    geometry: 'g0',
    bodyType: 'none',
    mass: null,
    friction: 0.6,
    inertia: null,
    centerOfMass: null,
  })
  expect(instances[1]).toMatchObject({
    mass: 1.5,
    restitution: 0.2,
    inertia: [0.1, 0.1, 0.1],
    scale: [0.5, 0.5, 0.5],
    bounds: { min: [-0.5, -0.5, -0.5] },
  })
  expect(events).toEqual([])
  expect([before, after].map(x => [x.instances[1].position[0], x.cameras[0].position[0]])).toEqual([
    [-0.1, 1.9],
    [expect.closeTo(0.3), expect.closeTo(2.3)],
  ])
  expect(labelClip(s.clip(), []).events).toBeNull()
})

test('rays are cast only for labels that need them', () => {
  const cast: number[] = []
  const count = (names: string) => {
    cast.length = 0
    const context = frameContext({
      resolved: s.resolved,
      motion: s.motion,
      frame: 1,
      rays: t => {
        cast.push(Math.round(t * 10))
        return bruteRays(s.resolved, s.motion, t)
      },
    })
    labelFrame(context, selectLabels(names))
    return [...cast]
  }
  expect(count('pose,velocity,box-3d,box-amodal,center-2d,lights,camera,mass')).toEqual([])
  expect(count('depth,normal,uv,flow-forward,flow-backward')).toEqual([1])
  expect(count('flow-forward-mask')).toEqual([1, 2])
  expect(count('kubric')).toEqual([1, 2, 0])
})

test('parts of the light are taken as the picture has them, and asked for where nobody traced them', () => {
  const labels = selectLabels('light')
  expect(labels.every(l => l.kind === 'pixels' && l.light)).toBe(true)
  expect(selectLabels('kubric,geometry,detection,tracking').some(l => l.kind === 'pixels' && l.light)).toBe(false)
  const part = (value: number, channels = 3) => new Float32Array(channels * 16 * 12).fill(value)
  const light = { emission: part(1), diffuse: part(2), specular: part(3), direct: part(4), indirect: part(5), shadow: part(6, 1) }
  const context = { ...s.context(1), light }
  const values = labelFrame(context, labels).layers.map(({ name, channels, data }) => [name, channels, data[7]])
  expect(values).toEqual([
    ['light-emission', 3, 1],
    ['light-diffuse', 3, 2],
    ['light-specular', 3, 3],
    ['light-direct', 3, 4],
    ['light-indirect', 3, 5],
    ['shadow', 1, 6],
  ])
  expect(() => labelFrame({ ...context, light: null }, selectLabels('shadow'))).toThrow(/shadow is a part of the picture's light/)
})

test('a frame or camera that is not there is told with what there is', () => {
  expect(() => s.context(3)).toThrow('Frame 3 does not exist: the scene has frames 0 to 2.')
  expect(() => s.context(0, 1)).toThrow('Camera 1 does not exist: the scene has cameras 0 to 0.')
  expect(() => s.context(0.5)).toThrow('Frame 0.5')
})

test('an empty scene has all labels', () => {
  const empty = stage({ cameras: [camera([eyes[0]])], objects: [] })
  const { layers, instances } = labelFrame(empty.context(0), selectLabels('all'))
  expect([layers.length, instances.length]).toEqual([32, 0])
})

test('one pixel, 300 objects, around and behind the camera: every label, ids beyond 255, nothing NaN', () => {
  const one = { ...eye([0, -2, 0], [0, 0, 0], 1, 1, 1) }
  const objects = Array.from({ length: 300 }, (_, i) => ({
    mesh: cube(),
    id: i + 1,
    scale: [0.1, 0.1, 0.1] as [number, number, number],
    // The last but one is met first; the last surrounds the camera, others are behind it or beside the ray.
    path: () => ({ ...rest, position: (i === 298 ? [0, 0, 0] : [3 - (i % 7), -3 - (i % 5), 1 + i / 100]) as [number, number, number] }),
  }))
  objects.push({
    mesh: cube(),
    id: 40_000,
    scale: [9, 9, 9] as never,
    path: () => ({ ...rest, position: [0, -2, 0] as [number, number, number] }),
  })
  const many = stage({ cameras: [camera([one])], objects })
  const labels = selectLabels('all,flow-to-0,flow-to-0-mask,tracks-5')
  const { layers, instances } = labelFrame(many.context(1), labels)
  const value = (name: string) => Array.from(layers.find(l => l.name === name)!.data)
  expect(value('segmentation')).toEqual([299])
  expect(value('behind-segmentation')).toEqual([299])
  expect(value('part')).toEqual([299])
  expect(value('coverage-id')[0]).toBe(40_000)
  for (const layer of layers) for (const x of layer.data) expect(Number.isNaN(x), layer.name).toBe(false)
  expect(instances[298]).toMatchObject({ visiblePixels: 1, visibleFraction: 1, box2d: [0, 0, 1, 1], occludedBy: [] })
  expect(instances[300]).toMatchObject({ id: 40_000, amodalPixels: 1, occludedFraction: 1, occludedBy: [[299, 1]] })
  expect(instances[0]).toMatchObject({ amodalPixels: 0, visibleFraction: null, maskAmodal: null, box2d: null })
  expect(JSON.stringify(instances)).not.toMatch(/NaN|Infinity/)
  const { arrays } = labelClip(many.clip(), labels)
  // One ray a pixel and frame looks for points to track.
  expect(arrays['tracks-5']['instance'].data.length).toBe(3)
  for (const { data } of Object.values(arrays['tracks-5'])) for (const x of data) expect(Number.isFinite(x)).toBe(true)
})

test('a crop is the picture it is cut from: a camera of part of the picture gives the same labels there', () => {
  const whole = eye([2, -2, 1.5], [0, 0, 0], 40, 24, 16)
  const part = {
    ...camera([whole]),
    resolution: [10, 9] as [number, number],
    focalLength: (40 * 32) / 10,
    // Columns 5 to 14 and rows 4 to 12 of 24 × 16.
    principalOffset: [(12 - 5) / 10 - 0.5, (8 - 4) / 9 - 0.5] as [number, number],
  }
  const objects = [
    { mesh: square(4) },
    { mesh: cube(), path: (t: number) => ({ ...rest, position: [t, 0, 0.5] as [number, number, number] }) },
  ]
  const [a, b] = [[camera([whole])], [part]].map(cameras => labelFrame(stage({ cameras, objects }).context(1), selectLabels('all')))
  for (const layer of b.layers) {
    const from = a.layers.find(l => l.name === layer.name)!
    const { channels: k } = layer
    // Shares of pixels and flags of the frame are of its own border.
    if (layer.name.endsWith('-mask')) continue
    for (let j = 0; j < 9; j++)
      for (let i = 0; i < 10; i++)
        for (let c = 0; c < k; c++) {
          const [x, y] = [layer.data[(j * 10 + i) * k + c], from.data[((j + 4) * 24 + i + 5) * k + c]]
          if (x !== y) expect(Math.abs(x - y), `${layer.name} ${i} ${j} ${c}`).toBeLessThan(1e-5 * (1 + Math.abs(y)))
        }
  }
})

test('a picture of a third of the size is every third pixel of the large one: labels are of points, never averages; flow and boxes are a third', () => {
  const large = eye([2, -2, 1.5], [0, 0, 0], 120, 72, 48)
  const small = { ...large, f: 40, width: 24, height: 16 }
  const objects = [
    { mesh: square(4) },
    { mesh: cube(), path: (t: number) => ({ ...rest, position: [t, 0, 0.5] as [number, number, number] }) },
  ]
  const [a, b] = [large, small].map(e => labelFrame(stage({ cameras: [camera([e])], objects }).context(1), selectLabels('all')))
  for (const layer of b.layers) {
    // Shares of pixels are of their own pixels.
    if (layer.name.startsWith('coverage')) continue
    const from = a.layers.find(l => l.name === layer.name)!
    const scale = /^flow-(forward|backward)$/.test(layer.name) ? 1 / 3 : 1
    const k = layer.channels
    for (let j = 0; j < 16; j++)
      for (let i = 0; i < 24; i++)
        for (let c = 0; c < k; c++) {
          const [x, y] = [layer.data[(j * 24 + i) * k + c], scale * from.data[((3 * j + 1) * 72 + 3 * i + 1) * k + c]]
          if (x !== y) expect(Math.abs(x - y), `${layer.name} ${i} ${j} ${c}`).toBeLessThan(1e-5 * (1 + Math.abs(y)))
        }
  }
  b.instances.forEach((instance, k) => {
    const box = instance['box2dAmodalUnclipped'] as number[]
    ;(a.instances[k]['box2dAmodalUnclipped'] as number[]).forEach((x, i) => {
      expect(Math.abs(box[i] - x / 3)).toBeLessThan(1e-6 * (1 + Math.abs(x)))
    })
  })
})

test('an object enters, crosses and leaves the picture: every frame says how much of it is there, and flow says where it goes', () => {
  // A square of 0.5 m, 4 m away: 20 pixels a metre, the picture is 24 × 16; it comes 0.6 m a frame from the left.
  const still = eye([0, -4, 0], [0, 0, 0], 80, 24, 16)
  const upright = { rotation: [Math.SQRT1_2, 0, 0, Math.SQRT1_2] as const }
  const x = (t: number) => -1.2 + 6 * t
  const many = stage({
    cameras: [camera([still])],
    frames: 5,
    objects: [{ mesh: square(0.5), path: t => ({ ...upright, position: [x(t), 0, 0] as [number, number, number] }) }],
  })
  const labels = selectLabels('segmentation,flow-forward,flow-forward-mask,visible-pixels,box-2d,box-amodal,truncation,occlusion,tracks-40')
  for (let f = 0; f < 5; f++) {
    const { layers, instances } = labelFrame(many.context(f), labels)
    const [left, right] = [12 + 20 * (x(f / 10) - 0.25), 12 + 20 * (x(f / 10) + 0.25)]
    const columns = Array.from({ length: 24 }, (_, i) => i + 0.5).filter(u => u > left && u < right).length
    expect(instances[0]).toMatchObject({
      visiblePixels: columns * 10,
      amodalPixels: columns * 10,
      truncatedFraction: expect.closeTo(1 - Math.max(0, Math.min(24, right) - Math.max(0, left)) / 10, 6),
      truncatedAreaFraction: expect.closeTo(1 - columns / 10, 6),
      box2d: columns === 0 ? null : [Math.max(0, Math.round(left)), 3, Math.min(24, Math.round(right)), 13],
    })
    const [ids, flow, mask] = layers.map(l => l.data)
    for (let p = 0; p < ids.length; p++) {
      if (ids[p] === 0) continue
      expect(Math.abs(flow[2 * p] - 12)).toBeLessThan(1e-4)
      expect(mask[p]).toBe((p % 24) + 0.5 + 12 < 24 ? 0 : 2)
    }
  }
  const { flags, target_points: at } = labelClip(many.clip(), labels).arrays['tracks-40']
  expect(flags.shape[0]).toBeGreaterThan(10)
  for (let i = 0; i < flags.data.length; i++) {
    const u = at.data[2 * i]
    expect(flags.data[i]).toBe(u >= 0 && u < 24 ? 0 : 2)
  }
})
