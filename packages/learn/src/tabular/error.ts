/** A table that cannot be learnt from or predicted: says what, where and what to do. */
export class TabularError extends Error {
  override readonly name = 'TabularError'
}
