/** What an optimiser is: how much it remembers of each parameter, and one update, as a pass of the kernel and as plain arithmetic. */
import type { Shape } from '../graph/dtype.ts'
import type { Arena } from '../kernel/arena.ts'
import type { Schedule } from './schedule.ts'

/** A parameter to be updated. In the kernel's passes all arrays are views of the arena. */
export interface Target<A extends Float32Array | Float64Array> {
  readonly value: A
  readonly gradient: A
  /** What the method remembers, by the names that `memory` gave. */
  readonly memory: Readonly<Record<string, A>>
  readonly shape: Shape
  /** Leading copies that are parameters of their own. */
  readonly stack: number
}

/** One update of a parameter. */
export interface Moment {
  /** Number of the update, 1 at first. */
  readonly step: number
  /** The rate, this parameter's factor included. */
  readonly lr: number
  /** The decay, this parameter's factor included: decoupled, the parameter loses lr·weightDecay of itself. */
  readonly weightDecay: number
  /** Factor on the gradient: clipping, the mean of accumulated gradients. */
  readonly gradientScale: number
}

export interface Method {
  readonly name: string
  readonly lr: Schedule
  readonly weightDecay: number
  /** Lengths of what is remembered of a parameter; zeros at first. */
  memory(shape: Shape, stack: number): Readonly<Record<string, number>>
  /** Elements do not depend on each other, so neighbours with equal factors may be updated as one vector. */
  readonly elementwise: boolean
  /** Updates in place by the kernel. `scratch` makes views that live as long as the arena. */
  pass(arena: Arena, target: Target<Float32Array>, at: Moment): void
  /** The same in double precision, for tests and for understanding. */
  reference(target: Target<Float64Array>, at: Moment): void
}
