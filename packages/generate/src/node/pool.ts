/** Worker threads that make frames. The pool decides who makes what; the bytes cannot depend on it. */
import { Worker } from 'node:worker_threads'
import { isOutOfMemory, RetryLaterError } from '../error.ts'
import { readsBeside } from '../frame.ts'
import type { FrameSink } from '../inline.ts'
import type { Calibration } from './calibrate.ts'
import { ClipLights } from './clip-lights.ts'
import type { FrameFailure, FromWorker, ToWorker, WorkerSetup } from './protocol.ts'

export interface PoolOptions {
  readonly workers: number
  readonly setup: WorkerSetup
  /** Seconds that one frame may take before its worker is stopped. */
  readonly timeout: number
  readonly signal: AbortSignal
  /** Told what a quick look at the first clip says of the rest, before its frames are made; answers how many threads may share them. */
  readonly calibrated?: (c: Calibration) => number
}

interface Task {
  readonly clip: number
  readonly step: 'open' | 'light' | 'frame'
  /** 0 where the clip is opened. */
  readonly frame: number
  readonly attempt: number
}

interface Slot {
  readonly id: number
  worker: Worker | null
  task: Task | null
  /** The clip that its worker holds; another has to be built first. */
  clip: number | null
  timer: NodeJS.Timeout | null
}

const workerFile = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url)

/** Makes all frames of `clips`. Settles when every clip is whole or quarantined, or when the signal aborts (frames under way are dropped). */
export function runPool(clips: Iterable<number>, sink: FrameSink, options: PoolOptions): Promise<void> {
  return new Pool(clips, sink, options).run()
}

class Pool {
  private readonly upcoming: Iterator<number>
  private readonly sink: FrameSink
  private readonly options: PoolOptions
  private slots: Slot[]
  /** Frames to make of opened clips, oldest clip first; retries go to the front. */
  private queue: Task[] = []
  private readonly lights = new Map<number, ClipLights>()
  /** Whether light is made by itself, and frames of several frames' light. */
  private readonly staged: boolean
  private opening: number | null = null
  private dry = false
  private calibrated = false
  private settled = false
  private settle!: { resolve: () => void; reject: (e: Error) => void }

  constructor(clips: Iterable<number>, sink: FrameSink, options: PoolOptions) {
    this.upcoming = clips[Symbol.iterator]()
    this.sink = sink
    this.options = options
    const { settings, cycles } = options.setup
    this.staged = readsBeside(settings) && !cycles
    this.slots = Array.from({ length: options.workers }, (_, id) => ({ id, worker: null, task: null, clip: null, timer: null }))
  }

  run(): Promise<void> {
    const done = new Promise<void>((resolve, reject) => {
      this.settle = { resolve, reject }
    })
    const { signal } = this.options
    const abort = () => void this.finish()
    if (signal.aborted) abort()
    else {
      signal.addEventListener('abort', abort, { once: true })
      for (const slot of this.slots) this.feed(slot)
    }
    return done.finally(() => signal.removeEventListener('abort', abort))
  }

  /** Stops all threads, then settles. */
  private async finish(error?: Error): Promise<void> {
    if (this.settled) return
    this.settled = true
    await Promise.all(
      this.slots.map(s => {
        if (s.timer) clearTimeout(s.timer)
        return s.worker?.terminate()
      }),
    )
    if (error) this.settle.reject(error)
    else this.settle.resolve()
  }

  /** Of the clip at hand first: another has to be built. Frames whose light is there wait for a worker that has their clip, if any. */
  private next(slot: Slot): Task | null {
    const own = this.queue.findIndex(t => t.clip === slot.clip)
    const held = (t: Task) => this.slots.some(s => s !== slot && s.worker && s.clip === t.clip)
    const at = own >= 0 ? own : this.queue.findIndex(t => !this.staged || t.step !== 'frame' || !held(t))
    if (at >= 0) return this.queue.splice(at, 1)[0]!
    if (this.opening !== null || this.dry) return null
    const { done, value } = this.upcoming.next()
    if (done) {
      this.dry = true
      return null
    }
    this.opening = value
    return { clip: value, step: 'open', frame: 0, attempt: 0 }
  }

  private feed(slot: Slot): void {
    if (this.settled || slot.task) return
    const task = this.next(slot)
    if (!task) {
      if (this.dry && this.queue.length === 0 && this.opening === null && this.slots.every(s => !s.task)) void this.finish()
      return
    }
    slot.task = task
    slot.clip = task.clip
    slot.worker ??= this.start(slot)
    slot.timer = setTimeout(() => this.late(slot), this.options.timeout * 1000)
    slot.worker.postMessage(this.order(task))
  }

  private order({ clip, step, frame }: Task): ToWorker {
    if (step === 'open') return { type: 'open', clip, calibrate: this.options.calibrated !== undefined && !this.calibrated }
    if (step === 'light') return { type: 'light', clip, frame }
    return { type: 'frame', clip, frame, light: this.lights.get(clip)!.of(frame) }
  }

  private feedAll(): void {
    for (const s of this.slots) this.feed(s)
  }

  private start(slot: Slot): Worker {
    const worker = new Worker(workerFile, { workerData: this.options.setup, name: `diorama-${slot.id}` })
    worker.on('message', (m: FromWorker) => void this.message(slot, worker, m).catch(e => this.finish(e as Error)))
    worker.on('error', e => this.crashed(slot, worker, e))
    worker.on('exit', code => this.crashed(slot, worker, new Error(`a worker thread stopped with code ${code}`)))
    return worker
  }

  private release(slot: Slot): void {
    slot.task = null
    if (slot.timer) clearTimeout(slot.timer)
    slot.timer = null
  }

  private async message(slot: Slot, worker: Worker, m: FromWorker): Promise<void> {
    if (this.settled || slot.worker !== worker || !slot.task) return
    const { task } = slot
    if (m.type === 'failed') return this.failed(slot, task, m.failure)
    if (m.type === 'opened') {
      this.opening = null
      if (m.calibration) {
        this.calibrated = true
        const threads = this.options.calibrated?.(m.calibration) ?? this.slots.length
        // The others have not begun: nothing is handed out while the first clip is opened.
        this.slots = [slot, ...this.slots.filter(s => s !== slot)].slice(0, Math.max(1, threads))
      }
      this.sink.opened(m.clip, m.head)
      const { frames } = m.head.head
      this.lights.set(m.clip, new ClipLights(frames, this.options.setup.settings))
      const step = this.staged ? 'light' : 'frame'
      for (let frame = 0; frame < frames; frame++) this.queue.push({ clip: m.clip, step, frame, attempt: 0 })
    } else if (m.type === 'light') {
      // None when the clip was quarantined meanwhile by another frame. What can be finished goes before light that is to be made, so that little of it waits.
      const ready = this.lights.get(m.clip)?.add(m.frame, m.light) ?? []
      this.queue.unshift(...ready.map((frame): Task => ({ clip: m.clip, step: 'frame', frame, attempt: 0 })))
    } else {
      if (slot.timer) clearTimeout(slot.timer)
      // A clip quarantined meanwhile by another frame takes no more.
      await this.sink.frame(m.clip, m.result)
      if (this.lights.get(m.clip)?.finish(m.result.frame)) this.lights.delete(m.clip)
    }
    this.release(slot)
    this.feedAll()
  }

  private async failed(slot: Slot, task: Task, failure: FrameFailure): Promise<void> {
    if (failure.kind === 'machine') return this.finish(new RetryLaterError(`clip ${task.clip}: ${failure.reason}`))
    if (failure.kind === 'trap' && task.attempt === 0) {
      // The kernel's memory cannot be trusted after a trap: a new thread, once.
      const old = slot.worker
      slot.worker = null
      this.release(slot)
      await old?.terminate()
      this.retry(task)
      return
    }
    await this.quarantine(task, failure.code, failure.reason)
    if (failure.kind === 'trap') {
      const old = slot.worker
      slot.worker = null
      await old?.terminate()
    }
    this.release(slot)
    this.feedAll()
  }

  private async quarantine(task: Task, code: string, reason: string): Promise<void> {
    this.queue = this.queue.filter(t => t.clip !== task.clip)
    this.lights.delete(task.clip)
    if (task.step === 'open') this.opening = null
    await this.sink.quarantined(task.clip, code, reason)
  }

  private retry(task: Task): void {
    // Another frame may have quarantined the clip.
    if (task.step === 'open' || this.lights.has(task.clip)) this.queue.unshift({ ...task, attempt: task.attempt + 1 })
    this.feedAll()
  }

  private crashed(slot: Slot, worker: Worker, error: Error): void {
    if (this.settled || slot.worker !== worker) return
    slot.worker = null
    const { task } = slot
    this.release(slot)
    if (!task) return
    if (isOutOfMemory(error)) {
      void this.finish(
        new RetryLaterError(
          `clip ${task.clip}: a worker ran out of memory; use fewer --workers, or a machine with more memory, and --resume`,
        ),
      )
    } else if (task.attempt === 0) this.retry(task)
    else {
      const where = task.step === 'open' ? 'while it was built' : `in frame ${task.frame}`
      void this.quarantine(task, 'crash', `its worker died twice ${where}: ${error.message}`).then(
        () => this.feedAll(),
        e => this.finish(e as Error),
      )
    }
  }

  private late(slot: Slot): void {
    const { task, worker } = slot
    if (this.settled || !task) return
    slot.worker = null
    this.release(slot)
    void worker?.terminate()
    if (task.attempt === 0) this.retry(task)
    else {
      const what = task.step === 'open' ? `building clip ${task.clip}` : `frame ${task.frame} of clip ${task.clip}`
      void this.finish(
        new RetryLaterError(
          `${what} took longer than ${this.options.timeout} s twice; raise --timeout, or lower --spp or --size, and --resume`,
        ),
      )
    }
  }
}
