/** OpenCV as a second opinion on every place where labels project. Needs Python with OpenCV: `DIORAMA_PYTHON`, or `python3` when it has cv2. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { labelFrame } from '../../src/frame.ts'
import type { CameraRecord } from '../../src/labels/camera.ts'
import { clipEvents } from '../../src/labels/events.ts'
import { selectLabels } from '../../src/select.ts'
import { camera, cube, type Eye, eachPixel, eye, plus, ray, square, stage, turn, turnQuat, unit, type V } from '../kit/oracle.ts'

const python = process.env['DIORAMA_PYTHON'] ?? 'python3'
const missing = spawnSync(python, ['-c', 'import cv2, numpy']).status !== 0

type View = Pick<CameraRecord, 'fx' | 'fy' | 'cx' | 'cy' | 'position' | 'rotation'> & { points: readonly V[] }
function projectPoints(views: readonly View[]): [number, number][][] {
  const script = fileURLToPath(new URL('project-points.py', import.meta.url))
  const run = spawnSync(python, [script], { input: JSON.stringify(views), encoding: 'utf8', maxBuffer: 1 << 28 })
  if (run.status !== 0) throw new Error(run.stderr)
  return JSON.parse(run.stdout)
}

test.skipIf(missing)(
  `centres, corners, boxes, flow and events agree with cv2.projectPoints${missing ? ' (skipped: no Python with OpenCV; set DIORAMA_PYTHON)' : ''}`,
  () => {
    const axis = unit([0.2, -0.4, 0.9])
    const pose = (t: number) => ({ position: [0.2 + t, 0.1, 0.4] as V, rotation: turnQuat(axis, 3 * t) })
    const times = [0, 0.1, 0.2]
    const eyes: Eye[] = times.map(t => eye([1.5 + t, -2, 1.2 - t], [t, 0, 0.2]))
    const touch = {
      objects: [10, 20] as const,
      begin: 0.1,
      end: null,
      impulse: 1,
      maxForce: 1,
      maxForceTime: 0.1,
      point: [0.1, 0.2, 0.3] as V,
      normal: [0, 0, 1] as V,
      relativeVelocity: [0, 0, 0] as V,
    }
    const s = stage({
      cameras: [{ ...camera(eyes, times), principalOffset: [0.07, -0.11] }],
      objects: [{ mesh: cube(), scale: [0.8, 0.6, 0.5], path: pose }, { mesh: square(5) }],
      extra: { contacts: [touch] },
    })
    const labels = selectLabels()
    const context = s.context(1)
    const now = labelFrame(context, labels)
    const later = labelFrame(s.context(2), labels)
    const cubeNow = now.instances[0]
    const corners = cubeNow['box3d'] as V[]

    // Surface points of this frame from their definition alone, and where they go.
    const { cx, cy } = now.camera
    const points: V[] = []
    const gone: V[] = []
    eachPixel(eyes[1], (i, j, p) => {
      const depth = context.primary.instance[p] < 0 ? 50 : context.primary.t[p]
      const w = plus(eyes[1].at, ray(eyes[1], i + 0.5 - (cx - 32), j + 0.5 - (cy - 24)), depth)
      points.push(w)
      const local = turn(plus(w, pose(0.1).position, -1), axis, -0.3)
      gone.push(context.primary.instance[p] === 0 ? plus(turn(local, axis, 0.6), pose(0.2).position) : w)
    })

    const [first, pixels, moved, event] = projectPoints([
      { ...now.camera, points: [cubeNow['position'] as V, ...corners] },
      { ...now.camera, points },
      { ...later.camera, points: gone },
      { ...now.camera, points: [touch.point] },
    ])
    const close = (a: readonly number[], b: readonly number[], limit: number) => {
      a.forEach((x, k) => {
        expect(Math.abs(x - b[k])).toBeLessThan(limit)
      })
    }
    close(cubeNow['projectedCentre'] as number[], first[0], 1e-6)
    const box = cubeNow['box2dAmodalUnclipped'] as number[]
    const [us, vs] = [first.slice(1).map(q => q[0]), first.slice(1).map(q => q[1])]
    close(box, [Math.min(...us), Math.min(...vs), Math.max(...us), Math.max(...vs)], 1e-5)
    close(clipEvents(s.resolved, s.motion)[0].imagePosition!, event[0], 1e-6)
    const flow = now.layers.find(l => l.name === 'flow-forward')!.data
    eachPixel(eyes[1], (i, j, p) => {
      close([i + 0.5, j + 0.5], pixels[p], 1e-6)
      if (context.primary.instance[p] < 0) return
      close([i + 0.5 + flow[2 * p], j + 0.5 + flow[2 * p + 1]], moved[p], 1e-4)
    })
  },
)
