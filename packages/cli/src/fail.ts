/** Errors, as people read them: one message, one exit code. */
import pc from 'picocolors'

/** 0 all is well, 1 something was found wrong (a quarantined clip, an invalid data set), 2 usage, 75 try the same command again. */
export const EXIT = { ok: 0, found: 1, usage: 2, software: 70, tryAgain: 75 } as const

/** Wrong use of the command: says what, where and what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Errors that packages throw for what a caller can mend. Anything else is a fault of Diorama. */
const MENDABLE =
  /^(UsageError|GenerateError|QuarantineError|DataError|LabelError|PhysicsError|PlacementError|RenderError|ResolveError|MeshError|TextureError|EnvironmentError|AssetError|CodecError|CalibrationError|MissingBlob|ZodError|LabError|TheoryError|AgentError|EmbeddingError|TabularError|SoupError|GanError|MupError|LanguageError|BlockRecurrentError|DepthError|SmlpError|NonFiniteError|DivergedError|TensorError|ShapeError|CheckpointError|OnnxError)$/

export function exitCodeOf(error: Error): number {
  if (error.name === 'RetryLaterError') return EXIT.tryAgain
  if (/disk is full|ENOSPC/.test(error.message)) return EXIT.tryAgain
  return MENDABLE.test(error.name) || (error as NodeJS.ErrnoException).code?.startsWith('E') ? EXIT.usage : EXIT.software
}

/** Prints an error and returns the exit code. */
export function report(error: unknown, debug: boolean): number {
  const e = error instanceof Error ? error : new Error(String(error))
  const code = exitCodeOf(e)
  const mark = pc.red('error')
  if (code === EXIT.software) process.stderr.write(`${mark}: this is a fault of Diorama, please report it: ${e.name}: ${e.message}\n`)
  else process.stderr.write(`${mark}: ${e.message}\n`)
  if (debug) process.stderr.write(`${e.stack ?? ''}\n${e.cause instanceof Error ? `caused by ${e.cause.stack}\n` : ''}`)
  else if (code === EXIT.software) process.stderr.write('Run again with --debug for the stack trace.\n')
  return code
}
