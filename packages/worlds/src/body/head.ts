/** Head and face: skull, jaw, nose, ears, sockets and lids; and what lies on them, eyes, lips and brows. */
import { fields, quat, type Vec3 } from '@dioramic/scene'
import { loft } from './loft.ts'
import type { Girths } from './shape.ts'
import { EAR, EYE } from './skeleton.ts'

const { ball, blend, carve, ellipsoid, roundCone, union, within } = fields
type Field = fields.DistanceField

const mix = (a: number, b: number, t: number) => a + (b - a) * t

/** Radius of an eyeball: 12 mm of 1.75 m. */
export const EYE_RADIUS = 0.0069

/** Half of the head, y ≥ 0. */
export function headField(g: Girths): Field {
  const w = (woman: number, man: number) => mix(woman, man, g.build)
  const fat = Math.max(0, g.head - 1) * 4
  const skull = ellipsoid([-0.009, 0, 0.944], [0.0555, 0.0425, 0.056])
  const nape = ellipsoid([-0.026, 0, 0.917], [0.033, 0.034, 0.036])
  const face = loft(
    { origin: [0, 0, 0], along: [0, 0, 1], front: [1, 0, 0], side: [0, 1, 0] },
    [
      [0.8735, w(0.0345, 0.0345), 0, 0.0125, w(0.011, 0.0155)],
      [0.884, 0.0285, 0, w(0.0205, 0.0222), w(0.019, 0.0235) + 0.01 * fat],
      [0.897, 0.0215, 0, w(0.0292, 0.0302), w(0.028, 0.0312) + 0.012 * fat],
      [0.912, 0.0165, 0, 0.0352, w(0.0335, 0.0355) + 0.008 * fat],
      [0.928, 0.0135, 0, 0.0372, w(0.0375, 0.0382)],
      [0.945, 0.0085, 0, 0.041, 0.0398],
      [0.962, 0.0045, 0, 0.0415, 0.038],
    ],
    0.008,
  )
  const cheek = ellipsoid([0.03, 0.0235, 0.9155], [0.0145, 0.0125, 0.0135])
  const browRidge = roundCone([0.0455, 0.007, 0.9475], w(0.0042, 0.0056), [0.034, 0.031, 0.9465], w(0.0038, 0.005))
  const chin = ball([w(0.0405, 0.0415), 0, 0.8805], w(0.0082, 0.0098))
  const jaw = roundCone([0.004, w(0.029, 0.0325), 0.9], w(0.008, 0.009), [0.036, w(0.007, 0.0095), 0.8795], w(0.008, 0.0095))
  const bare = blend(0.012, blend(0.02, skull, nape, face), cheek, browRidge, jaw, chin)
  const socket = ellipsoid([0.0545, EYE[1] + 0.001, EYE[2] - 0.001], [0.0125, 0.0135, 0.0085])
  const hollow = carve(0.011, bare, socket)
  // Bridge, tip and wing of the nose.
  const bridge = roundCone([0.0475, 0, 0.9385], 0.0044, [0.0572, 0, 0.9165], w(0.0054, 0.006))
  const tip = ball([0.0585, 0, 0.9135], w(0.0058, 0.0068))
  const wing = ellipsoid([0.0525, w(0.0062, 0.007), 0.9115], [0.0056, 0.0038, 0.0044])
  const nostril = ellipsoid([0.0565, 0.0038, 0.907], [0.0036, 0.002, 0.0024], quat.fromAxisAngle([0, 0, 1], -0.3))
  const nose = carve(0.0012, blend(0.006, blend(0.004, bridge, tip), wing), nostril)
  const mouth = ellipsoid([0.0445, 0, 0.8975], [0.0085, 0.016, 0.0095])
  const withNose = blend(0.005, blend(0.008, hollow, mouth), nose)
  const lids = blend(0.004, withNose, ball(EYE, EYE_RADIUS * 1.2))
  const slit = ellipsoid([EYE[0] + 0.0088, EYE[1] + 0.0006, EYE[2] - 0.0001], [0.0072, 0.0092, 0.0026], quat.fromAxisAngle([1, 0, 0], 0.06))
  const open = carve(0.0012, lids, slit)
  return blend(0.005, open, ear())
}

function ear(): Field {
  const tilt = quat.multiply(quat.fromAxisAngle([0, 0, 1], 0.42), quat.fromAxisAngle([0, 1, 0], -0.2))
  const shell = ellipsoid([EAR[0] - 0.003, EAR[1] + 0.001, EAR[2] + 0.002], [0.0115, 0.0046, 0.0178], tilt)
  const lobe = ball([EAR[0] + 0.003, EAR[1] - 0.0015, EAR[2] - 0.0125], 0.0046)
  const concha = ellipsoid([EAR[0] + 0.0005, EAR[1] + 0.0068, EAR[2] + 0.0015], [0.0062, 0.003, 0.0105], tilt)
  return within(EAR, 0.03, 0.03, carve(0.002, blend(0.004, shell, lobe), concha))
}

/** How far forward the head reaches at a height and a distance from the middle. */
function frontAt(head: Field, y: number, z: number): number {
  let [inside, outside] = [0.02, 0.08]
  for (let i = 0; i < 24; i++) {
    const middle = (inside + outside) / 2
    if (head(middle, y, z) < 0) inside = middle
    else outside = middle
  }
  return inside
}

/** A tube on the face through points (to the side, up), so deep under the skin, with a radius at each. */
function tubeOn(head: Field, deep: number, points: readonly (readonly [y: number, z: number, radius: number])[]): Field {
  const at = points.map(([y, z]): Vec3 => [frontAt(head, y, z) - deep, y, z])
  return union(...points.slice(1).map((p, i) => roundCone(at[i]!, points[i]![2], at[i + 1]!, p[2])))
}

/** Right and left half of both lips: tubes that stand a little out of the mouth. */
export function lipsField(g: Girths): Field {
  const head = headField(g)
  const full = mix(1.12, 0.92, g.build)
  const upper = tubeOn(head, 0.0012, [
    [0, 0.8989, 0.0026 * full],
    [0.0035, 0.8996, 0.0029 * full],
    [0.0085, 0.8985, 0.0023 * full],
    [0.0135, 0.897, 0.0013],
  ])
  const lower = tubeOn(head, 0.0012, [
    [0, 0.894, 0.0033 * full],
    [0.0055, 0.8944, 0.003 * full],
    [0.013, 0.8967, 0.0013],
  ])
  const lips = union(upper, lower)
  return (x, y, z) => lips(x, Math.abs(y), z)
}

/** Both eyebrows. */
export function browField(g: Girths): Field {
  const thick = mix(0.0017, 0.0024, g.build)
  const brow = tubeOn(headField(g), 0.0003, [
    [0.0075, 0.9478, thick],
    [0.013, 0.9502, thick * 1.1],
    [0.02, 0.9515, thick * 0.95],
    [0.027, 0.95, thick * 0.75],
    [0.032, 0.947, thick * 0.45],
  ])
  return (x, y, z) => brow(x, Math.abs(y), z)
}
