/** What of a soup cannot be made: which file, which array, and what to do. */
export class SoupError extends Error {
  override readonly name = 'SoupError'
}
