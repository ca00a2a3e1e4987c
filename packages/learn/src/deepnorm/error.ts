/** What of a deep model cannot be made or measured: what, and what to do. */
export class DepthError extends Error {
  override readonly name = 'DepthError'
}
