/** Calibrations written by OpenCV itself, read here: points land where cv2 puts them. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cameraAt, cameraSchema, project, readCalibration } from '@dioramic/scene'
import { expect, test } from 'vitest'

const python = process.env['DIORAMA_PYTHON'] ?? 'python3'
const missing = spawnSync(python, ['-c', 'import cv2'], { encoding: 'utf8' }).status !== 0

interface Written {
  readonly files: readonly string[]
  readonly points: readonly (readonly [number, number, number])[]
  /** cv2's pixels, one list a camera. */
  readonly pixels: readonly (readonly [number, number])[][]
}

test.skipIf(missing)(
  `files of cv2.FileStorage (YAML, XML, stereo, fisheye) agree with cv2 to 1e-6 px${missing ? ' (skipped: no Python with OpenCV; set DIORAMA_PYTHON)' : ''}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'diorama-calibration-'))
    try {
      const run = spawnSync(python, [fileURLToPath(new URL('write-calibrations.py', import.meta.url)), folder], { encoding: 'utf8' })
      expect(run.stderr).toBe('')
      const cases = JSON.parse(run.stdout) as Written[]
      expect(cases.length).toBe(5)
      for (const { files, points, pixels } of cases) {
        const { lenses, secondFromFirst } = readCalibration(files.map(name => ({ name, text: readFileSync(join(folder, name), 'utf8') })))
        expect(lenses.length).toBe(pixels.length)
        let worst = 0
        lenses.forEach((lens, c) => {
          const pose = c === 0 ? { position: [0, 0, 0], rotation: [0, 0, 0, 1] } : secondFromFirst
          const camera = cameraAt(cameraSchema.parse({ ...pose, ...lens }), 0)
          points.forEach(([x, y, z], i) => {
            // OpenCV's axes and first pixel's centre.
            const { u, v } = project(camera, [x, -y, -z])
            worst = Math.max(worst, Math.abs(u - 0.5 - pixels[c]![i]![0]), Math.abs(v - 0.5 - pixels[c]![i]![1]))
          })
        })
        expect(worst, files.join()).toBeLessThan(1e-6)
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
)
