/** One side of the comparison: a long-lived process that builds a workload and steps it, asked by JSON lines (torch/server.py has the commands). */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface Build {
  readonly build: string
  readonly threads: number
  readonly dropout?: number
  /** Safetensors files: batches with a leading axis of steps; weights under the peer's names and layouts. */
  readonly batches?: string
  readonly weights?: string
  readonly layers?: number
  readonly [option: string]: unknown
}

export interface Built {
  /** Seconds from the command to a network that can step, without the import of the library. */
  readonly seconds: number
  /** The same of the processor's time. */
  readonly cpu: number
  readonly import: number
  readonly parameters: number
  /** Bytes resident before the network was built, the library loaded. */
  readonly idle: number
}

export interface Steps {
  readonly ms: number[]
  /** The process's time on all cores. */
  readonly cpu: number[]
  readonly losses: number[][]
}

export interface Memory {
  /** Bytes resident, bytes of it that belong to no file, and the greatest resident size so far. */
  readonly rss: number
  readonly anonymous: number
  readonly peak: number
}

const pins = process.platform === 'linux' && spawnSync('taskset', ['--version']).status === 0

export class Side {
  readonly name: string
  readonly #child: ChildProcessWithoutNullStreams
  readonly #lines: AsyncIterator<string>
  #errors = ''

  /** `cores`: how many the process may use; one core is the last one, away from what the system does on the first. */
  constructor(name: string, command: readonly string[], cores: number, environment: Record<string, string> = {}) {
    this.name = name
    const pinned = pins ? ['taskset', '-c', cores === 1 ? '1' : `0-${cores - 1}`, ...command] : command
    this.#child = spawn(pinned[0]!, pinned.slice(1), { env: { ...process.env, ...environment } })
    this.#child.stderr.on('data', d => (this.#errors = (this.#errors + d).slice(-4000)))
    this.#child.on('error', e => (this.#errors += e.message))
    this.#child.stdin.on('error', () => {})
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()
  }

  async #ask<T>(command: object): Promise<T> {
    this.#child.stdin.write(`${JSON.stringify(command)}\n`)
    const { value, done } = await this.#lines.next()
    if (done) throw new Error(`${this.name} ended: ${this.#errors || 'no message'}`)
    const answer = JSON.parse(value) as T & { error?: string }
    if (answer.error) throw new Error(`${this.name}: ${answer.error}`)
    return answer
  }

  build = (c: Build) => this.#ask<Built>(c)
  steps = (count: number) => this.#ask<Steps>({ steps: count })
  memory = () => this.#ask<Memory>({ memory: true })
  dump = (file: string) => this.#ask<object>({ dump: file })
  version = () => this.#ask<Record<string, string>>({ version: true })

  async close(): Promise<void> {
    this.#child.stdin.end()
    if (this.#child.exitCode === null && this.#child.signalCode === null) await new Promise(done => this.#child.once('close', done))
  }
}

export const ours = (cores: number): Side =>
  new Side('Diorama', [process.execPath, ...process.execArgv, fileURLToPath(new URL('server.ts', import.meta.url))], cores)

const python = process.env['DIORAMA_TORCH_PYTHON'] ?? 'python3'

export const peer = (cores: number): Side =>
  new Side('PyTorch', [python, '-B', fileURLToPath(new URL('torch/server.py', import.meta.url))], cores, { OMP_NUM_THREADS: `${cores}` })

/** The peer's version, or why there is none. */
export async function peerVersion(): Promise<{ version: string } | { reason: string }> {
  const side = peer(1)
  try {
    return { version: (await side.version())['torch']! }
  } catch (error) {
    return {
      reason: `${python} cannot run PyTorch (name another with DIORAMA_TORCH_PYTHON): ${(error as Error).message.trim().split('\n').at(-1)}`,
    }
  } finally {
    await side.close()
  }
}
