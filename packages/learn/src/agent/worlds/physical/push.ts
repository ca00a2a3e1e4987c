/** Push: bring a box to a mark on the floor with a round pusher. */
import type { Pose } from '@dioramic/physics'
import type { Vec3 } from '@dioramic/scene'
import { scenery, thing } from './scenery.ts'
import type { Mark, Task } from './task.ts'

const BOX = 2
const PUSHER = 3
const MARK = 4
const SIDE = 0.1
const RADIUS = 0.03
const TALL = 0.08
const SPEED = 0.4
const RATE = 10
/** Metres: how near the mark is there. */
const NEAR = 0.03
/** The pusher stays within this square, metres from the middle. */
const ROOM = 0.45
/** Metres between the centres of box and pusher when it pushes. */
const BEHIND = SIDE / 2 + RADIUS + 0.005
const STILL: Pose['rotation'] = [0, 0, 0, 1]

const clamp = (x: number, most: number) => Math.min(most, Math.max(-most, x))
const length = (x: number, y: number) => Math.sqrt(x * x + y * y)

/** Actions: the pusher's velocity, −1 … 1 of 0.4 m/s. State: mark from box, pusher from box, box's velocity, pusher. Success: the box within 3 cm of the mark. */
export const push: Task<ArrayLike<number>, Mark> = {
  name: 'push',
  rate: RATE,
  limit: 80,
  hold: 1,
  size: 8,
  actions: { type: 'box', low: [-1, -1], high: [1, 1] },
  scene: scenery(
    [
      thing(1, 'floor', 'plane', 'floor', [4, 4, 1], { isBackground: true, body: { type: 'static', friction: 0.5, restitution: 0 } }),
      thing(BOX, 'box', 'cube', 'yellow', [SIDE, SIDE, SIDE], {
        position: [0, 0, SIDE / 2],
        body: { type: 'dynamic', density: 300, friction: 0.5, restitution: 0 },
      }),
      thing(PUSHER, 'pusher', 'cylinder', 'dark', [2 * RADIUS, 2 * RADIUS, TALL], {
        position: [0.3, 0, TALL / 2 + 0.005],
        body: { type: 'kinematic', friction: 0.2, restitution: 0 },
      }),
      thing(MARK, 'mark', 'cylinder', 'blue', [2 * NEAR, 2 * NEAR, 0.001]),
    ],
    { from: [0, -0.1, 1.5], at: [0, 0, 0], focalLength: 50 },
  ),
  begin(draws) {
    const around = (from: number, to: number) => {
      const [r, angle] = [from + (to - from) * draws.uniform(), 2 * Math.PI * draws.uniform()]
      return { x: r * Math.cos(angle), y: r * Math.sin(angle) }
    }
    const box = around(0, 0.1)
    const [mark, pusher] = [around(0.12, 0.25), around(0.12, 0.22)]
    const placed = new Map([
      [BOX, { position: [box.x, box.y, SIDE / 2] as Vec3 }],
      [PUSHER, { position: [box.x + pusher.x, box.y + pusher.y, TALL / 2 + 0.005] as Vec3 }],
    ])
    return { goal: { x: box.x + mark.x, y: box.y + mark.y }, placed }
  },
  act(motion, action) {
    const [x, y, z] = motion.pose(PUSHER).position
    const move = (p: number, a: number) => clamp(p + (a * SPEED) / RATE, ROOM)
    motion.move(PUSHER, { position: [move(x, action[0]!), move(y, action[1]!), z], rotation: STILL })
  },
  measure(motion, mark) {
    const box = motion.pose(BOX).position
    const pusher = motion.pose(PUSHER).position
    const { linear } = motion.velocity(BOX)
    return Float64Array.of(
      (mark.x - box[0]) / 0.25,
      (mark.y - box[1]) / 0.25,
      (pusher[0] - box[0]) / 0.25,
      (pusher[1] - box[1]) / 0.25,
      linear[0] / 0.4,
      linear[1] / 0.4,
      pusher[0] / ROOM,
      pusher[1] / ROOM,
    )
  },
  judge(motion, mark) {
    const box = motion.pose(BOX).position
    const pusher = motion.pose(PUSHER).position
    const [dx, dy] = [mark.x - box[0], mark.y - box[1]]
    const far = length(dx, dy)
    if (far < NEAR) return { reward: 2, terminal: true, good: true }
    // From behind the box, seen from the mark, it can be pushed there.
    const back = length(box[0] - (dx / far) * BEHIND - pusher[0], box[1] - (dy / far) * BEHIND - pusher[1])
    return { reward: -far - 0.4 * back, terminal: false, good: false }
  },
  painted: (_motion, mark) => new Map<number, Pose>([[MARK, { position: [mark.x, mark.y, 0], rotation: STILL }]]),
  /** Goes around the box to its far side, then pushes towards the mark. */
  scripted(s) {
    const [mx, my, px, py] = [s[0]! * 0.25, s[1]! * 0.25, s[2]! * 0.25, s[3]! * 0.25]
    const far = length(mx, my)
    const [ux, uy] = [mx / far, my / far]
    const along = px * ux + py * uy
    // From the line through box and mark.
    const [ax, ay] = [px - along * ux, py - along * uy]
    const aside = length(ax, ay)
    const [wx, wy] = ((): [number, number] => {
      if (along < -0.03 && aside < 0.02) return [ux - 6 * ax, uy - 6 * ay]
      if (along < -BEHIND) return [-ax / Math.max(aside, 0.04), -ay / Math.max(aside, 0.04)]
      // Clear of the box: back along it. Else first away from the line.
      if (aside > 0.115) return [-ux, -uy]
      return aside > 1e-3 ? [ax / aside - 0.2 * ux, ay / aside - 0.2 * uy] : [-uy, ux]
    })()
    const n = Math.max(1, Math.abs(wx), Math.abs(wy))
    return [wx / n, wy / n]
  },
}
