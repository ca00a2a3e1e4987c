/** Poses as angles that anatomy has names for, within the limits of joints, and the way to put a posed body on the ground. */
import { portable, type Quat, quat, type Vec3, vec3 } from '@dioramic/scene'
import type { PoseInput } from '../builder/object.ts'
import { skinAt } from './person.ts'
import type { BodyShape } from './shape.ts'
import { ARM, FINGERS, LEG, LEG_ABDUCTION, PALM, SIDES, type Side } from './skeleton.ts'
import { template } from './template.ts'
import { INFLUENCES } from './weights.ts'

/**
 * Degrees of freedom with their limits, degrees; normal ranges of the American Academy of Orthopaedic Surgeons (1965), trunk and neck shared out over their
 * joints. 0 is standing with arms hanging, palms to the thighs.
 */
export const JOINT_LIMITS = {
  'spine-flexion': [-25, 45],
  'spine-bend': [-25, 25],
  'spine-twist': [-25, 25],
  'chest-flexion': [-15, 30],
  'chest-bend': [-15, 15],
  'chest-twist': [-25, 25],
  'neck-flexion': [-30, 30],
  'neck-bend': [-20, 20],
  'neck-twist': [-35, 35],
  'head-flexion': [-25, 20],
  'head-bend': [-15, 15],
  'head-twist': [-40, 40],
  'shoulder-flexion': [-50, 180],
  'shoulder-abduction': [0, 170],
  'shoulder-rotation': [-80, 90],
  'elbow-flexion': [0, 148],
  'forearm-pronation': [-80, 80],
  'wrist-flexion': [-70, 75],
  'wrist-deviation': [-20, 30],
  'finger-curl': [-5, 85],
  'hip-flexion': [-28, 125],
  'hip-abduction': [-25, 50],
  'hip-rotation': [-40, 50],
  'knee-flexion': [0, 145],
  'ankle-flexion': [-50, 30],
  'toes-extension': [-20, 60],
} as const satisfies Record<string, readonly [number, number]>
export type Freedom = keyof typeof JOINT_LIMITS
const TRUNK = ['spine', 'chest', 'neck', 'head'] as const

/**
 * Degrees by freedom, for the trunk plain, for limbs `left-…` and `right-…`; what is left out is 0. Flexion, abduction and outward rotation are
 * positive; bends and twists are positive to the left.
 */
export type Angles = Readonly<Record<string, number>>

export interface Pose {
  readonly name: string
  readonly angles: Angles
  /** The pelvis in the world: quaternion, about what would be standing upright and looking along +X. */
  readonly root: Quat
  /** Joints whose bodies bear on the ground together; the whole is tilted until they are level. One or none leaves it as it is. */
  readonly contacts: readonly string[]
  /** Feet set flat on the ground whatever the legs do, within the limits of the ankle. */
  readonly flat: readonly Side[]
}

const X: Vec3 = [1, 0, 0]
const Y: Vec3 = [0, 1, 0]
const Z: Vec3 = [0, 0, 1]
/** The knee's axis: bends the shin back from the leg at rest. */
const KNEE: Vec3 = [0, -LEG[2], LEG[1]]
const about = (axis: Vec3, degrees: number): Quat => quat.fromAxisAngle(axis, (degrees * Math.PI) / 180)
const chain = (...turns: readonly Quat[]): Quat => turns.reduce((a, b) => quat.multiply(a, b))

/** Rotations of all joints in their parents' frames, by joint name. Throws `RangeError` for an unknown freedom or an angle past its limit. */
export function rotationsOf(angles: Angles): Map<string, Quat> {
  for (const [name, value] of Object.entries(angles)) {
    const freedom = name.replace(/^(left|right)-/, '') as Freedom
    const limits = JOINT_LIMITS[freedom]
    const sided = freedom !== name
    if (!limits || sided === TRUNK.some(t => freedom.startsWith(`${t}-`)))
      throw new RangeError(
        `pose: there is no angle "${name}"; there are ${Object.keys(JOINT_LIMITS).join(', ')}, limbs with left- or right- before`,
      )
    if (!(value >= limits[0] && value <= limits[1]))
      throw new RangeError(`pose: ${name} is ${value}°, past its limits ${limits[0]}° to ${limits[1]}°`)
  }
  const out = new Map<string, Quat>()
  const get = (name: string) => angles[name] ?? 0
  for (const joint of TRUNK)
    out.set(joint, chain(about(Z, get(`${joint}-twist`)), about(X, -get(`${joint}-bend`)), about(Y, get(`${joint}-flexion`))))
  for (const side of SIDES) {
    const of = (freedom: Freedom) => get(`${side}-${freedom}`)
    // Everything is thought out for the left side; the right is its mirror image in y = 0.
    const set = (joint: string, q: Quat) => out.set(`${side}-${joint}`, side === 'left' ? q : [-q[0], q[1], -q[2], q[3]])
    const [flexion, abduction] = [of('shoulder-flexion'), of('shoulder-abduction')]
    const swing = chain(about(Y, -flexion), about(X, abduction - 45), about(ARM, -of('shoulder-rotation')))
    // The shoulder blade turns with the arm from 30° on, one degree of three (Inman 1944).
    const down = quat.rotate(chain(about(Y, -flexion), about(X, abduction)), [0, 0, -1])
    const elevation = (portable.acos(Math.min(1, Math.max(-1, -down[2]))) * 180) / Math.PI
    const blade = about(X, 0.27 * Math.max(0, elevation - 30))
    set('collar', blade)
    set('shoulder', chain(quat.conjugate(blade), swing))
    const pronation = of('forearm-pronation')
    set('elbow', chain(about(PALM, of('elbow-flexion')), about(ARM, 0.4 * pronation)))
    set('wrist', chain(about(ARM, 0.6 * pronation), about(X, -of('wrist-flexion')), about(PALM, of('wrist-deviation'))))
    const curl = of('finger-curl')
    for (const finger of FINGERS) {
      set(`${finger}-1`, about(X, -curl))
      set(`${finger}-2`, about(X, -1.1 * curl))
    }
    set('thumb-2', about(X, -0.3 * curl))
    set('thumb-3', about(X, -0.5 * curl))
    set('hip', chain(about(Y, -of('hip-flexion')), about(X, of('hip-abduction') - LEG_ABDUCTION), about(LEG, -of('hip-rotation'))))
    set('knee', about(KNEE, of('knee-flexion')))
    set('ankle', chain(about(X, LEG_ABDUCTION), about(Y, -of('ankle-flexion'))))
    set('toes', about(Y, -of('toes-extension')))
  }
  return out
}

/** Where a posed body's joints are: world rotation and place of each, the pelvis at the origin unless it is given. */
export interface Posed {
  readonly rotations: ReadonlyMap<string, Quat>
  readonly root: Quat
  /** Place of the pelvis, metres, so that the lowest point of the skin is on z = 0. */
  readonly pelvis: Vec3
}

function forward(shape: BodyShape, rotations: ReadonlyMap<string, Quat>, root: Quat): { q: Quat[]; p: Vec3[] } {
  const { joints } = skinAt(shape)
  const index = new Map(joints.map((j, i) => [j.name, i]))
  const q: Quat[] = []
  const p: Vec3[] = []
  joints.forEach((joint, i) => {
    if (joint.parent === undefined) {
      q[i] = root
      p[i] = [0, 0, 0]
      return
    }
    const k = index.get(joint.parent)!
    q[i] = quat.multiply(q[k]!, rotations.get(joint.name) ?? quat.IDENTITY)
    p[i] = vec3.add(p[k]!, quat.rotate(q[k]!, vec3.scale(vec3.sub(joint.at, joints[k]!.at), shape.height)))
  })
  return { q, p }
}

/** Height of the lowest skin vertex that each joint carries mostly, metres; and the lowest of all. */
function lowest(shape: BodyShape, { q, p }: { q: readonly Quat[]; p: readonly Vec3[] }): { all: number; of: Float64Array } {
  const { positions, joints } = skinAt(shape)
  const { weights } = template()
  // Height is linear in the place at rest: a row of four a joint. Flat arrays: a person is posed dozens of times, each of 20,000 vertices.
  const rows = new Float64Array(4 * joints.length)
  joints.forEach((j, i) => {
    const m = quat.toMatrix3(q[i]!)
    const at = vec3.scale(j.at, shape.height)
    rows.set([m[6]!, m[7]!, m[8]!, p[i]![2] - (m[6]! * at[0] + m[7]! * at[1] + m[8]! * at[2])], 4 * i)
  })
  const of = new Float64Array(joints.length).fill(Infinity)
  let all = Infinity
  const h = shape.height
  const { weights: w, joints: carriers } = weights
  for (let v = 0; v < positions.length / 3; v++) {
    const x = positions[3 * v]! * h
    const y = positions[3 * v + 1]! * h
    const z = positions[3 * v + 2]! * h
    let height = 0
    for (let k = INFLUENCES * v; k < INFLUENCES * (v + 1) && w[k] !== 0; k++) {
      const r = 4 * carriers[k]!
      height += w[k]! * (rows[r]! * x + rows[r + 1]! * y + rows[r + 2]! * z + rows[r + 3]!)
    }
    const most = carriers[INFLUENCES * v]!
    if (height < of[most]!) of[most] = height
    if (height < all) all = height
  }
  return { all, of }
}

/** Solves a pose on a body: feet flat, contacts level, the lowest point on the ground. */
export function settlePose(pose: Pose, shape: BodyShape): Posed {
  const { joints } = skinAt(shape)
  const index = new Map(joints.map((j, i) => [j.name, i]))
  const rotations = new Map(rotationsOf(pose.angles))
  let root = pose.root
  const flatten = () => {
    for (const side of pose.flat) {
      const { q } = forward(shape, rotations, root)
      const shin = q[index.get(`${side}-knee`)!]!
      // The foot keeps its heading and gets the ground's normal.
      const heading = quat.rotate(quat.multiply(shin, about(Y, -(pose.angles[`${side}-ankle-flexion`] ?? 0))), X)
      const flat: Vec3 = [heading[0], heading[1], 0]
      if (vec3.length(flat) < 0.2) continue
      const x = vec3.normalize(flat)
      const world = quat.fromBasis(x, vec3.cross(Z, x), Z)
      const local = quat.multiply(quat.conjugate(shin), world)
      const angle = 2 * portable.acos(Math.min(1, Math.abs(local[3])))
      const most = (50 * Math.PI) / 180
      rotations.set(`${side}-ankle`, angle <= most ? local : quat.slerp(quat.IDENTITY, local, most / angle))
    }
  }
  flatten()
  if (pose.contacts.length > 1) {
    const numbers = pose.contacts.map(c => index.get(c)!)
    for (let round = 0; round < 6; round++) {
      const at = forward(shape, rotations, root)
      const { of } = lowest(shape, at)
      // The horizontal axis and angle that level the contacts best: least squares of z over x and y.
      const points = numbers.map(i => [at.p[i]![0], at.p[i]![1], of[i]!] as Vec3)
      const mean = vec3.scale(
        points.reduce((s, p) => vec3.add(s, p)),
        1 / points.length,
      )
      let [xx, xy, yy, xz, yz] = [1e-3, 0, 1e-3, 0, 0]
      for (const p of points) {
        const [x, y, z] = vec3.sub(p, mean)
        xx += x * x
        xy += x * y
        yy += y * y
        xz += x * z
        yz += y * z
      }
      const det = xx * yy - xy * xy
      const [a, b] = [(xz * yy - yz * xy) / det, (yz * xx - xz * xy) / det]
      const slope = Math.sqrt(a * a + b * b)
      if (slope < 1e-3) break
      root = quat.normalize(quat.multiply(quat.fromAxisAngle([-b / slope, a / slope, 0], Math.min(0.5, portable.atan2(slope, 1))), root))
      flatten()
    }
  }
  const { all } = lowest(shape, forward(shape, rotations, root))
  return { rotations, root, pelvis: [0, 0, -all] }
}

/** Places of all joints of a settled pose, metres, by name. */
export function jointPlaces(posed: Posed, shape: BodyShape): Map<string, Vec3> {
  const { joints } = skinAt(shape)
  const { p } = forward(shape, posed.rotations, posed.root)
  return new Map(joints.map((j, i) => [j.name, vec3.add(p[i]!, posed.pelvis)]))
}

/** Constant pose, or keyframes through several: `posed(…)` of a draft takes it. `times` in seconds, one a pose. */
export function poseInput(poses: readonly Posed[], times: readonly number[] = [0]): PoseInput {
  const keys = <T>(values: readonly T[]) => ({ keys: values.map((v, i): [number, T] => [times[i]!, v]), interpolation: 'smooth' as const })
  const constant = poses.length === 1
  const turn = (list: readonly Quat[]) => {
    const four = list.map(q => [...q] as [number, number, number, number])
    return constant ? four[0]! : keys(four)
  }
  const place = poses.map(p => [...p.pelvis] as [number, number, number])
  const names = [...poses[0]!.rotations.keys()]
  return {
    joints: {
      pelvis: { translation: constant ? place[0]! : keys(place), rotation: turn(poses.map(p => p.root)) },
      ...Object.fromEntries(names.map(n => [n, { rotation: turn(poses.map(p => p.rotations.get(n)!)) }])),
    },
  }
}
