/** What every decoder throws on bytes it cannot read, and every encoder on values the format cannot hold. */
export class CodecError extends Error {
  /** Machine-readable: `png.truncated`, `obj.index`, … */
  readonly code: string
  /** Place in the input: a byte offset, a line, a chunk. */
  readonly where?: string
  /** What to do about it. */
  readonly hint?: string

  constructor(code: string, what: string, where?: string, hint?: string, cause?: unknown) {
    super(`${what}${where ? ` (at ${where})` : ''}${hint ? `. ${hint}` : ''}`, cause === undefined ? undefined : { cause })
    this.name = 'CodecError'
    this.code = code
    if (where !== undefined) this.where = where
    if (hint !== undefined) this.hint = hint
  }
}

/** Runs a decoder; whatever it throws that is not yet a CodecError becomes one, so callers meet one kind of error. */
export function guarded<T>(format: string, decode: () => T): T {
  try {
    return decode()
  } catch (error) {
    if (error instanceof CodecError) throw error
    throw corrupt(format, error)
  }
}

/** As `guarded`, for decoders that wait. */
export async function guardedAsync<T>(format: string, decode: () => Promise<T>): Promise<T> {
  try {
    return await decode()
  } catch (error) {
    if (error instanceof CodecError) throw error
    throw corrupt(format, error)
  }
}

function corrupt(format: string, error: unknown): CodecError {
  const message = error instanceof Error ? error.message : String(error)
  return new CodecError(
    `${format}.corrupt`,
    `corrupt ${format.toUpperCase()} data: ${message}`,
    undefined,
    'Fetch or export the file again',
    error,
  )
}
