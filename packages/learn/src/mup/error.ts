/** Wrong use of a parametrisation: what, where, and what to do. */
export class MupError extends Error {
  override readonly name = 'MupError'
}
