/** The naked body as a distance field: rings for trunk and limbs, blended with what stands out of them. Fractions of the stature; left side only, the right is its mirror image. */
import { fields, quat, type Vec3, vec3 } from '@dioramic/scene'
import { headField } from './head.ts'
import { type Axes, boxed, loft, type Ring, roundBox } from './loft.ts'
import type { Girths } from './shape.ts'
import { ARM, FINGER, FINGERS, fingerPoints, hipWidth, LENGTHS, ofHand, onLeg, PALM, shoulderWidth, THUMB } from './skeleton.ts'

const { ball, blend, ellipsoid, roundCone, union, within } = fields
type Field = fields.DistanceField

const mix = (a: number, b: number, t: number) => a + (b - a) * t
/** A woman's value and a man's. */
const of = (build: number) => (woman: number, man: number) => mix(woman, man, build)

/** Places that the parts share. */
export function landmarks(build: number) {
  const shoulder: Vec3 = [-0.012, shoulderWidth(build), LENGTHS.shoulder - 0.004]
  const elbow = vec3.add(shoulder, vec3.scale(ARM, LENGTHS.upperArm))
  const wrist = vec3.add(elbow, vec3.scale(ARM, LENGTHS.forearm))
  const hip: Vec3 = [-0.004, hipWidth(build), LENGTHS.hip]
  const ankle = vec3.add(onLeg(hip, LENGTHS.ankle), [-0.008, 0, 0])
  return {
    shoulder,
    elbow,
    wrist,
    hand: ofHand(wrist, [0.055, 0, 0]),
    hip,
    knee: vec3.add(onLeg(hip, LENGTHS.knee), [0.004, 0, 0]),
    ankle,
    foot: [0.035, ankle[1] + 0.005, 0.02] as Vec3,
  }
}
export type Landmarks = ReturnType<typeof landmarks>

const X: Vec3 = [1, 0, 0]
const Y: Vec3 = [0, 1, 0]
const Z: Vec3 = [0, 0, 1]

/** Rings of the trunk from crotch to shoulders: height, middle's x, half depth, half width. */
export function trunkRings({ build, torso, belly }: Girths): Ring[] {
  const w = of(build)
  const ring = (z: number, x: number, depth: number, width: number, g: number, forward = 0): Ring => [
    z,
    x + forward,
    0,
    depth * g,
    width * g,
  ]
  const hips = mix(torso, belly, 0.35)
  // What a belly has too much stands out in front.
  const front = Math.max(0, belly - 1)
  return [
    ring(0.474, -0.006, 0.044, 0.05, torso),
    ring(0.495, -0.01, w(0.06, 0.056), w(0.087, 0.08), torso),
    ring(0.525, -0.012, w(0.066, 0.063), w(0.1, 0.092), hips),
    ring(0.56, -0.01, w(0.064, 0.063), w(0.097, 0.091), hips, 0.006 * front),
    ring(0.6, -0.006, w(0.056, 0.06), w(0.083, 0.0865), belly, 0.012 * front),
    ring(0.635, -0.005, w(0.052, 0.0585), w(0.0745, 0.0845), belly, 0.012 * front),
    ring(0.675, -0.008, w(0.055, 0.0615), w(0.0775, 0.0885), mix(torso, belly, 0.5), 0.006 * front),
    ring(0.72, -0.013, w(0.0595, 0.066), w(0.083, 0.0945), torso),
    ring(0.755, -0.016, w(0.058, 0.0655), w(0.0835, 0.0955), torso),
    ring(0.785, -0.02, w(0.05, 0.0565), w(0.079, 0.09), torso),
    ring(0.81, -0.023, w(0.04, 0.045), w(0.064, 0.073), torso),
    ring(0.828, -0.024, w(0.032, 0.036), w(0.042, 0.048), torso),
  ]
}

function trunk(g: Girths): Field {
  const w = of(g.build)
  const core = loft({ origin: [0, 0, 0], along: Z, front: X, side: Y }, trunkRings(g), 0.028)
  const s = shoulderWidth(g.build)
  const buttock = ellipsoid([-0.042, 0.043, 0.512], vec3.scale([0.042, 0.046, 0.05], mix(1, g.torso, 0.8)))
  const chest = w(1, 0)
  const swell = mix(1, g.torso, 0.7)
  const breast = ellipsoid(
    [mix(0.012, 0.016, chest), 0.0455, mix(0.752, 0.733, chest)],
    [mix(0.034, 0.054, chest) * swell, mix(0.046, 0.039, chest) * swell, mix(0.03, 0.036, chest) * swell],
  )
  const blade = ellipsoid([-0.06, 0.05, 0.755], [0.016, 0.034, 0.046], quat.fromAxisAngle(Y, 0.12))
  const trapezius = roundCone([-0.026, 0.016, 0.852], 0.023, [-0.02, s - 0.012, LENGTHS.shoulder + 0.003], w(0.0155, 0.0185))
  const neckRadius = w(0.0292, 0.0345) * g.neck
  const neck = roundCone([-0.023, 0, 0.815], neckRadius * 1.12, [-0.011, 0, 0.895], neckRadius * 0.98)
  return blend(0.022, blend(0.016, core, breast, blade), buttock, blend(0.02, neck, trapezius))
}

/** Axes of the upper arm: its front is the body's, its side the outside of the arm. */
const armAxes = (origin: Vec3): Axes => ({ origin, along: ARM, front: X, side: vec3.scale(PALM, -1) })

function arm(g: Girths, at: Landmarks): Field {
  const w = of(g.build)
  const n = g.limbs
  const l = LENGTHS.upperArm
  const upper = loft(
    armAxes(at.shoulder),
    (
      [
        [-0.006, 0, 0.002, w(0.028, 0.034), w(0.027, 0.033)],
        [0.16 * l, 0, 0.003, w(0.0275, 0.034), w(0.0265, 0.0325)],
        [0.42 * l, 0.002, 0.001, w(0.0255, 0.0305), w(0.024, 0.0275)],
        [0.7 * l, 0.0015, 0, w(0.0235, 0.0265), w(0.0215, 0.0245)],
        [0.93 * l, 0, 0, w(0.0195, 0.0213), w(0.0193, 0.0212)],
        [1.02 * l, 0, 0, w(0.0172, 0.019), w(0.0172, 0.0192)],
      ] as const
    ).map(([t, f, s, a, b]): Ring => [t, f, s, a * n, b * n]),
    0.018,
  )
  const m = mix(1, n, 0.75)
  const k = LENGTHS.forearm
  const lower = loft(
    armAxes(at.elbow),
    (
      [
        [-0.03 * k, 0, 0, w(0.0174, 0.0192), w(0.0172, 0.0192)],
        [0.18 * k, 0.001, 0.001, w(0.0225, 0.0255), w(0.0215, 0.024)],
        [0.38 * k, 0.001, 0.001, w(0.0215, 0.0245), w(0.02, 0.0225)],
        [0.65 * k, 0, 0, w(0.018, 0.0205), w(0.0155, 0.0175)],
        [0.88 * k, 0, 0, w(0.0155, 0.017), w(0.012, 0.0135)],
        [1.04 * k, 0, 0, w(0.0135, 0.0152), w(0.0092, 0.0105)],
      ] as const
    ).map(([t, f, s, a, b]): Ring => [t, f, s, a * m, b * m]),
    0.012,
  )
  const box = (a: Vec3, b: Vec3, r: number, field: Field) =>
    boxed(
      [0, 1, 2].map(i => Math.min(a[i]!, b[i]!) - r) as unknown as Vec3,
      [0, 1, 2].map(i => Math.max(a[i]!, b[i]!) + r) as unknown as Vec3,
      0.04,
      field,
    )
  return blend(0.012, box(at.shoulder, at.elbow, 0.05 * n, upper), box(at.elbow, at.wrist, 0.035 * m, lower))
}

/** Axes of a part of the leg; its side is the outside. */
function legAxes(from: Vec3, to: Vec3): Axes {
  const along = vec3.normalize(vec3.sub(to, from))
  const side = vec3.normalize(vec3.cross(along, X))
  return { origin: from, along, front: vec3.cross(side, along), side: vec3.scale(side, -1) }
}

function leg(g: Girths, at: Landmarks): Field {
  const w = of(g.build)
  const n = g.limbs
  const thighAxes = legAxes(at.hip, at.knee)
  const l = LENGTHS.hip - LENGTHS.knee
  const thigh = loft(
    thighAxes,
    (
      [
        [0.02, -0.004, 0.001, w(0.053, 0.0515), w(0.0515, 0.0475)],
        [0.3 * l, 0.001, 0.001, w(0.051, 0.0505), w(0.0485, 0.046)],
        [0.55 * l, 0.004, -0.001, w(0.0445, 0.0455), w(0.042, 0.0415)],
        [0.8 * l, 0.004, -0.002, w(0.0365, 0.0375), w(0.0345, 0.035)],
        [0.95 * l, 0.003, -0.001, w(0.0318, 0.0328), w(0.0298, 0.0303)],
        [1.04 * l, 0.002, 0, w(0.0292, 0.0302), w(0.0272, 0.0282)],
      ] as const
    ).map(([t, f, s, a, b]): Ring => [t, f, s, a * n, b * n]),
    0.03,
  )
  const m = mix(1, n, 0.8)
  const k = LENGTHS.knee - LENGTHS.ankle
  const shinAxes = legAxes(at.knee, at.ankle)
  const shin = loft(
    shinAxes,
    (
      [
        [-0.02 * k, 0.002, 0, w(0.0288, 0.0298), w(0.0273, 0.0283)],
        [0.1 * k, -0.001, 0, w(0.031, 0.032), w(0.0295, 0.0305)],
        [0.28 * k, -0.007, 0, w(0.0335, 0.035), w(0.031, 0.0325)],
        [0.48 * k, -0.007, 0, w(0.03, 0.031), w(0.0275, 0.0285)],
        [0.72 * k, -0.002, 0, w(0.0215, 0.0225), w(0.019, 0.02)],
        [0.92 * k, 0, 0, w(0.0185, 0.02), w(0.0155, 0.017)],
        [1.03 * k, 0, 0, w(0.0195, 0.021), w(0.0175, 0.019)],
      ] as const
    ).map(([t, f, s, a, b]): Ring => [t, f, s, a * m, b * m]),
    0.014,
  )
  const kneecap = ellipsoid([0.0205, at.knee[1], LENGTHS.knee], [0.011, 0.016, 0.02])
  return blend(
    0.014,
    boxed([-0.075 * n, 0, LENGTHS.knee - 0.06], [0.075 * n, at.knee[1] + 0.07 * n, LENGTHS.hip + 0.03], 0.04, thigh),
    boxed(
      [-0.06 * m, at.knee[1] - 0.05 * m, 0.02],
      [0.05 * m, at.ankle[1] + 0.045 * m, LENGTHS.knee + 0.04],
      0.04,
      blend(0.014, shin, kneecap),
    ),
  )
}

/** The left hand, open and relaxed, fingers apart. */
function hand(g: Girths, at: Landmarks): Field {
  const r = g.hands * mix(0.94, 1.04, g.build)
  const place = (p: Vec3) => ofHand(at.wrist, p)
  const palm = roundBox({ origin: place([0.0285, -0.0005, 0]), along: ARM, front: X, side: PALM }, [0.021, 0.0135, 0.0025], 0.0085 * r)
  const heel = roundCone(place([0, 0, 0]), 0.0125 * r, place([0.014, 0, 0]), 0.0115 * r)
  const [base, knuckle, middle, tip] = THUMB.map(place) as [Vec3, Vec3, Vec3, Vec3]
  const ball = roundCone(base, 0.0095 * r, knuckle, 0.0074 * r)
  const thumb = union(roundCone(knuckle, 0.007 * r, middle, 0.006 * r), roundCone(middle, 0.006 * r, tip, 0.0047 * r))
  const fingers = FINGERS.map(name => {
    const p = fingerPoints(name)
    const radius = FINGER[name].radius * r
    const [a, b, c] = [place(p.knuckle), place(p.middle), place(p.tip)]
    return union(roundCone(a, radius * 1.1, b, radius), roundCone(b, radius, c, radius * 0.82))
  })
  const whole = blend(0.006, blend(0.012, palm, heel, ball), thumb, union(...fingers))
  return within(at.hand, 0.07, 0.02, whole)
}

/** The left foot, flat on the ground. */
function foot(g: Girths, at: Landmarks): Field {
  const r = mix(0.93, 1.03, g.build) * g.hands
  const y = at.ankle[1]
  const heel = ellipsoid([-0.026, y, 0.019], vec3.scale([0.021, 0.0185, 0.021], r))
  const instep = roundCone([-0.006, y, 0.036], 0.0205 * r, [0.052, y + 0.003, 0.0165], 0.0165 * r)
  const outer = roundCone([-0.02, y + 0.004, 0.014], 0.014 * r, [0.062, y + 0.015, 0.01], 0.0115 * r)
  const inner = roundCone([-0.02, y - 0.002, 0.016], 0.015 * r, [0.073, y - 0.007, 0.012], 0.0135 * r)
  const ankleBones = union(ball([-0.01, y + 0.0155, 0.042], 0.0085), ball([-0.006, y - 0.016, 0.045], 0.0085))
  const toe = (x: number, dy: number, length: number, radius: number): Field =>
    roundCone([x, y + dy, radius + 0.001], radius * r, [x + length, y + dy * 1.05, radius * 0.9], radius * 0.92 * r)
  const toes = union(
    toe(0.079, -0.0105, 0.0195, 0.0085),
    toe(0.079, 0.0025, 0.018, 0.006),
    toe(0.075, 0.0115, 0.016, 0.0056),
    toe(0.07, 0.0195, 0.0135, 0.0053),
    toe(0.064, 0.0265, 0.011, 0.005),
  )
  const whole = blend(0.01, blend(0.016, heel, instep, outer, inner, ankleBones), toes)
  return boxed([-0.055, y - 0.035, 0], [0.125, y + 0.05, 0.07], 0.03, fields.cut(whole, [0, 0, -1], 0))
}

export interface Anatomy {
  readonly at: Landmarks
  /** The whole surface; and the parts, for clothes. */
  readonly body: Field
  readonly trunk: Field
  readonly arm: Field
  readonly leg: Field
  readonly foot: Field
  readonly head: Field
}

/** Both sides of a field that is given for the left. */
export const mirrored =
  (f: Field): Field =>
  (x, y, z) =>
    f(x, Math.abs(y), z)

/** The naked body of these girths. */
export function anatomy(g: Girths): Anatomy {
  const at = landmarks(g.build)
  const parts = {
    trunk: boxed([-0.1 * g.belly, 0, 0.44], [0.1 * g.belly, 0.125 * g.belly, 0.92], 0.04, trunk(g)),
    arm: arm(g, at),
    leg: leg(g, at),
    hand: hand(g, at),
    foot: foot(g, at),
    head: boxed([-0.067, 0, 0.862], [0.072, 0.055, 1.002], 0.03, headField(g)),
  }
  const limbs = blend(0.028, parts.trunk, parts.arm)
  const body = blend(0.012, blend(0.016, blend(0.02, limbs, parts.leg), parts.head), parts.hand, parts.foot)
  return { at, body: mirrored(body), ...parts }
}
