/** A text, model or prompt that cannot be used: says what, where and what to do. */
export class LanguageError extends Error {
  override readonly name = 'LanguageError'
}
