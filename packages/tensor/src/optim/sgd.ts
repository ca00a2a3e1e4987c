import { sgd as kernelSgd } from '../kernel/passes.ts'
import type { Method } from './method.ts'
import { type Schedule, scheduleOf } from './schedule.ts'

export interface SgdOptions {
  readonly lr: number | Schedule
  /** Factor on the buffer of past gradients. Default 0. */
  readonly momentum?: number
  /** The new gradient enters the buffer times 1 − dampening. Default 0. */
  readonly dampening?: number
  /** Nesterov's momentum as PyTorch writes it: the step is g + momentum·buffer. Default false. */
  readonly nesterov?: boolean
  /** Penalty added to the gradient: l2·p (what PyTorch's SGD calls weight_decay). Default 0. */
  readonly l2?: number
  /** Decoupled decay: p loses lr·weightDecay·p. Default 0. */
  readonly weightDecay?: number
}

/** Stochastic gradient descent: b ← momentum·b + (1 − dampening)·g, p ← p − lr·b. The buffer starts at zero. */
export function sgd({ lr, momentum = 0, dampening = 0, nesterov = false, l2 = 0, weightDecay = 0 }: SgdOptions): Method {
  const heavy = momentum !== 0
  return {
    name: 'sgd',
    lr: scheduleOf(lr),
    weightDecay,
    elementwise: true,
    memory: shape => (heavy ? { buffer: shape.reduce((a, b) => a * b, 1) } : {}),
    pass: (arena, { value, gradient, memory }, at) =>
      kernelSgd(arena, value, gradient, memory['buffer'], { ...at, momentum, dampening, nesterov: heavy && nesterov, l2 }),
    reference: ({ value: p, gradient, memory }, at) => {
      const b = memory['buffer']
      for (let i = 0; i < p.length; i++) {
        const g = gradient[i]! * at.gradientScale + l2 * p[i]!
        if (b) b[i] = momentum * b[i]! + (1 - dampening) * g
        const step = !b ? g : nesterov ? g + momentum * b[i]! : b[i]!
        p[i] = p[i]! - at.lr * at.weightDecay * p[i]! - at.lr * step
      }
    },
  }
}
