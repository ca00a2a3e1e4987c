/** Joints of the body: COCO's keypoints are among them, under COCO's names. */
import type { Vec3 } from '@dioramic/scene'
import { vec3 } from '@dioramic/scene'

export const SIDES = ['left', 'right'] as const
export type Side = (typeof SIDES)[number]
export const FINGERS = ['index', 'middle', 'ring', 'little'] as const

/**
 * Lengths in fractions of the stature: heights of joints and lengths of segments after Drillis and Contini (1966), as in Winter,
 * "Biomechanics and Motor Control of Human Movement", figure 4.1. Joint centres lie deeper than the landmarks there, hence the inner shoulders and hips.
 */
export const LENGTHS = {
  ankle: 0.039,
  knee: 0.285,
  hip: 0.525,
  shoulder: 0.812,
  eyes: 0.936,
  upperArm: 0.172,
  forearm: 0.146,
  hand: 0.108,
  foot: 0.152,
} as const

/** The arms hang 45° down when the body is bound: half way between what arms do. */
const DOWN = Math.SQRT1_2
/** Along the left arm, from shoulder to fingers. */
export const ARM: Vec3 = [0, DOWN, -DOWN]
/** Palm's normal of the left hand, towards the thigh. */
export const PALM: Vec3 = [0, -DOWN, -DOWN]

/** The legs stand 6° out when the body is bound, so that they are apart and trousers have two legs. */
export const LEG_ABDUCTION = 6
/** Down the left leg, from hip to ankle. */
export const LEG: Vec3 = [0, 0.10452846326765347, -0.9945218953682733]

/** The place of the left leg's axis at a height; the hip is at `hip`. */
export const onLeg = (hip: Vec3, z: number): Vec3 => [hip[0], hip[1] + ((hip[2] - z) * LEG[1]) / -LEG[2], z]

export interface RestJoint {
  readonly name: string
  readonly parent: string | undefined
  /** Place at rest, fractions of the stature: the body looks along +X, its left is +Y, the ground is z = 0. */
  readonly at: Vec3
}

/** Shoulders are wider and hips narrower in a man's build. */
export const shoulderWidth = (build: number): number => 0.094 + 0.012 * build
export const hipWidth = (build: number): number => 0.0545 - 0.004 * build

/** Places on the left hand: metres along the arm from the wrist, towards the thumb (+X), out of the palm; fractions of the stature. */
export const FINGER = {
  index: { knuckle: [0.055, 0.0172, 0], spread: 0.13, length: 0.043, radius: 0.0049 },
  middle: { knuckle: [0.0575, 0.0056, 0], spread: 0.02, length: 0.0475, radius: 0.005 },
  ring: { knuckle: [0.0555, -0.006, 0], spread: -0.09, length: 0.044, radius: 0.0047 },
  little: { knuckle: [0.0505, -0.0168, 0], spread: -0.21, length: 0.035, radius: 0.0042 },
} as const satisfies Record<string, { knuckle: Vec3; spread: number; length: number; radius: number }>
/** Base, knuckle, middle and tip of the thumb, as above. */
export const THUMB: readonly [Vec3, Vec3, Vec3, Vec3] = [
  [0.012, 0.014, 0.004],
  [0.034, 0.0315, 0.008],
  [0.0475, 0.0375, 0.01],
  [0.0605, 0.042, 0.011],
]

/** A place of the left hand's frame in the body's. */
export const ofHand = (wrist: Vec3, [along, forward, palm]: Vec3): Vec3 =>
  vec3.add(wrist, vec3.add(vec3.add(vec3.scale(ARM, along), [forward, 0, 0]), vec3.scale(PALM, palm)))

/** Middle joint and tip of a finger of the left hand, in the hand's frame. Spread about the palm's normal; small angles: sine and cosine by series. */
export function fingerPoints(name: (typeof FINGERS)[number]): { knuckle: Vec3; middle: Vec3; tip: Vec3 } {
  const { knuckle, spread, length } = FINGER[name]
  const s = spread - (spread * spread * spread) / 6
  const c = Math.sqrt(1 - s * s)
  const at = (l: number): Vec3 => [knuckle[0] + c * l, knuckle[1] + s * l, 0.0015 * (l / length)]
  return { knuckle, middle: at(0.52 * length), tip: at(length) }
}

/** Every joint, parents before children. */
export function restJoints(build: number): RestJoint[] {
  const joints: RestJoint[] = []
  const put = (name: string, parent: string | undefined, at: Vec3): Vec3 => {
    joints.push({ name, parent, at })
    return at
  }
  put('pelvis', undefined, [-0.006, 0, 0.545])
  put('spine', 'pelvis', [-0.012, 0, 0.605])
  put('chest', 'spine', [-0.016, 0, 0.69])
  put('neck', 'chest', [-0.02, 0, 0.835])
  put('head', 'neck', [-0.008, 0, 0.89])
  put('nose', 'head', [0.0605, 0, 0.914])
  for (const side of SIDES) {
    const y = side === 'left' ? 1 : -1
    const mirror = (p: Vec3): Vec3 => [p[0], y * p[1], p[2]]
    put(`${side}-eye`, 'head', mirror(EYE))
    put(`${side}-ear`, 'head', mirror(EAR))
    put(`${side}-collar`, 'chest', mirror([-0.004, 0.018, 0.803]))
    const shoulder: Vec3 = [-0.012, shoulderWidth(build), LENGTHS.shoulder - 0.004]
    const elbow = vec3.add(shoulder, vec3.scale(ARM, LENGTHS.upperArm))
    const wrist = vec3.add(elbow, vec3.scale(ARM, LENGTHS.forearm))
    put(`${side}-shoulder`, `${side}-collar`, mirror(shoulder))
    put(`${side}-elbow`, `${side}-shoulder`, mirror(elbow))
    put(`${side}-wrist`, `${side}-elbow`, mirror(wrist))
    put(`${side}-thumb-1`, `${side}-wrist`, mirror(ofHand(wrist, THUMB[0])))
    put(`${side}-thumb-2`, `${side}-thumb-1`, mirror(ofHand(wrist, THUMB[1])))
    put(`${side}-thumb-3`, `${side}-thumb-2`, mirror(ofHand(wrist, THUMB[2])))
    for (const finger of FINGERS) {
      const { knuckle, middle } = fingerPoints(finger)
      put(`${side}-${finger}-1`, `${side}-wrist`, mirror(ofHand(wrist, knuckle)))
      put(`${side}-${finger}-2`, `${side}-${finger}-1`, mirror(ofHand(wrist, middle)))
    }
    const hip: Vec3 = [-0.004, hipWidth(build), LENGTHS.hip]
    const ankle = onLeg(hip, LENGTHS.ankle)
    put(`${side}-hip`, 'pelvis', mirror(hip))
    put(`${side}-knee`, `${side}-hip`, mirror(vec3.add(onLeg(hip, LENGTHS.knee), [0.004, 0, 0])))
    put(`${side}-ankle`, `${side}-knee`, mirror(vec3.add(ankle, [-0.008, 0, 0])))
    put(`${side}-toes`, `${side}-ankle`, mirror([0.068, ankle[1] + 0.006, 0.012]))
  }
  return joints
}

/** Centres of the left eye and of the left ear. */
export const EYE: Vec3 = [0.0392, 0.0183, LENGTHS.eyes]
export const EAR: Vec3 = [-0.003, 0.0445, 0.926]

/** COCO's seventeen keypoints, in its order. */
export const COCO_KEYPOINTS = [
  'nose',
  'left-eye',
  'right-eye',
  'left-ear',
  'right-ear',
  'left-shoulder',
  'right-shoulder',
  'left-elbow',
  'right-elbow',
  'left-wrist',
  'right-wrist',
  'left-hip',
  'right-hip',
  'left-knee',
  'right-knee',
  'left-ankle',
  'right-ankle',
] as const
