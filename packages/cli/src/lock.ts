/** One process a folder: two that write to the same set would clear each other's unfinished clips away. */
import { createHash } from 'node:crypto'
import { realpathSync, rmSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { RetryLaterError } from '@dioramic/generate'

/** The folder by its one true name, links resolved as far as it exists. */
function trueName(folder: string): string {
  try {
    return realpathSync(folder)
  } catch {
    return dirname(folder) === folder ? folder : join(trueName(dirname(folder)), basename(folder))
  }
}

/** A name that the system frees when its owner dies, however it dies; on macOS and BSD a file, which may be left behind. */
function address(folder: string): { readonly path: string; readonly isFile: boolean } {
  const name = `diorama-${createHash('sha256')
    .update(trueName(resolve(folder)))
    .digest('hex')
    .slice(0, 32)}`
  if (process.platform === 'linux') return { path: `\0${name}`, isFile: false }
  if (process.platform === 'win32') return { path: `\\\\.\\pipe\\${name}`, isFile: false }
  return { path: join(tmpdir(), `${name}.sock`), isFile: true }
}

const listen = (path: string): Promise<Server> =>
  new Promise((done, fail) => {
    const server = createServer(s => s.destroy())
    server.once('error', fail)
    server.listen(path, () => done(server.unref()))
  })

const answers = (path: string): Promise<boolean> =>
  new Promise(done => {
    const socket = connect(path, () => done(true))
    socket.on('error', () => done(false)).on('connect', () => socket.destroy())
  })

/**
 * Keeps other processes of this machine from writing to `folder`, which is not touched, until the result is called or the process ends.
 *
 * @throws RetryLaterError when another process has it
 */
export async function lockFolder(folder: string): Promise<() => void> {
  const { path, isFile } = address(folder)
  let server: Server | undefined
  for (const attempt of [0, 1]) {
    try {
      server = await listen(path)
      break
    } catch (e) {
      // Where no lock can be had at all, the run goes on without one.
      if ((e as NodeJS.ErrnoException).code !== 'EADDRINUSE') return () => {}
      if (attempt === 1 || !isFile || (await answers(path)))
        throw new RetryLaterError(`another process is writing to ${folder}; run this again when it has ended, or choose another folder`)
      rmSync(path, { force: true })
    }
  }
  return () => server?.close()
}
