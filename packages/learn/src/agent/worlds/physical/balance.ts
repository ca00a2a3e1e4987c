/** Balance: hold a ball on the mark of a plate that tilts. */
import type { LiveMotion, Pose } from '@dioramic/physics'
import { type Quat, quat, type Vec3, vec3 } from '@dioramic/scene'
import { BALL, BALL_HEIGHT, MARK, PLATE, PLATE_AT, plateAndBall, RADIUS, THICK, TILT, tiltsOf } from './plate.ts'
import { scenery } from './scenery.ts'
import type { Mark, Task } from './task.ts'

const SIDE = 0.5
/** Radians a second. */
const TILT_RATE = 1
const RATE = 20
/** Metres: how far from the mark is held, and for how many steps. */
const NEAR = 0.04
const HOLD = 20

/** World from plate for tilts about +Y (that make the ball roll along +X) and about −X (along +Y). */
const tilted = (x: number, y: number): Quat =>
  quat.normalize(quat.multiply(quat.fromAxisAngle([0, 1, 0], x), quat.fromAxisAngle([1, 0, 0], -y)))

const ahead = (now: number, wanted: number) => now + Math.min(Math.max(wanted - now, -TILT_RATE / RATE), TILT_RATE / RATE)

/** Centre of the ball along the plate, metres from the plate's centre. */
function onPlate(motion: LiveMotion): Vec3 {
  const plate = motion.pose(PLATE)
  return quat.rotate(quat.conjugate(plate.rotation), vec3.sub(motion.pose(BALL).position, plate.position))
}

/** Actions: two tilts that the plate shall take, −1 … 1 of 0.12 rad. State: ball from mark, its velocity, tilts, mark. Success: within 4 cm of the mark for a second. */
export const balance: Task<ArrayLike<number>, Mark> = {
  name: 'balance',
  rate: RATE,
  limit: 100,
  hold: HOLD,
  size: 8,
  actions: { type: 'box', low: [-1, -1], high: [1, 1] },
  scene: scenery(plateAndBall(SIDE, 'white', NEAR), { from: [0, -0.1, 1.3], at: PLATE_AT, focalLength: 58 }),
  begin(draws) {
    const mark = { x: (draws.uniform() - 0.5) * 0.24, y: (draws.uniform() - 0.5) * 0.24 }
    const [x, y] = [(draws.uniform() - 0.5) * 0.36, (draws.uniform() - 0.5) * 0.36]
    const velocity: Vec3 = [(draws.uniform() - 0.5) * 0.3, (draws.uniform() - 0.5) * 0.3, 0]
    // It rolls: the point below it stands still.
    const angularVelocity: Vec3 = [-velocity[1] / RADIUS, velocity[0] / RADIUS, 0]
    return { goal: mark, placed: new Map([[BALL, { position: [x, y, BALL_HEIGHT] as Vec3, velocity, angularVelocity }]]) }
  },
  act(motion, action) {
    const [x, y] = tiltsOf(motion)
    motion.move(PLATE, { position: PLATE_AT, rotation: tilted(ahead(x, TILT * action[0]!), ahead(y, TILT * action[1]!)) })
  },
  measure(motion, mark) {
    const at = onPlate(motion)
    const { linear } = motion.velocity(BALL)
    const [x, y] = tiltsOf(motion)
    return Float64Array.of(
      (at[0] - mark.x) / 0.25,
      (at[1] - mark.y) / 0.25,
      linear[0] / 0.5,
      linear[1] / 0.5,
      x / TILT,
      y / TILT,
      mark.x / 0.25,
      mark.y / 0.25,
    )
  },
  judge(motion, mark) {
    const at = onPlate(motion)
    const far = Math.sqrt((at[0] - mark.x) ** 2 + (at[1] - mark.y) ** 2)
    if (at[2] < 0 || Math.max(Math.abs(at[0]), Math.abs(at[1])) > SIDE / 2) return { reward: 0, terminal: true, good: false }
    const good = far < NEAR
    return { reward: 1 / (1 + (far / 0.06) ** 2), terminal: false, good }
  },
  painted(motion, mark) {
    const plate = motion.pose(PLATE)
    const up: Vec3 = [mark.x, mark.y, THICK / 2]
    return new Map<number, Pose>([
      [MARK, { position: vec3.add(plate.position, quat.rotate(plate.rotation, up)), rotation: plate.rotation }],
    ])
  },
  /** Proportional–differential: a tilt against place and speed. */
  scripted(s) {
    const tilt = (place: number, speed: number) => Math.min(1, Math.max(-1, -(1.6 * place + 1.6 * speed)))
    return [tilt(s[0]!, s[2]!), tilt(s[1]!, s[3]!)]
  },
}
