/** An asset that cannot be used: which, why, what to do. */
export class AssetError extends Error {
  override name = 'AssetError'
}
