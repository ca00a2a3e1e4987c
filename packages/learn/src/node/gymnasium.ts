/** A world that lives in a Python process: any environment of Gymnasium (Towers et al. 2024), over a pipe, one JSON line a message. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Key } from '@dioramic/tensor'
import type { Outcome, Space, World } from '../agent/contracts.ts'
import { AgentError } from '../agent/error.ts'

export interface GymnasiumOptions {
  /** Its id, such as `CartPole-v1`. */
  readonly id: string
  /** The interpreter that has gymnasium. Default: the variable DIORAMA_PYTHON, else `python3`. */
  readonly python?: string
  /** Keyword arguments of `gymnasium.make`. */
  readonly options?: Readonly<Record<string, unknown>>
}

/** Observations are numbers (discrete) or flat vectors (box). */
export interface GymnasiumWorld extends World<number | Float64Array, number | ArrayLike<number>> {
  readonly observations: Space
  close(): Promise<void>
}

const SERVER = `
import json, sys
try:
    import gymnasium
except ImportError as e:
    print(json.dumps({"error": "gymnasium is not installed: " + str(e)}), flush=True); sys.exit(1)
import numpy as np
out, sys.stdout = sys.stdout, sys.stderr
def send(m): out.write(json.dumps(m) + "\\n"); out.flush()
def flat(x): return int(x) if np.ndim(x) == 0 and np.issubdtype(np.asarray(x).dtype, np.integer) else np.asarray(x, dtype=float).ravel().tolist()
def space(s):
    if isinstance(s, gymnasium.spaces.Discrete) and s.start == 0: return {"type": "discrete", "count": int(s.n)}
    if isinstance(s, gymnasium.spaces.Box):
        big = np.finfo(np.float64).max
        return {"type": "box", "low": np.clip(s.low.astype(float), -big, big).ravel().tolist(), "high": np.clip(s.high.astype(float), -big, big).ravel().tolist()}
    raise ValueError("spaces are Box, or Discrete from 0, not " + str(s))
try:
    env = gymnasium.make(sys.argv[1], **json.loads(sys.argv[2]))
    box = isinstance(env.action_space, gymnasium.spaces.Box)
    send({"actions": space(env.action_space), "observations": space(env.observation_space)})
    for line in sys.stdin:
        m = json.loads(line)
        if "seed" in m:
            o, _ = env.reset(seed=m["seed"]); send({"observation": flat(o)})
        else:
            a = np.asarray(m["action"], dtype=env.action_space.dtype).reshape(env.action_space.shape) if box else int(m["action"])
            o, r, terminal, truncated, _ = env.step(a)
            send({"observation": flat(o), "reward": float(r), "terminal": bool(terminal), "truncated": bool(truncated)})
except Exception as e:
    send({"error": type(e).__name__ + ": " + str(e)}); sys.exit(1)
`

interface Message {
  readonly error?: string
  readonly observation?: number | number[]
  readonly reward?: number
  readonly terminal?: boolean
  readonly truncated?: boolean
  readonly actions?: Space
  readonly observations?: Space
}

/** The process, and the lines that it answers. */
class Pipe {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #where: string
  readonly #lines: string[] = []
  #waiting: ((end: string | null) => void) | null = null
  #complaints = ''
  #end: string | null = null

  constructor(python: string, id: string, options: object) {
    this.#where = `${id} in ${python}`
    this.#child = spawn(python, ['-u', '-c', SERVER, id, JSON.stringify(options)])
    this.#child.stderr.on('data', d => (this.#complaints = `${this.#complaints}${d}`.slice(-2000)))
    // A write to a process that has died fails with EPIPE; that it died is said by its end.
    this.#child.stdin.on('error', () => {})
    createInterface(this.#child.stdout).on('line', line => {
      this.#lines.push(line)
      this.#wake()
    })
    this.#child.on('error', e => this.#over(`${e.message}. Give the interpreter as { python } or in DIORAMA_PYTHON`))
    this.#child.on('close', (code, signal) => {
      const last = this.#complaints.trim().split('\n').at(-1)
      this.#over(`the Python process ended (${signal ?? `exit code ${code}`})${last ? `; its last words: ${last}` : ''}`)
    })
  }

  async ask(message?: object): Promise<Message> {
    if (message && this.#end === null) this.#child.stdin.write(`${JSON.stringify(message)}\n`)
    if (this.#lines.length === 0 && this.#end === null) await new Promise(resolve => (this.#waiting = resolve))
    const line = this.#lines.shift()
    if (line === undefined) throw new AgentError(`${this.#where}: ${this.#end}`)
    const answer = JSON.parse(line) as Message
    if (answer.error) throw new AgentError(`${this.#where}: ${answer.error}`)
    return answer
  }

  async close(): Promise<void> {
    if (this.#end !== null) return
    const gone = new Promise(resolve => this.#child.once('close', resolve))
    this.#child.stdin.end()
    await gone
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  #over(why: string): void {
    this.#end ??= why
    this.#wake()
  }

  #wake(): void {
    this.#waiting?.(this.#end)
    this.#waiting = null
  }
}

/**
 * Starts Python and makes the environment. Close it when done.
 *
 * @throws AgentError without Python or gymnasium, for an id that is not there, for spaces that are not Box or Discrete, and from any method when the process dies
 */
export async function gymnasiumWorld({
  id,
  python,
  options = {},
}: GymnasiumOptions): Promise<GymnasiumWorld & { readonly pid: number | undefined }> {
  const pipe = new Pipe(python ?? process.env['DIORAMA_PYTHON'] ?? 'python3', id, options)
  const { actions, observations } = await pipe.ask()
  const seen = (o: number | number[]) => (typeof o === 'number' ? o : Float64Array.from(o))
  return {
    name: id,
    actions: actions!,
    observations: observations!,
    pid: pipe.pid,
    // Gymnasium takes seeds of 32 bits.
    reset: async (key: Key) => seen((await pipe.ask({ seed: key.words[0]! })).observation!),
    async step(action): Promise<Outcome<number | Float64Array>> {
      const { observation, reward, terminal, truncated } = await pipe.ask({
        action: typeof action === 'number' ? action : Array.from(action),
      })
      return { observation: seen(observation!), reward: reward!, terminal: terminal!, truncated: truncated! }
    },
    close: () => pipe.close(),
  }
}
