/** Poses to start from: twenty as in yoga, and random ones that no body would refuse. */
import { type Key, type Quat, quat, type Vec3, vec3 } from '@dioramic/scene'
import { type Angles, JOINT_LIMITS, jointPlaces, type Pose, type Posed, rotationsOf } from './pose.ts'
import type { BodyShape } from './shape.ts'
import { SIDES, type Side } from './skeleton.ts'

const tilt = (axis: Vec3, degrees: number): Quat => quat.fromAxisAngle(axis, (degrees * Math.PI) / 180)
/** Leaning forward, or to the left, by degrees. */
const forward = (degrees: number): Quat => tilt([0, 1, 0], degrees)
const leftward = (degrees: number): Quat => tilt([-1, 0, 0], degrees)

/** The same on both sides. */
const both = (angles: Record<string, number>): Record<string, number> =>
  Object.fromEntries(SIDES.flatMap(side => Object.entries(angles).map(([k, v]) => [`${side}-${k}`, v])))
const left = (angles: Record<string, number>) => Object.fromEntries(Object.entries(angles).map(([k, v]) => [`left-${k}`, v]))
const right = (angles: Record<string, number>) => Object.fromEntries(Object.entries(angles).map(([k, v]) => [`right-${k}`, v]))

interface Sketch {
  readonly angles: readonly Record<string, number>[]
  readonly root?: Quat
  readonly contacts?: readonly string[]
  readonly flat?: readonly Side[]
}
const ankles = ['left-ankle', 'right-ankle']
const toes = ['left-toes', 'right-toes']
const wrists = ['left-wrist', 'right-wrist']
const hips = ['left-hip', 'right-hip']
const knees = ['left-knee', 'right-knee']

const SKETCHES: Readonly<Record<string, Sketch>> = {
  mountain: { angles: [both({ 'shoulder-abduction': 12, 'finger-curl': 8 })], flat: SIDES, contacts: ankles },
  'upward-salute': {
    angles: [both({ 'shoulder-flexion': 168, 'shoulder-abduction': 8 }), { 'chest-flexion': -8, 'head-flexion': -15 }],
    flat: SIDES,
    contacts: ankles,
  },
  tree: {
    angles: [
      right({ 'hip-flexion': 62, 'hip-abduction': 42, 'hip-rotation': 42, 'knee-flexion': 128, 'ankle-flexion': -20 }),
      both({ 'shoulder-flexion': 160, 'shoulder-abduction': 8, 'elbow-flexion': 12 }),
      left({ 'hip-abduction': -4 }),
    ],
    flat: ['left'],
  },
  chair: {
    angles: [both({ 'hip-flexion': 98, 'knee-flexion': 92, 'shoulder-flexion': 150, 'shoulder-abduction': 8 })],
    root: forward(32),
    flat: SIDES,
    contacts: ankles,
  },
  'warrior-1': {
    angles: [
      left({ 'hip-flexion': 82, 'knee-flexion': 84 }),
      right({ 'hip-flexion': -28, 'hip-rotation': 35, 'hip-abduction': 8, 'knee-flexion': 4, 'ankle-flexion': 25 }),
      both({ 'shoulder-flexion': 168, 'shoulder-abduction': 8 }),
    ],
    flat: SIDES,
    contacts: ankles,
  },
  'warrior-2': {
    angles: [
      left({ 'hip-flexion': 55, 'hip-abduction': 48, 'hip-rotation': 45, 'knee-flexion': 78 }),
      right({ 'hip-abduction': 40, 'hip-rotation': 8 }),
      both({ 'shoulder-abduction': 92, 'forearm-pronation': 75 }),
      { 'neck-twist': 35, 'head-twist': 38 },
    ],
    flat: SIDES,
    contacts: ankles,
  },
  'warrior-3': {
    angles: [
      left({ 'hip-flexion': 84 }),
      right({ 'hip-flexion': -4, 'ankle-flexion': -10 }),
      both({ 'shoulder-flexion': 172, 'shoulder-abduction': 6 }),
      { 'neck-flexion': -15, 'head-flexion': -10 },
    ],
    root: forward(84),
    flat: ['left'],
  },
  triangle: {
    angles: [
      left({ 'hip-abduction': 50, 'hip-rotation': 40, 'shoulder-abduction': 80 }),
      right({ 'hip-abduction': 14, 'shoulder-abduction': 100 }),
      { 'spine-bend': 24, 'chest-bend': 14, 'neck-twist': -30, 'head-twist': -25 },
    ],
    flat: SIDES,
    contacts: ankles,
  },
  goddess: {
    angles: [
      both({
        'hip-flexion': 62,
        'hip-abduction': 46,
        'hip-rotation': 44,
        'knee-flexion': 86,
        'shoulder-abduction': 88,
        'shoulder-rotation': 85,
        'elbow-flexion': 88,
      }),
    ],
    flat: SIDES,
    contacts: ankles,
  },
  dancer: {
    angles: [
      left({ 'hip-flexion': 34, 'shoulder-flexion': 150 }),
      right({ 'hip-flexion': -28, 'knee-flexion': 112, 'shoulder-flexion': -46, 'ankle-flexion': -35 }),
      { 'spine-flexion': -14, 'chest-flexion': -8, 'neck-flexion': -12 },
    ],
    root: forward(36),
    flat: ['left'],
  },
  'forward-fold': {
    angles: [
      both({ 'hip-flexion': 88, 'shoulder-flexion': 140, 'shoulder-abduction': 14, 'elbow-flexion': 62 }),
      { 'spine-flexion': 40, 'chest-flexion': 22, 'neck-flexion': 15 },
    ],
    root: forward(88),
    flat: SIDES,
    contacts: ankles,
  },
  'downward-dog': {
    angles: [
      both({
        'hip-flexion': 96,
        'shoulder-flexion': 172,
        'shoulder-abduction': 8,
        'ankle-flexion': 12,
        'wrist-flexion': -55,
        'forearm-pronation': 80,
      }),
      { 'neck-flexion': 8 },
    ],
    root: forward(140),
    contacts: [...wrists, ...toes],
  },
  plank: {
    angles: [
      both({
        'shoulder-flexion': 76,
        'shoulder-abduction': 4,
        'wrist-flexion': -68,
        'forearm-pronation': 80,
        'ankle-flexion': 20,
        'toes-extension': 55,
      }),
      { 'neck-flexion': -10 },
    ],
    root: forward(78),
    contacts: [...wrists, ...toes],
  },
  'side-plank': {
    angles: [left({ 'shoulder-abduction': 88, 'wrist-flexion': 60 }), right({ 'shoulder-abduction': 92 }), { 'neck-twist': -20 }],
    root: leftward(66),
    contacts: ['left-wrist', 'left-ankle'],
  },
  cobra: {
    angles: [
      both({
        'shoulder-flexion': 60,
        'elbow-flexion': 40,
        'wrist-flexion': -66,
        'forearm-pronation': 75,
        'ankle-flexion': -45,
        'hip-flexion': -6,
      }),
      { 'spine-flexion': -25, 'chest-flexion': -15, 'neck-flexion': -22, 'head-flexion': -10 },
    ],
    root: forward(72),
    contacts: [...hips, ...knees],
  },
  child: {
    angles: [
      both({
        'hip-flexion': 124,
        'hip-abduction': 14,
        'knee-flexion': 144,
        'ankle-flexion': -50,
        'toes-extension': -15,
        'shoulder-flexion': 178,
        'shoulder-abduction': 10,
        'forearm-pronation': 70,
      }),
      { 'spine-flexion': 16, 'chest-flexion': 6 },
    ],
    root: forward(62),
    contacts: [...knees, ...toes],
  },
  'easy-seat': {
    angles: [
      both({
        'hip-flexion': 84,
        'hip-abduction': 46,
        'hip-rotation': 46,
        'knee-flexion': 122,
        'ankle-flexion': -20,
        'shoulder-flexion': 24,
        'shoulder-abduction': 26,
        'elbow-flexion': 38,
        'forearm-pronation': -60,
      }),
    ],
    root: forward(-8),
    contacts: ['pelvis', ...toes],
  },
  boat: {
    angles: [both({ 'hip-flexion': 92, 'ankle-flexion': -20, 'shoulder-flexion': 58, 'shoulder-abduction': 6 }), { 'spine-flexion': 6 }],
    root: forward(-42),
  },
  bridge: {
    angles: [
      both({ 'hip-flexion': -14, 'knee-flexion': 92, 'shoulder-abduction': 12, 'shoulder-flexion': -22 }),
      { 'neck-flexion': 28, 'chest-flexion': 12, 'head-flexion': 10 },
    ],
    root: forward(-112),
    flat: SIDES,
    contacts: ['chest', ...ankles],
  },
  camel: {
    angles: [
      both({ 'hip-flexion': -22, 'knee-flexion': 96, 'ankle-flexion': -46, 'shoulder-flexion': -44, 'shoulder-abduction': 10 }),
      { 'spine-flexion': -24, 'chest-flexion': -14, 'neck-flexion': -28, 'head-flexion': -15 },
    ],
    root: forward(-8),
    contacts: [...knees, ...toes],
  },
}

/** Twenty poses as they are taught in yoga, by name. */
export const YOGA_POSES: Readonly<Record<string, Pose>> = Object.fromEntries(
  Object.entries(SKETCHES).map(([name, s]) => [
    name,
    {
      name,
      angles: Object.assign({}, ...s.angles) as Angles,
      root: s.root ?? quat.IDENTITY,
      contacts: s.contacts ?? [],
      flat: s.flat ?? [],
    },
  ]),
)
export const YOGA_NAMES = Object.keys(YOGA_POSES)

const clamped = (name: string, value: number): number => {
  const [low, high] = JOINT_LIMITS[name.replace(/^(left|right)-/, '') as keyof typeof JOINT_LIMITS]
  return Math.min(high, Math.max(low, value))
}

/** A pose with every angle that it uses moved by a normal number of `degrees`, within the limits. */
export function varied(pose: Pose, key: Key, degrees: number): Pose {
  const angles = Object.fromEntries(
    Object.entries(pose.angles).map(([name, value]) => [name, clamped(name, value + degrees * key.fork(name).normal())]),
  )
  return { ...pose, angles }
}

/** Mean and spread of what standing, stepping and crouching people do, degrees. */
const FAMILIES = {
  stand: { 'hip-flexion': [3, 5], 'hip-abduction': [5, 4], 'hip-rotation': [8, 6], 'knee-flexion': [6, 5] },
  step: { 'hip-flexion': [12, 26], 'hip-abduction': [6, 6], 'hip-rotation': [6, 8], 'knee-flexion': [28, 22] },
  crouch: { 'hip-flexion': [80, 18], 'hip-abduction': [16, 10], 'hip-rotation': [12, 10], 'knee-flexion': [92, 18] },
} as const
const ARMS = {
  'shoulder-flexion': [30, 48],
  'shoulder-abduction': [32, 36],
  'shoulder-rotation': [8, 32],
  'elbow-flexion': [44, 38],
  'forearm-pronation': [10, 40],
  'wrist-flexion': [0, 20],
  'finger-curl': [22, 22],
} as const
const TRUNK = {
  'spine-flexion': [3, 9],
  'spine-bend': [0, 6],
  'spine-twist': [0, 8],
  'chest-flexion': [2, 5],
  'chest-bend': [0, 4],
  'chest-twist': [0, 8],
  'neck-flexion': [0, 9],
  'neck-bend': [0, 6],
  'neck-twist': [0, 14],
  'head-flexion': [0, 7],
  'head-bend': [0, 5],
  'head-twist': [0, 14],
} as const

function draw(key: Key): Pose {
  const name = key.fork('family').choice(['stand', 'stand', 'step', 'step', 'crouch'] as const)
  const angles: Record<string, number> = {}
  const put = (table: Readonly<Record<string, readonly [number, number]>>, prefix: string) => {
    for (const [freedom, [mean, spread]] of Object.entries(table))
      angles[prefix + freedom] = clamped(prefix + freedom, mean + spread * key.fork(prefix + freedom).normal())
  }
  put(TRUNK, '')
  for (const side of SIDES) {
    put(ARMS, `${side}-`)
    put(FAMILIES[name], `${side}-`)
  }
  // Who crouches leans forward.
  const lean = name === 'crouch' ? key.fork('lean').uniform(20, 45) : 4 * key.fork('lean').normal()
  return { name, angles, root: forward(lean), contacts: ankles, flat: SIDES }
}

/** Limbs as capsules, to see whether they run into each other: from joint to joint, radius in fractions of the stature. */
const CAPSULES: readonly (readonly [from: string, to: string, radius: number])[] = [
  ['pelvis', 'chest', 0.066],
  ['chest', 'neck', 0.058],
  ['head', 'nose', 0.048],
  ...SIDES.flatMap(s => [
    [`${s}-elbow`, `${s}-wrist`, 0.018] as const,
    [`${s}-wrist`, `${s}-middle-2`, 0.016] as const,
    [`${s}-hip`, `${s}-knee`, 0.038] as const,
    [`${s}-knee`, `${s}-ankle`, 0.025] as const,
    [`${s}-ankle`, `${s}-toes`, 0.018] as const,
  ]),
]

const CORE = ['pelvis', 'chest', 'head']

/** The deepest that two limbs that do not meet in a joint go into each other, metres; 0 when none do. */
export function selfPenetration(posed: Posed, shape: BodyShape): number {
  const places = jointPlaces(posed, shape)
  const at = (name: string) => places.get(name)!
  let worst = 0
  for (const [i, [a, b, r]] of CAPSULES.entries())
    for (const [c, d, s] of CAPSULES.slice(i + 1)) {
      if (a === c || a === d || b === c || b === d) continue
      // Head and trunk, and the thighs in the pelvis, are always in each other.
      if (CORE.includes(a) && (CORE.includes(c) || c.endsWith('-hip'))) continue
      worst = Math.max(worst, (r + s) * shape.height - segmentDistance(at(a), at(b), at(c), at(d)))
    }
  return worst
}

/** Distance of two segments (Ericson, "Real-Time Collision Detection", 5.1.9). */
function segmentDistance(p1: Vec3, q1: Vec3, p2: Vec3, q2: Vec3): number {
  const [d1, d2, r] = [vec3.sub(q1, p1), vec3.sub(q2, p2), vec3.sub(p1, p2)]
  const [a, e, f] = [vec3.dot(d1, d1), vec3.dot(d2, d2), vec3.dot(d2, r)]
  const [b, c] = [vec3.dot(d1, d2), vec3.dot(d1, r)]
  const clamp = (x: number) => Math.min(1, Math.max(0, x))
  const denominator = a * e - b * b
  let s = denominator > 1e-12 ? clamp((b * f - c * e) / denominator) : 0
  let t = (b * s + f) / e
  if (t < 0) [s, t] = [clamp(-c / a), 0]
  else if (t > 1) [s, t] = [clamp((b - c) / a), 1]
  return vec3.length(vec3.sub(vec3.add(p1, vec3.scale(d1, s)), vec3.add(p2, vec3.scale(d2, t))))
}

/** A random pose whose limbs stay out of each other by capsules (to 1 cm), from up to 60 draws; the least bad of them where none is clean. */
export function randomPose(key: Key, shape: BodyShape): Pose {
  let best: { pose: Pose; depth: number } | undefined
  for (const k of key.times(60)) {
    const pose = draw(k)
    // Where the ground is does not matter to limbs that meet.
    const depth = selfPenetration({ rotations: rotationsOf(pose.angles), root: pose.root, pelvis: [0, 0, 0] }, shape)
    if (!best || depth < best.depth) best = { pose, depth }
    if (depth < 0.01) break
  }
  return best!.pose
}
