/** Cameras of MOVi: on a half shell about the scene, still or on a straight line. */
import { type Camera, type Key, type Vec3, vec3 } from '@dioramic/scene'
import { linearPath, type View } from '../toolkit/camera-paths.ts'
import { camera, movingCamera } from '../toolkit/cameras.ts'
import { pointInBall, pointInHalfShell } from '../toolkit/region.ts'

const ORIGIN: Vec3 = [0, 0, 0]
/** Frames and frames a second of every MOVi clip. */
export const MOVI_CLIP = { frames: 24, fps: 12 } as const
/** The simulated time, from one frame before the first to one after the last. */
const SPAN = [-1 / MOVI_CLIP.fps, MOVI_CLIP.frames / MOVI_CLIP.fps] as const
/** Least height of a camera, metres. */
const LOWEST = 0.1

type Lens = { readonly resolution?: readonly [number, number]; readonly shutter?: number }

/** Still, uniform in the half shell of radii 7 to 9 m, looking at the origin (B, C, D). */
export const stillCamera = (key: Key, lens: Lens = {}): Camera =>
  camera({ position: pointInHalfShell(key.fork('position'), 7, 9, LOWEST), lookAt: ORIGIN, ...lens })

/**
 * Start uniform in the half shell of radii 8 to 12 m; direction drawn in a cube, length U(0, `most`); both ends in the shell.
 *
 * Kubric's directions are those of points of a cube, so corners are likelier than faces; that is kept.
 */
function lineInShell(key: Key, most: number): readonly [Vec3, Vec3] {
  for (let trial = 0; trial < 1000; trial++) {
    const k = key.fork(trial)
    const start = pointInHalfShell(k.fork('start'), 8, 12, LOWEST)
    const cube = k
      .fork('direction')
      .uniforms(3)
      .map(u => u - 0.5) as unknown as Vec3
    const end = vec3.add(start, vec3.scale(vec3.normalize(cube), k.fork('length').uniform(0, most)))
    const r = vec3.length(end)
    if (r >= 8 && r <= 12 && end[2] > LOWEST) return [start, end]
  }
  throw new RangeError('MOVi: no line within the shell in 1000 trials')
}

const onLine = (from: View, to: View, lens: Lens): Camera =>
  movingCamera({ ...lens, start: SPAN[0], end: SPAN[1], keys: 4 * (MOVI_CLIP.frames + 1) + 1, path: linearPath(from, to, SPAN) })

/** On a straight line of at most 4 m at constant speed over the whole clip, looking at the origin (E, F). */
export function linearCamera(key: Key, lens: Lens = {}): Camera {
  const [from, to] = lineInShell(key.fork('line'), 4)
  return onLine({ position: from, lookAt: ORIGIN }, { position: to, lookAt: ORIGIN }, lens)
}

/**
 * Panning MOVi-E (TAPIR): a line of at most 8 m, and the point looked at moves too, on a line from a point within 4 m of the centre below 1 m, through a point
 * within 1 m of it, to up to half as far beyond; either way round.
 */
export function panningCamera(key: Key, lens: Lens = {}): Camera {
  const [from, to] = lineInShell(key.fork('line'), 8)
  const k = key.fork('gaze')
  const through = pointInBall(k.fork('through'), 1)
  const start = lowPoint(k.fork('start'))
  const end = vec3.add(through, vec3.scale(vec3.sub(through, start), k.fork('beyond').uniform(0, 0.5)))
  const [a, b] = k.fork('swap').uniform() < 0.5 ? [end, start] : [start, end]
  return onLine({ position: from, lookAt: a }, { position: to, lookAt: b }, lens)
}

/** Uniform in the upper half of the ball of 4 m, below 1 m. */
function lowPoint(key: Key): Vec3 {
  for (let trial = 0; ; trial++) {
    const p = pointInBall(key.fork(trial), 4)
    if (p[2] >= 0 && p[2] < 1) return p
  }
}
