import { cos, sin } from '../maths/portable.ts'
import type { Vec3 } from '../maths/vec3.ts'
import { boxUvs, gridSurface, type Shape } from './surface.ts'

const TEETH = 12
const [HOLE, HUB, ROOT, TIP] = [0.11, 0.2, 0.39, 0.5]
const [HUB_HALF, BODY_HALF, CHAMFER] = [0.15, 0.1, 0.012]
/** Outline of one tooth: share of the pitch, radius. Flanks lean, so the tip is narrower than the foot. */
const TOOTH: readonly (readonly [number, number])[] = [
  [0, ROOT],
  [0.1, ROOT],
  [0.2, ROOT],
  [0.27, (2 * ROOT + TIP) / 3],
  [0.335, (ROOT + 4 * TIP) / 5],
  [0.36, TIP],
  [0.45, TIP],
  [0.55, TIP],
  [0.64, TIP],
  [0.665, (ROOT + 4 * TIP) / 5],
  [0.73, (2 * ROOT + TIP) / 3],
  [0.8, ROOT],
  [0.9, ROOT],
]

/** A spur gear about Z: twelve chamfered teeth, a raised hub, a round bore. */
export function gear(): Shape {
  const columns = Array.from({ length: TEETH }, (_, k) =>
    TOOTH.map(([share, r]) => [(2 * Math.PI * (k + share)) / TEETH, r] as const),
  ).flat()
  const n = columns.length
  const turn = columns.map(([a]) => [cos(a), sin(a)] as const)
  // Section from the bore's foot, outwards along the bottom, up the rim and back along the top; radius R stands for the outline.
  const section = (rim: number): readonly (readonly [number, number])[] => {
    const lower: (readonly [number, number])[] = [
      [HOLE, 0],
      [HOLE, -HUB_HALF + CHAMFER],
      [HOLE + CHAMFER, -HUB_HALF],
      [HUB - CHAMFER, -HUB_HALF],
      [HUB, -HUB_HALF + CHAMFER],
      [HUB, -BODY_HALF],
      [ROOT - 2 * CHAMFER, -BODY_HALF],
      [rim - CHAMFER, -BODY_HALF],
      [rim, -BODY_HALF + CHAMFER],
    ]
    return [...lower, ...lower.map(([r, z]) => [r, -z] as const).reverse()]
  }
  const rows = section(1).length - 1
  const sections = columns.map(([, r]) => section(r))
  const point = (i: number, j: number): Vec3 => {
    const [c, s] = turn[i % n]!
    const [r, z] = sections[i % n]![j]!
    return [r * c, r * s, z]
  }
  const { positions, indices } = gridSurface(n, rows, point)

  const ring = (a: number, r: number, z: number): Vec3[] => [
    [r * cos(a), r * sin(a), -z],
    [r * cos(a), r * sin(a), z],
  ]
  const pitch = (2 * Math.PI) / TEETH
  const hulls: Vec3[][] = []
  for (let k = 0; k < TEETH; k++) {
    const at = (share: number) => (k + share) * pitch
    hulls.push([0.5, 1, 1.5].flatMap(x => [...ring(at(x), HOLE, BODY_HALF), ...ring(at(x), ROOT, BODY_HALF)]))
    hulls.push(
      [0.2, 0.335, 0.36, 0.5, 0.64, 0.665, 0.8].flatMap(x => {
        const r = x === 0.2 || x === 0.8 ? ROOT : x === 0.335 || x === 0.665 ? (ROOT + 4 * TIP) / 5 : TIP
        return [...ring(at(x), r, BODY_HALF - CHAMFER), ...ring(at(x), r - CHAMFER, BODY_HALF)]
      }),
    )
  }
  for (let k = 0; k < 12; k++) {
    hulls.push([0, 0.5, 1].flatMap(x => [...ring((k + x) * pitch, HOLE, HUB_HALF), ...ring((k + x) * pitch, HUB, HUB_HALF)]))
  }
  return { surface: { ...boxUvs({ positions, indices }), creaseAngle: 0.3 }, hulls }
}
