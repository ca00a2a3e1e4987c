/** A scene the renderer cannot take: the message says what, where and what to do. */
export class RenderError extends Error {
  override readonly name = 'RenderError'
}
