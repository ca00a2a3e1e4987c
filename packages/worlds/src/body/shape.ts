/** Who a body belongs to, and what follows from it: lengths and girths, in fractions of the stature. */
export interface BodyShape {
  /** Stature, metres. */
  readonly height: number
  /** Kilograms. */
  readonly weight: number
  /** 0 is the mean woman's build, 1 the mean man's: shoulders, waist, hips, chest, neck, jaw. */
  readonly build: number
}

/** kg/m³ of a person with air in the lungs. */
export const BODY_DENSITY = 985

/** What the shape can be: statures of adults in metres, and body-mass indices, kg/m². */
export const SHAPE_LIMITS = { height: [1.4, 2.1], bmi: [15.5, 42] } as const

/** Factors on the radii of the mean body. */
export interface Girths {
  readonly build: number
  /** The factor whose square the weight grows with. */
  readonly all: number
  readonly belly: number
  readonly torso: number
  readonly limbs: number
  readonly neck: number
  readonly hands: number
  readonly head: number
}

/**
 * Girths that give a body of that height the weight. The volume of the surface over height³ was measured at 4 girths and 3 builds; it is
 * the quadratic below to 0.6 %; `body.test.ts` holds the weight of the mesh to 4 %. Throws `RangeError` for a shape outside of `SHAPE_LIMITS`.
 */
export function girthsOf({ height, weight, build }: BodyShape): Girths {
  const bmi = weight / (height * height)
  const { height: heights, bmi: indices } = SHAPE_LIMITS
  if (!(height >= heights[0] && height <= heights[1]))
    throw new RangeError(`body: a height of ${height} m is not between ${heights[0]} and ${heights[1]} m`)
  if (!(bmi >= indices[0] && bmi <= indices[1]))
    throw new RangeError(
      `body: ${weight} kg at ${height} m is a body-mass index of ${bmi.toFixed(1)}; it must be ${indices[0]} to ${indices[1]}, here ${(indices[0] * height * height).toFixed(0)} to ${(indices[1] * height * height).toFixed(0)} kg`,
    )
  if (!(build >= 0 && build <= 1)) throw new RangeError(`body: the build ${build} is not between 0 (woman) and 1 (man)`)
  const volume = weight / BODY_DENSITY / (height * height * height)
  const [a, b, c] = VOLUME
  const x = build - 0.5
  const [p, q, r] = [a[0] + a[1] * x, b[0] + b[1] * x, c[0] + c[1] * x - volume]
  const all = (-q + Math.sqrt(q * q - 4 * p * r)) / (2 * p)
  return girths(all, build)
}

/** Girths by the factor on the whole: most of what weight adds goes to the belly, little to hands and head. */
export function girths(all: number, build: number): Girths {
  const more = all - 1
  return {
    build,
    all,
    belly: Math.max(0.72, 1 + 1.75 * more),
    torso: Math.max(0.8, 1 + 1.15 * more),
    limbs: Math.max(0.78, 1 + 0.85 * more),
    neck: 1 + 0.7 * more,
    hands: 1 + 0.25 * more,
    head: 1 + 0.12 * more,
  }
}

/** Volume / height³ = Σ (coefficient[0] + coefficient[1] · (build − ½)) · all^(2, 1, 0). */
const VOLUME: readonly (readonly [number, number])[] = [
  [0.01416139, 0.00163072],
  [-0.00816571, -0.00108167],
  [0.00658, 0.00052531],
]
