/** A scene that cannot be simulated. The message says which object, what is wrong and what to do. */
export class PhysicsError extends Error {
  override readonly name = 'PhysicsError'
  /** The object at fault, where there is one. */
  readonly objectId: number | null

  constructor(message: string, objectId: number | null = null, options?: ErrorOptions) {
    super(message, options)
    this.objectId = objectId
  }
}
