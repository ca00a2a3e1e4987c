/** Units of length that mesh files come in. */
export const UNITS = { m: 1, cm: 0.01, mm: 0.001, in: 0.0254, ft: 0.3048 } as const
export type Units = keyof typeof UNITS | number

/** Metres in one unit; a number is that already. Throws RangeError. */
export function metresPerUnit(units: Units): number {
  const metres = typeof units === 'number' ? units : UNITS[units]
  if (!(metres > 0 && Number.isFinite(metres))) {
    throw new RangeError(
      `unit ${JSON.stringify(units)} is not known; use ${Object.keys(UNITS).join(', ')} or the number of metres in one unit`,
    )
  }
  return metres
}

/** Name of a scale, where it has one. */
export const unitName = (metres: number): string => Object.entries(UNITS).find(([, v]) => v === metres)?.[0] ?? `${metres} m`

/**
 * The unit that makes an object of this many units' length a thing one could put on a table or in a room: of the units that give it 1 cm to
 * 5 m, the largest, but metres are kept when they do.
 */
export function suggestUnits(length: number): keyof typeof UNITS | null {
  for (const unit of ['m', 'cm', 'mm'] as const) {
    const metres = length * UNITS[unit]
    if (metres >= 0.01 && metres <= 5) return unit
  }
  return null
}
