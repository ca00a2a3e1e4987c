/** JSON has no infinity and no NaN: what is not a finite number is null. */
export const finiteOrNull = (x: number | undefined): number | null => (x !== undefined && Number.isFinite(x) ? x : null)
