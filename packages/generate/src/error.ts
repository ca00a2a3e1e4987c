/** Something the caller can mend: says what, where and what to do. */
export class GenerateError extends Error {
  override readonly name: string = 'GenerateError'
}

/** This clip can never be made from this seed: the same on every run, so its index becomes a named hole. */
export class QuarantineError extends GenerateError {
  override readonly name = 'QuarantineError'
  /** Short machine-readable cause. */
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** The machine failed, not the work (memory, time, disk): run the same command again. */
export class RetryLaterError extends GenerateError {
  override readonly name = 'RetryLaterError'
}

/** What an error, or whatever else was thrown, says. */
export const reasonOf = (e: unknown): string => (e instanceof Error ? e.message : String(e))

/** Out of memory, as engines word it; no property of the clip, so never a reason for quarantine. */
export const isOutOfMemory = (e: unknown): boolean =>
  e instanceof Error &&
  ((e as { code?: string }).code === 'ERR_WORKER_OUT_OF_MEMORY' ||
    // The renderer's own words when WebAssembly memory cannot grow.
    /the machine has no memory for/.test(e.message) ||
    (e instanceof RangeError &&
      /allocation failed|out of memory|could not allocate|Invalid typed array length|Array buffer/i.test(e.message)))

/** The cause that a quarantined index is filed under, from the error's own name. */
export function quarantineCode(error: unknown): string {
  if (error instanceof QuarantineError) return error.code
  if (error instanceof WebAssembly.RuntimeError) return 'kernel-trap'
  const name = error instanceof Error ? error.name : 'Error'
  return (
    name
      .replace(/Error$/, '')
      .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
      .toLowerCase() || 'error'
  )
}
