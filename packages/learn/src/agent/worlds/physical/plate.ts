/** A plate that tilts, with a ball on it and a mark: what balance and the labyrinth are set out from. Metres and radians. */
import type { LiveMotion } from '@dioramic/physics'
import { quat, type Vec3 } from '@dioramic/scene'
import { type Paint, thing } from './scenery.ts'

/** Ids of the things. */
export const PLATE = 2
export const BALL = 3
export const MARK = 4
export const THICK = 0.02
export const RADIUS = 0.03
/** The plate's centre, above the floor. */
export const PLATE_AT: Vec3 = [0, 0, 0.3]
/** Height of the ball's centre on the level plate. */
export const BALL_HEIGHT = PLATE_AT[2] + THICK / 2 + RADIUS
/** The most that the plate tilts. */
export const TILT = 0.12

/** Things 1 to 4: the floor, a square plate, the ball, a mark of a radius that collides with nothing. */
export const plateAndBall = (side: number, paint: Paint, markRadius: number) => [
  thing(1, 'floor', 'plane', 'floor', [4, 4, 1], { isBackground: true }),
  thing(PLATE, 'plate', 'cube', paint, [side, side, THICK], {
    position: [...PLATE_AT],
    body: { type: 'kinematic', friction: 0.6, restitution: 0 },
  }),
  thing(BALL, 'ball', 'sphere', 'red', [2 * RADIUS, 2 * RADIUS, 2 * RADIUS], {
    position: [0, 0, BALL_HEIGHT],
    body: { type: 'dynamic', density: 1200, friction: 0.6, restitution: 0 },
  }),
  thing(MARK, 'mark', 'cylinder', 'blue', [2 * markRadius, 2 * markRadius, 0.001]),
]

/** The tilts of the plate: slopes of its normal along x and y. */
export function tiltsOf(motion: LiveMotion): readonly [number, number] {
  const normal = quat.rotate(motion.pose(PLATE).rotation, [0, 0, 1])
  return [normal[0], normal[1]]
}
