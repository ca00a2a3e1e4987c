/** Labyrinth: roll a ball around two walls to a mark, by tilting the floor. */
import type { Pose } from '@dioramic/physics'
import { quat, type Vec3 } from '@dioramic/scene'
import { BALL, BALL_HEIGHT, MARK, PLATE, PLATE_AT, plateAndBall, RADIUS, THICK, TILT, tiltsOf } from './plate.ts'
import { scenery, thing } from './scenery.ts'
import type { Mark, Task } from './task.ts'

const SIDE = 0.6
const RATE = 4
/** Centre of the mark, metres along both axes, and how far from it is there. */
const MARK_AT = 0.25
const NEAR = 0.06
/** The inner walls stand at ∓0.1 along x, the first from the near side, the second from the far side, and leave a gap of 15 cm. */
const WALL_AT = 0.1
const GAP = 0.15

/** Tilts that make the ball roll along +x, +y, −x, −y. */
const TILTS: readonly Pose['rotation'][] = [
  quat.fromAxisAngle([0, 1, 0], TILT),
  quat.fromAxisAngle([1, 0, 0], -TILT),
  quat.fromAxisAngle([0, 1, 0], -TILT),
  quat.fromAxisAngle([1, 0, 0], TILT),
]

/** A wall that does not tilt, from `from` to `to`, metres along x and y. */
const wall = (id: number, name: string, from: readonly [number, number], to: readonly [number, number]) =>
  thing(id, name, 'cube', 'white', [to[0] - from[0], to[1] - from[1], 0.14], {
    position: [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2, PLATE_AT[2] + 0.01],
    body: { type: 'static', friction: 0.1, restitution: 0 },
  })

const HALF = SIDE / 2
const OUT = HALF + 0.02
const THIN = 0.01

/** Actions: 0 … 3 tilt the floor towards +x, +y, −x, −y. State: ball, its velocity, tilts. Success: the ball in the far corner, where only the mark is paid for. */
export const labyrinth: Task<number, Mark> = {
  name: 'labyrinth',
  rate: RATE,
  limit: 120,
  hold: 1,
  size: 6,
  actions: { type: 'discrete', count: 4 },
  scene: scenery(
    [
      ...plateAndBall(SIDE + 0.1, 'dark', NEAR),
      wall(5, 'near-wall', [-OUT, -OUT], [OUT, -HALF]),
      wall(6, 'far-wall', [-OUT, HALF], [OUT, OUT]),
      wall(7, 'left-wall', [-OUT, -HALF], [-HALF, HALF]),
      wall(8, 'right-wall', [HALF, -HALF], [OUT, HALF]),
      wall(9, 'first-wall', [-WALL_AT - THIN, -HALF], [-WALL_AT + THIN, HALF - GAP]),
      wall(10, 'second-wall', [WALL_AT - THIN, -HALF + GAP], [WALL_AT + THIN, HALF]),
    ],
    { from: [0, -0.1, 1.5], at: PLATE_AT, focalLength: 52 },
  ),
  begin(draws) {
    const [x, y] = [-0.2 + 0.12 * (draws.uniform() - 0.5), -0.2 + 0.12 * (draws.uniform() - 0.5)]
    return { goal: { x: MARK_AT, y: MARK_AT }, placed: new Map([[BALL, { position: [x, y, BALL_HEIGHT] as Vec3 }]]) }
  },
  act(motion, action) {
    motion.move(PLATE, { position: PLATE_AT, rotation: TILTS[action]! })
  },
  measure(motion) {
    const [x, y] = motion.pose(BALL).position
    const { linear } = motion.velocity(BALL)
    const tilts = tiltsOf(motion)
    return Float64Array.of(x / HALF, y / HALF, linear[0] / 0.5, linear[1] / 0.5, tilts[0] / TILT, tilts[1] / TILT)
  },
  judge(motion, mark) {
    const [x, y] = motion.pose(BALL).position
    const good = (x - mark.x) ** 2 + (y - mark.y) ** 2 < NEAR ** 2
    return { reward: good ? 1 : 0, terminal: good, good }
  },
  painted(motion, mark) {
    const { rotation } = motion.pose(PLATE)
    const up: Vec3 = quat.rotate(rotation, [mark.x, mark.y, THICK / 2])
    return new Map<number, Pose>([[MARK, { position: [up[0], up[1], PLATE_AT[2] + up[2]], rotation }]])
  },
  /** To the far side and right, to the near side and right, to the mark. */
  scripted(s) {
    const [x, y] = [s[0]! * HALF, s[1]! * HALF]
    const [right, far, near] = [0, 1, 3]
    if (x < -WALL_AT) return y > HALF - GAP + RADIUS ? right : far
    if (x < WALL_AT) return y < -HALF + GAP - RADIUS ? right : x < 0.04 && y > 0 ? right : near
    return far
  },
}
