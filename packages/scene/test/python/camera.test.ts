import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type Camera, cameraAt, cameraSchema, Key, project, quat, unproject, type Vec3, vec3 } from '@dioramic/scene'
import { expect, test } from 'vitest'

const python = process.env['DIORAMA_PYTHON'] ?? 'python3'
const probe = spawnSync(python, ['-c', 'import cv2'], { encoding: 'utf8' })
const reason = probe.error
  ? `${python} does not run`
  : probe.status === 0
    ? ''
    : `${python} cannot import cv2 (pip install opencv-python-headless)`

/** Lenses by name, coefficients drawn around those of real ones; what folds inside its picture is drawn again. */
const LENSES: Record<string, (draw: (name: string, low: number, high: number) => number) => object> = {
  pinhole: () => ({}),
  'five coefficients': d => ({
    distortion: { k: [d('k1', -0.3, 0.2), d('k2', -0.1, 0.1), d('k3', -0.02, 0.02)], p: [d('p1', -5e-3, 5e-3), d('p2', -5e-3, 5e-3)] },
  }),
  'rational with thin prism': d => ({
    distortion: {
      k: [d('k1', 0.2, 0.7), d('k2', 0, 0.1), d('k3', 0, 0.01), d('k4', 0.5, 1), d('k5', 0.1, 0.3), d('k6', 0, 0.02)],
      p: [d('p1', -5e-3, 5e-3), d('p2', -5e-3, 5e-3)],
      s: [1, 2, 3, 4].map(i => d(`s${i}`, -5e-3, 5e-3)),
    },
  }),
  fisheye: d => ({
    type: 'fisheye',
    focalLength: d('f', 10, 30),
    distortion: [d('k1', -0.03, 0.03), d('k2', -0.01, 0.01), d('k3', -4e-3, 4e-3), d('k4', -5e-4, 5e-4)],
  }),
}

function draw(key: Key, lens: (typeof LENSES)[string]): Camera {
  const position = vec3.scale(key.fork('position').direction(), key.fork('r').uniform(2, 9))
  for (let attempt = 0; ; attempt++) {
    const k = key.fork('lens').fork(attempt)
    const parsed = cameraSchema.safeParse({
      resolution: [key.fork('w').int(16, 2000), key.fork('h').int(16, 2000)],
      focalLength: k.fork('f').uniform(20, 120),
      principalOffset: [key.fork('x').uniform(-0.2, 0.2), key.fork('y').uniform(-0.2, 0.2)],
      pixelAspect: key.fork('aspect').uniform(0.8, 1.25),
      position: [...position],
      rotation: [...key.fork('rotation').rotation()],
      ...lens((name, low, high) => k.fork(name).uniform(low, high)),
    })
    if (parsed.success) return parsed.data
  }
}

test.skipIf(reason !== '').each(Object.entries(LENSES))(
  `%s: cv2 agrees to 1e-6 px with cx − 0.5 and the axes flipped${reason ? ` (skipped: ${reason})` : ''}`,
  (name, lens) => {
    const clips = Key.fromSeed(5)
      .fork(name)
      .times(40)
      .map(key => {
        const state = cameraAt(draw(key, lens), 0)
        // Points in the picture; in front of a lens that sees a half-space at most.
        const points = key
          .fork('points')
          .times(50)
          .map((k): Vec3 => {
            const at = (axis: string) => k.fork(axis).uniform(0, 1)
            return unproject(state, at('u') * state.width, at('v') * state.height, k.fork('z').uniform(0.1, 30))
          })
          // cv2.fisheye divides by z, so it knows nothing past 90°.
          .filter(p => project(state, p).depth > 0.02)
        return { state, points }
      })
    const input = clips
      .map(({ state: c, points }) =>
        JSON.stringify({
          fx: c.fx,
          fy: c.fy,
          cx: c.cx,
          cy: c.cy,
          lens: c.lens,
          rotation: quat.toMatrix3(c.rotation),
          position: c.position,
          points,
        }),
      )
      .join('\n')
    const run = spawnSync(python, [fileURLToPath(new URL('project-points.py', import.meta.url))], {
      input,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    })
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
  },
)
