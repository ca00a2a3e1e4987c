/** What a caller did wrong while building, compiling or running a graph. The message says what, where and what to do. */
export class TensorError extends Error {
  override readonly name: string = 'TensorError'
}

/** An operator was given shapes or types that it cannot take. Raised while tracing, with the operator, the shapes and the caller's line. */
export class ShapeError extends TensorError {
  override readonly name = 'ShapeError'
  /** What is wrong, without the place. */
  readonly reason: string

  constructor(reason: string) {
    const at = userLine()
    super(at ? `${reason}\n  at ${at}` : reason)
    this.reason = reason
  }
}

/** The line of the user's code that is running now; layers call layers, so it may be far down the stack. */
export function userLine(): string | undefined {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 100
  const { stack } = new Error()
  Error.stackTraceLimit = limit
  return callerLine(stack)
}

const HERE = new URL('./', import.meta.url).href
const PATH = HERE.startsWith('file://') ? decodeURIComponent(HERE.slice('file://'.length)) : HERE

/** The first line of a stack that is outside this package's own source: where the user wrote what went wrong. */
export function callerLine(stack: string | undefined): string | undefined {
  for (const line of (stack ?? '').split('\n').slice(1)) {
    const place = /\(?((?:file:\/\/|https?:\/\/|\/|[A-Za-z]:[\\/])[^()]*:\d+:\d+)\)?$/.exec(line.trim())?.[1]
    if (place === undefined || place.startsWith('node:')) continue
    const ours = place.startsWith(HERE) || place.startsWith(PATH)
    if (!ours || /\.test\.ts:\d+:\d+$/.test(place)) return place.replace(/^file:\/\//, '')
  }
  return undefined
}
