/** A refused expert layer: says what does not fit, where, and what to do. */
export class SmlpError extends Error {
  override readonly name = 'SmlpError'
}

/** @throws SmlpError where `n` is no whole number from 1 */
export function needWhole(what: string, n: number): void {
  if (!Number.isInteger(n) || n < 1) throw new SmlpError(`${what} is a whole number from 1, not ${n}`)
}
