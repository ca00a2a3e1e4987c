/** Everything this package refuses, in one sentence that says what, where and what to do. */
export class DataError extends Error {
  override readonly name = 'DataError'
}
