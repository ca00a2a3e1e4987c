/** What of a block-recurrent model cannot be made or run: which size, and what to do. */
export class BlockRecurrentError extends Error {
  override readonly name = 'BlockRecurrentError'
}

/** A whole number from 1. @throws BlockRecurrentError naming it */
export function positive(what: string, n: number): number {
  if (!Number.isInteger(n) || n < 1) throw new BlockRecurrentError(`${what} is a whole number from 1, not ${n}`)
  return n
}
