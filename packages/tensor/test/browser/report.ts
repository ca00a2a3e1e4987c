/** Runs an entry's work and writes what it returns, or how it failed, into the page. */
export async function report(work: () => Promise<unknown>): Promise<void> {
  try {
    document.body.textContent = JSON.stringify(await work())
    document.title = 'done'
  } catch (error) {
    document.body.textContent = error instanceof Error ? `${error.message}\n${error.stack}` : String(error)
    document.title = 'failed'
  }
}
