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

test('a frame or camera that is not there is told with what there is', () => {
  expect(() => s.context(3)).toThrow('Frame 3 does not exist: the scene has frames 0 to 2.')
  expect(() => s.context(0, 1)).toThrow('Camera 1 does not exist: the scene has cameras 0 to 0.')
  expect(() => s.context(0.5)).toThrow('Frame 0.5')
})

test('an empty scene has all labels', () => {
  const empty = stage({ cameras: [camera([eyes[0]])], objects: [] })
  const { layers, instances } = labelFrame(empty.context(0), selectLabels('all'))
  expect([layers.length, instances.length]).toEqual([25, 0])
})
