/** Contact events: per-step touches of two objects, merged over the steps they last. */
import type { Vec3 } from '@dioramic/scene'
import type { ContactEvent } from './motion.ts'

/** What two objects felt of each other in one step, objects[0] < objects[1]. */
export interface Touch {
  readonly objects: readonly [number, number]
  /** Sum of the normal impulses of the step, N s; > 0. */
  readonly impulse: number
}

/** What is read once, at the first step of a contact. */
export interface FirstTouch {
  /** Seconds. */
  readonly time: number
  readonly point: Vec3
  readonly normal: Vec3
  readonly relativeVelocity: Vec3
}

/** A contact that stops for this many steps or fewer goes on: solvers let resting bodies flicker. */
export const FLICKER_STEPS = 2

type Open = { -readonly [K in keyof ContactEvent]: ContactEvent[K] } & { lastStep: number }

export class ContactRecorder {
  readonly #open = new Map<string, Open>()
  readonly #closed: ContactEvent[] = []
  readonly #start: number
  readonly #rate: number

  /** Step i runs from start + i / rate to start + (i + 1) / rate. */
  constructor(start: number, rate: number) {
    this.#start = start
    this.#rate = rate
  }

  /** The touches of step i, each pair once; `first` is asked when a contact begins. */
  step(i: number, touches: readonly Touch[], first: (touch: Touch) => FirstTouch): void {
    const end = this.#start + (i + 1) / this.#rate
    for (const touch of touches) {
      const key = touch.objects.join()
      const force = touch.impulse * this.#rate
      const open = this.#open.get(key)
      if (open === undefined) {
        const { time, ...at } = first(touch)
        this.#open.set(key, {
          objects: touch.objects,
          begin: time,
          end,
          impulse: touch.impulse,
          maxForce: force,
          maxForceTime: end,
          ...at,
          lastStep: i,
        })
        continue
      }
      open.end = end
      open.impulse += touch.impulse
      open.lastStep = i
      if (force > open.maxForce) {
        open.maxForce = force
        open.maxForceTime = end
      }
    }
    for (const [key, open] of this.#open) {
      if (i - open.lastStep > FLICKER_STEPS) {
        this.#close(open, open.end)
        this.#open.delete(key)
      }
    }
  }

  /** All events of a motion that ended; ordered by begin, then by ids. */
  finish(): readonly ContactEvent[] {
    for (const open of this.#open.values()) this.#close(open, null)
    this.#open.clear()
    return this.#closed.sort((a, b) => a.begin - b.begin || a.objects[0] - b.objects[0] || a.objects[1] - b.objects[1])
  }

  #close({ lastStep: _, ...event }: Open, end: number | null): void {
    this.#closed.push({ ...event, end })
  }
}
