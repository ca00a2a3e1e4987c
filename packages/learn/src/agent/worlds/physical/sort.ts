/** Sort: a belt brings red and blue boxes; a slider puts them off it, red to the one side, blue to the other. */
import type { Pose } from '@dioramic/physics'
import type { Vec3 } from '@dioramic/scene'
import { scenery, thing } from './scenery.ts'
import type { Task } from './task.ts'

const BELT = 2
const SLIDER = 3
const BOXES = { red: 4, blue: 5 } as const
const TOP = 0.2
const HALF_WIDTH = 0.15
const SIDE = 0.06
/** m/s of the belt along +X, and of the slider along ±Y. */
const BELT_SPEED = 0.25
const SLIDER_SPEED = 0.6
/** The slider's length along the belt, its place there, and how far it goes aside. */
const LONG = 0.2
const AT = 0.15
const ASIDE = 0.26
const RATE = 10
const SLIDER_HEIGHT = TOP + 0.035
const STILL: Pose['rotation'] = [0, 0, 0, 1]

export type Colour = keyof typeof BOXES

const sideOf = (colour: Colour) => (colour === 'red' ? 1 : -1)

/** Actions: 0 slider to −Y, 1 stay, 2 to +Y. State: box (x, y, height), slider, colour. Success: the box falls off the belt at +Y if it is red, at −Y if it is blue. */
export const sort: Task<number, Colour> = {
  name: 'sort',
  rate: RATE,
  limit: 50,
  hold: 1,
  size: 5,
  actions: { type: 'discrete', count: 3 },
  scene: scenery(
    [
      thing(1, 'floor', 'plane', 'floor', [8, 8, 1], { isBackground: true, body: { type: 'static', friction: 0.5, restitution: 0 } }),
      // Long enough to be under the work for a whole episode.
      thing(BELT, 'belt', 'cube', 'dark', [6, 2 * HALF_WIDTH, 0.04], {
        position: [0, 0, TOP - 0.02],
        body: { type: 'kinematic', friction: 0.9, restitution: 0 },
      }),
      thing(SLIDER, 'slider', 'cube', 'white', [LONG, 0.04, 0.06], {
        position: [AT, ASIDE, SLIDER_HEIGHT],
        body: { type: 'kinematic', friction: 0.1, restitution: 0 },
      }),
      ...(['red', 'blue'] as const).map(colour =>
        thing(BOXES[colour], `${colour}-box`, 'cube', colour, [SIDE, SIDE, SIDE], {
          position: [0, colour === 'red' ? 3 : -3, SIDE / 2],
          body: { type: 'dynamic', density: 300, friction: 0.5, restitution: 0 },
        }),
      ),
    ],
    { from: [0.05, -0.1, 1.5], at: [0.05, 0, TOP], focalLength: 38 },
  ),
  begin(draws) {
    const goal: Colour = draws.uniform() < 0.5 ? 'red' : 'blue'
    const position: Vec3 = [-0.3 - 0.1 * draws.uniform(), (draws.uniform() - 0.5) * 0.16, TOP + SIDE / 2]
    const slider: Vec3 = [AT, (draws.uniform() * 2 - 1) * ASIDE, SLIDER_HEIGHT]
    return {
      goal,
      placed: new Map([
        [BOXES[goal], { position, velocity: [BELT_SPEED, 0, 0] as Vec3 }],
        [SLIDER, { position: slider }],
      ]),
    }
  },
  act(motion, action) {
    const [x, y, z] = motion.pose(BELT).position
    motion.move(BELT, { position: [x + BELT_SPEED / RATE, y, z], rotation: STILL })
    const at = motion.pose(SLIDER).position
    const to = at[1] + ((action - 1) * SLIDER_SPEED) / RATE
    motion.move(SLIDER, { position: [at[0], Math.min(ASIDE, Math.max(-ASIDE, to)), at[2]], rotation: STILL })
  },
  measure(motion, colour) {
    const [x, y, z] = motion.pose(BOXES[colour]).position
    return Float64Array.of(x / 0.5, y / 0.2, (z - TOP) / 0.2, motion.pose(SLIDER).position[1] / ASIDE, sideOf(colour))
  },
  judge(motion, colour) {
    const [x, y, z] = motion.pose(BOXES[colour]).position
    const side = sideOf(colour)
    if (z < TOP) {
      const good = y * side > 0 && x < 0.5
      return { reward: good ? 1 : -1, terminal: true, good }
    }
    if (x > 0.5) return { reward: -1, terminal: true, good: false }
    return { reward: (0.02 * side * y) / HALF_WIDTH, terminal: false, good: false }
  },
  painted: () => new Map(),
  /** Waits on the side where the box shall not go, and sweeps when it is before the slider. */
  scripted(s) {
    const [x, slider, side] = [s[0]! * 0.5, s[3]! * ASIDE, s[4]!]
    const before = x > AT - LONG / 2 - 0.01
    const wanted = before ? side * ASIDE : -side * ASIDE
    return Math.abs(wanted - slider) < 0.02 ? 1 : wanted > slider ? 2 : 0
  },
}
