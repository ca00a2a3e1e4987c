import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type CameraState, cameraAt, cameraSchema, Key, project, quat, unproject, type Vec3, vec3 } from '@dioramic/scene'
import { expect, test } from 'vitest'

const python = process.env['DIORAMA_PYTHON'] ?? 'python3'
const probe = spawnSync(python, ['-c', 'import cv2'], { encoding: 'utf8' })
const reason = probe.error
  ? `${python} does not run`
  : probe.status === 0
    ? ''
    : `${python} cannot import cv2 (pip install opencv-python-headless)`

const clips = Key.fromSeed(5)
  .times(40)
  .map(key => {
    const position = vec3.scale(key.fork('position').direction(), key.fork('r').uniform(2, 9))
    const state: CameraState = cameraAt(
      cameraSchema.parse({
        resolution: [key.fork('w').int(16, 2000), key.fork('h').int(16, 2000)],
        focalLength: key.fork('f').uniform(12, 120),
        principalOffset: [key.fork('x').uniform(-0.2, 0.2), key.fork('y').uniform(-0.2, 0.2)],
        position: [...position],
        rotation: [...key.fork('rotation').rotation()],
      }),
      0,
    )
    // Points in front of the camera, in and a little out of the picture.
    const points = key
      .fork('points')
      .times(50)
      .map((k): Vec3 => {
        const at = (name: string) => k.fork(name).uniform(-0.5, 1.5)
        return unproject(state, at('u') * state.width, at('v') * state.height, k.fork('z').uniform(0.1, 30))
      })
    return { state, points }
  })

test(`cv2.projectPoints agrees to 1e-6 px with cx − 0.5 and the axes flipped${reason ? ` (skipped: ${reason})` : ''}`, context => {
  if (reason) context.skip(reason)
  const input = clips
    .map(({ state: c, points }) =>
      JSON.stringify({ fx: c.fx, fy: c.fy, cx: c.cx, cy: c.cy, rotation: quat.toMatrix3(c.rotation), position: c.position, points }),
    )
    .join('\n')
  const run = spawnSync(python, [fileURLToPath(new URL('project-points.py', import.meta.url))], { input, encoding: 'utf8' })
  expect(run.stderr).toBe('')
  const lines = run.stdout.trim().split('\n')
  expect(lines.length).toBe(clips.length)
  let worst = 0
  for (const [i, { state, points }] of clips.entries()) {
    const theirs = JSON.parse(lines[i]!) as [number, number][]
    for (const [j, p] of points.entries()) {
      const ours = project(state, p)
      // Their first pixel's centre is 0, ours ½.
      worst = Math.max(worst, Math.abs(ours.u - 0.5 - theirs[j]![0]), Math.abs(ours.v - 0.5 - theirs[j]![1]))
    }
  }
  expect(worst).toBeLessThan(1e-6)
})
