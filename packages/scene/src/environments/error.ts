/** An environment that cannot be had: an unknown or unreadable HDR picture. */
export class EnvironmentError extends Error {
  override name = 'EnvironmentError'
}
