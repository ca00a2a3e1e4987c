import { adam as kernelAdam } from '../kernel/passes.ts'
import type { Method } from './method.ts'
import { type Schedule, scheduleOf } from './schedule.ts'

export interface AdamOptions {
  readonly lr: number | Schedule
  /** Decays of the moments. Default [0.9, 0.999]. */
  readonly betas?: readonly [number, number]
  /** Added outside the root. Default 1e-8. */
  readonly epsilon?: number
  /** Penalty added to the gradient: l2·p (what PyTorch's Adam calls weight_decay). Default 0. */
  readonly l2?: number
}

function method(
  name: string,
  { lr, betas: [beta1, beta2] = [0.9, 0.999], epsilon = 1e-8, l2 = 0 }: AdamOptions,
  weightDecay: number,
): Method {
  return {
    name,
    lr: scheduleOf(lr),
    weightDecay,
    elementwise: true,
    memory: shape => {
      const n = shape.reduce((a, b) => a * b, 1)
      return { m: n, v: n }
    },
    pass: (arena, { value, gradient, memory }, at) =>
      kernelAdam(arena, value, gradient, memory['m']!, memory['v']!, { ...at, beta1, beta2, epsilon, l2 }),
    reference: ({ value: p, gradient, memory }, { step, lr: rate, weightDecay: decay, gradientScale }) => {
      const m = memory['m']!
      const v = memory['v']!
      const c1 = 1 - beta1 ** step
      const c2 = 1 - beta2 ** step
      for (let i = 0; i < p.length; i++) {
        const g = gradient[i]! * gradientScale + l2 * p[i]!
        m[i] = beta1 * m[i]! + (1 - beta1) * g
        v[i] = beta2 * v[i]! + (1 - beta2) * g * g
        p[i] = p[i]! - rate * decay * p[i]! - (rate * (m[i]! / c1)) / (Math.sqrt(v[i]! / c2) + epsilon)
      }
    },
  }
}

/** Adam (Kingma & Ba, ICLR 2015). */
export const adam = (options: AdamOptions): Method => method('adam', options, 0)

/** Adam with decoupled weight decay, 0.01 unless told: p loses lr·weightDecay·p (Loshchilov & Hutter, ICLR 2019). */
export const adamw = ({ weightDecay = 0.01, ...options }: Omit<AdamOptions, 'l2'> & { readonly weightDecay?: number }): Method =>
  method('adamw', options, weightDecay)
