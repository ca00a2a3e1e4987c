/** Labels through the real simulation and the real ray kernel: against brute force, and against the neighbouring frame's own depth. */

import type { Layer } from '@dioramic/data'
import { initPhysics } from '@dioramic/physics'
import { createRenderer } from '@dioramic/render'
import { loadKernel } from '@dioramic/render/node'
import { NO_ASSETS, project, type Quat, quat, resolveScene, sceneSchema, unproject, type Vec3, vec3 } from '@dioramic/scene'
import { beforeAll, expect, test } from 'vitest'
import { frameContext } from '../../src/context.ts'
import { OCCLUDED } from '../../src/flow.ts'
import { type FrameLabels, labelFrame } from '../../src/frame.ts'
import type { FrameContext } from '../../src/label.ts'
import { selectLabels } from '../../src/select.ts'
import { bruteRays, eachPixel } from '../kit/oracle.ts'

const WIDTH = 64
const HEIGHT = 48
const look = (x: number) => quat.lookAt([x, -2.5, 1.6], [0, 0, 0.3])
const scene = sceneSchema.parse({
  frames: 4,
  fps: 12,
  cameras: [
    {
      resolution: [WIDTH, HEIGHT],
      position: {
        keys: [
          [0, [1.5, -2.5, 1.6]],
          [0.25, [1.1, -2.5, 1.6]],
        ],
      },
      rotation: {
        keys: [
          [0, look(1.5)],
          [0.25, look(1.1)],
        ],
      },
    },
  ],
  geometries: { floor: { type: 'shape', shape: 'plane' }, box: { type: 'shape', shape: 'cube' }, ring: { type: 'shape', shape: 'torus' } },
  objects: [
    { id: 1, name: 'floor', geometry: 'floor', scale: [3, 3, 1], body: { type: 'static' }, isBackground: true },
    {
      id: 5,
      name: 'box',
      geometry: 'box',
      scale: [0.5, 0.3, 0.7],
      position: [0.1, 0, 0.6],
      rotation: quat.fromAxisAngle([1, 2, 3], 0.7),
      body: { type: 'dynamic', velocity: [-1, 0.5, 0], angularVelocity: [2, 4, 1] },
    },
    {
      id: 9,
      name: 'ring',
      geometry: 'ring',
      position: [0.2, 0.8, 0.7],
      body: { type: 'dynamic', velocity: [1.5, 0, -1], angularVelocity: [3, 0, 0] },
    },
  ],
})

// No picture is rendered here: the parts of its light have their truth beside the path tracer.
const seen = selectLabels('all').filter(l => l.kind !== 'pixels' || !l.light)

let contexts: FrameContext[]
let slow: FrameContext
let frames: FrameLabels[]
beforeAll(async () => {
  const resolved = resolveScene(scene, NO_ASSETS)
  const motion = (await initPhysics()).simulate(resolved)
  const loaded = (await createRenderer(await loadKernel())).load(resolved, motion)
  contexts = [0, 1, 2, 3].map(frame => frameContext({ resolved, motion, rays: t => loaded.rays(t), frame }))
  slow = frameContext({ resolved, motion, rays: t => bruteRays(resolved, motion, t), frame: 1 })
  frames = contexts.map(context => labelFrame(context, seen))
})

const layer = (frame: FrameLabels, name: string): Layer['data'] => frame.layers.find(l => l.name === name)!.data

test('the kernel and brute force give the same labels', () => {
  // Brute force has no time for the many rays of coverage; coverage.test.ts has its own truth.
  const cheap = seen.filter(l => l.kind === 'pixels' && !l.spec.name.startsWith('coverage'))
  const truth = labelFrame(slow, cheap)
  for (const { name, data, channels } of frames[1].layers) {
    if (name.startsWith('coverage')) continue
    const other = layer(truth, name)
    let wrong = 0
    for (let p = 0; p < WIDTH * HEIGHT; p++) {
      for (let c = 0; c < channels; c++) {
        const [a, b] = [data[p * channels + c], other[p * channels + c]]
        // Rays through an edge may choose either of its triangles: the position is the same to rounding, the normal need not be.
        if (a !== b && !(Math.abs(a - b) <= 1e-5 * (1 + Math.abs(b)))) {
          wrong++
          break
        }
      }
    }
    expect(wrong, name).toBeLessThanOrEqual(2)
  }
})

test('unoccluded points lie on the surface that the neighbouring frame sees, occluded ones behind it', () => {
  const count = { seen: 0, astray: 0, hidden: 0, bare: 0 }
  for (const [from, step, name] of [
    [0, 1, 'forward'],
    [1, 1, 'forward'],
    [2, -1, 'backward'],
    [3, -1, 'backward'],
  ] as const) {
    const [now, to] = [frames[from], frames[from + step]]
    const [f, mask, mine, near] = [`flow-${name}`, `flow-${name}-mask`, 'segmentation', 'depth'].map(n => layer(now, n))
    const [depth, ids] = [layer(to, 'depth'), layer(to, 'segmentation')]
    eachPixel({ width: WIDTH, height: HEIGHT }, (i, j, p) => {
      const record = now.instances.findIndex(x => x.id === mine[p])
      if (record < 0) return
      const [x, y] = [i + f[2 * p], j + f[2 * p + 1]]
      const [x0, y0] = [Math.floor(x), Math.floor(y)]
      if (x0 < 0 || y0 < 0 || x0 >= WIDTH - 1 || y0 >= HEIGHT - 1) return
      const four = [y0 * WIDTH + x0, y0 * WIDTH + x0 + 1, (y0 + 1) * WIDTH + x0, (y0 + 1) * WIDTH + x0 + 1]
      // The point's own depth in the other frame, from the depth and pose labels alone.
      const pose = (frame: FrameLabels) => frame.instances[record] as unknown as { position: Vec3; rotation: Quat }
      const local = quat.rotate(
        quat.conjugate(pose(now).rotation),
        vec3.sub(unproject(now.camera, i + 0.5, j + 0.5, near[p]), pose(now).position),
      )
      const there = project(to.camera, vec3.add(quat.rotate(pose(to).rotation, local), pose(to).position))
      expect(Math.abs(there.u - 0.5 - x) + Math.abs(there.v - 0.5 - y)).toBeLessThan(1e-3)
      if (mask[p] === 0) {
        count.seen++
        const around = four.filter(q => ids[q] === mine[p]).map(q => depth[q])
        const slack = 0.05 + (Math.max(...around) - Math.min(...around))
        if (around.length === 0 || there.depth < Math.min(...around) - slack || there.depth > Math.max(...around) + slack) count.astray++
      } else if (mask[p] === OCCLUDED) {
        count.hidden++
        if (four.every(q => depth[q] >= there.depth)) count.bare++
      }
    })
  }
  expect(count.seen).toBeGreaterThan(2500)
  expect(count.hidden).toBeGreaterThan(100)
  // A silhouette between pixel centres can miss all four.
  expect(count.astray / count.seen).toBeLessThan(0.01)
  expect(count.bare / count.hidden).toBeLessThan(0.05)
})
