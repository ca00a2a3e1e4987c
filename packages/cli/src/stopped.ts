/** SIGINT and SIGTERM as a signal that work ends at: the first is heard, a second ends the process. */
export function stopped(): { readonly signal: AbortSignal; release(): void } {
  const stop = new AbortController()
  const heard = () => stop.abort()
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, heard)
  return {
    signal: stop.signal,
    release: () => {
      for (const name of ['SIGTERM', 'SIGINT'] as const) process.off(name, heard)
    },
  }
}
