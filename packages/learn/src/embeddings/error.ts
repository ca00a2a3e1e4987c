/** What cannot be embedded: says what, in which feature, and what to do. */
export class EmbeddingError extends Error {
  override readonly name = 'EmbeddingError'
}
