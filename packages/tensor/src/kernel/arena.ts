/**
 * One kernel with its own memory of fixed size. Buffers are views of that memory, allocated one after another; the memory never grows, so
 * a view stays valid for the arena's life, and onnxruntime-node reads and writes it in place.
 */
import { TensorError } from '../error.ts'
import { type KernelExports, SHARED_CALLS, type SharedCall } from './exports.ts'
import { type HelperSetup, lookWhile } from './helper.ts'
import { ARENA_START, MAILBOX_ARGUMENTS, MAX_THREADS, mailbox, PAGE, POSTED, QUIT, scratch } from './layout.ts'
import { compileModule, instantiate } from './module.ts'

/** Any view an arena hands out. */
export type ArenaView = Float32Array | Float64Array | Int32Array | Uint32Array | BigInt64Array | Uint8Array

export interface ArenaOptions {
  /** kernel.wasm */
  readonly kernel: Uint8Array
  /** Room for views, in bytes; each view takes its bytes rounded up to 64. At most 4 GiB less 80 KiB. Untouched room costs no memory. */
  readonly bytes: number
  /** Threads for large passes, the caller's own included; default 1. More than one needs shared memory and `spawn`. */
  readonly threads?: number
  /** Starts a worker that calls `serve(setup)`; returns how to let go of it. */
  readonly spawn?: (setup: HelperSetup) => Helper
  /** Work in nanoseconds below which a pass is left to the caller's thread. Default 120,000. */
  readonly worth?: number
}
export interface Helper {
  /** Resolves once the worker has its setup; rejects if it could not start. */
  readonly ready: Promise<void>
  terminate(): void
}

/** The last page stays unused so that no end address wraps. */
const LIMIT = 65535 * PAGE - ARENA_START
/** Milliseconds that the caller looks for a helper's end before it sleeps. */
const PATIENCE = 0.1
/** Nanoseconds of work below which helpers are let sleep: waking one takes 20 to 40 µs. */
const WORTH = 120_000

/** A block of WebAssembly memory of fixed size, and the kernel that works on it. */
export class Arena {
  readonly call: KernelExports
  readonly memory: WebAssembly.Memory
  readonly threads: number
  private readonly worth: number
  private readonly helpers: readonly Helper[]
  private readonly end: number
  private top = ARENA_START
  private touched = ARENA_START
  private closed = false

  private constructor(call: KernelExports, memory: WebAssembly.Memory, end: number, helpers: readonly Helper[], worth: number) {
    this.call = call
    this.memory = memory
    this.end = end
    this.helpers = helpers
    this.worth = worth
    this.threads = helpers.length + 1
    call.setScratch(scratch(0))
  }

  /** @throws TensorError if the size is not to be had */
  static async create({ kernel, bytes, threads = 1, spawn, worth = WORTH }: ArenaOptions): Promise<Arena> {
    if (!Number.isInteger(threads) || threads < 1 || threads > MAX_THREADS) {
      throw new TensorError(`an arena has 1 to ${MAX_THREADS} threads, not ${threads}`)
    }
    if (threads > 1 && !spawn) throw new TensorError(`an arena of ${threads} threads needs a way to start them; use one thread here`)
    if (!Number.isSafeInteger(bytes) || bytes < 0) throw new TensorError(`the size of an arena is a whole number of bytes, not ${bytes}`)
    if (bytes > LIMIT) {
      throw new TensorError(`an arena of ${mebibytes(bytes)} is more than the ${mebibytes(LIMIT)} that one can have (4 GiB); use several`)
    }
    const pages = Math.ceil((ARENA_START + bytes) / PAGE)
    const shared = threads > 1
    let memory: WebAssembly.Memory
    try {
      memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared })
    } catch (cause) {
      throw new TensorError(`the machine has no memory for an arena of ${mebibytes(bytes)}: use a smaller model or batch`, { cause })
    }
    const module = await compileModule(kernel, shared)
    const helpers: Helper[] = []
    for (let thread = 1; thread < threads; thread++) helpers.push(spawn!({ module, memory, thread }))
    try {
      await Promise.all(helpers.map(helper => helper.ready))
    } catch (cause) {
      for (const helper of helpers) helper.terminate()
      throw new TensorError(`the arena's threads did not start: ${cause instanceof Error ? cause.message : cause}`, { cause })
    }
    return new Arena(instantiate<KernelExports>(module, memory), memory, pages * PAGE, helpers, worth)
  }

  /** Bytes taken by views. */
  get used(): number {
    return this.top - ARENA_START
  }
  /** Bytes that views can have in all. */
  get size(): number {
    return this.end - ARENA_START
  }

  /** A view of `length` zeros; `what` names it in the error when there is no room. */
  f32(length: number, what?: string): Float32Array {
    return new Float32Array(this.memory.buffer, this.allocate(length, 4, what), length)
  }
  f64(length: number, what?: string): Float64Array {
    return new Float64Array(this.memory.buffer, this.allocate(length, 8, what), length)
  }
  i32(length: number, what?: string): Int32Array {
    return new Int32Array(this.memory.buffer, this.allocate(length, 4, what), length)
  }
  u32(length: number, what?: string): Uint32Array {
    return new Uint32Array(this.memory.buffer, this.allocate(length, 4, what), length)
  }
  i64(length: number, what?: string): BigInt64Array {
    return new BigInt64Array(this.memory.buffer, this.allocate(length, 8, what), length)
  }
  u8(length: number, what?: string): Uint8Array {
    return new Uint8Array(this.memory.buffer, this.allocate(length, 1, what), length)
  }

  /** End of what is allocated; `release(mark)` drops everything allocated since. Dropped views must not be used again. */
  mark(): number {
    return this.top
  }
  release(mark: number): void {
    if (mark < ARENA_START || mark > this.top || mark % 64 !== 0) throw new TensorError(`${mark} is not a mark of this arena`)
    this.top = mark
  }

  /** Whether a view lies in this arena. */
  owns(view: ArrayBufferView): boolean {
    return view.buffer === this.memory.buffer
  }
  /** The address of a view. @throws TensorError if it is not of this arena */
  address(view: ArrayBufferView, what: string): number {
    if (view.buffer !== this.memory.buffer) {
      throw new TensorError(`${what} is not a view of this arena: allocate it with arena.f32 and the like, or copy it there`)
    }
    return view.byteOffset
  }

  /**
   * Makes a call over the items [0, total), cut between the threads at multiples of `grain` if that is worth their waking: an item takes
   * some `nanoseconds`.
   * `args(from, to)` gives the call's arguments for a part.
   */
  split(name: SharedCall, total: number, grain: number, nanoseconds: number, args: (from: number, to: number) => readonly number[]): void {
    const call = this.call[name] as (...args: number[]) => void
    if (this.helpers.length === 0 || total * nanoseconds < this.worth || this.closed) {
      call(...args(0, total))
      return
    }
    const part = Math.ceil(total / this.threads / grain) * grain
    let posted = 0
    for (let t = 1; t < this.threads && part * t < total; t++, posted++) this.post(t, name, args(part * t, Math.min(total, part * (t + 1))))
    call(...args(0, Math.min(part, total)))
    let failed = false
    for (let t = 1; t <= posted; t++) failed = this.join(t) || failed
    if (failed) throw new TensorError(`a thread of the kernel failed in ${name}: its arguments reach outside the arena`)
  }

  /** Lets the threads go. The arena goes on working with one. */
  close(): void {
    if (this.closed) return
    this.closed = true
    for (let t = 1; t < this.threads; t++) {
      const box = this.box(t)
      Atomics.store(box, 0, QUIT)
      Atomics.notify(box, 0)
    }
    for (const helper of this.helpers) helper.terminate()
  }

  private box(thread: number): Int32Array {
    return new Int32Array(this.memory.buffer, mailbox(thread), 4)
  }

  private post(thread: number, name: SharedCall, args: readonly number[]): void {
    const box = this.box(thread)
    new Float64Array(this.memory.buffer, mailbox(thread) + MAILBOX_ARGUMENTS, args.length).set(args)
    box[1] = SHARED_CALLS.indexOf(name)
    box[2] = args.length
    Atomics.store(box, 0, POSTED)
    Atomics.notify(box, 0)
  }

  /** Waits for a thread; whether its call failed. */
  private join(thread: number): boolean {
    const box = this.box(thread)
    while (lookWhile(box, POSTED, PATIENCE) === POSTED) {
      try {
        Atomics.wait(box, 0, POSTED)
      } catch {
        // A page's main thread may not sleep: it goes on looking.
      }
    }
    return box[3] !== 0
  }

  private allocate(length: number, size: number, what = 'a view'): number {
    if (!Number.isSafeInteger(length) || length < 0) throw new TensorError(`the length of ${what} is a whole number, not ${length}`)
    const at = this.top
    const end = Math.ceil((at + length * size) / 64) * 64
    if (end > this.end) {
      throw new TensorError(
        `${what} needs ${length * size} bytes, but ${this.end - at} of the arena's ${this.size} are left (the limit of one arena is 4 GiB): ask for a larger arena`,
      )
    }
    // Memory that was never used is zero.
    if (at < this.touched) new Uint8Array(this.memory.buffer, at, Math.min(end, this.touched) - at).fill(0)
    this.touched = Math.max(this.touched, end)
    this.top = end
    return at
  }
}

const mebibytes = (bytes: number) => `${(bytes / 1048576).toFixed(1)} MiB`
