/** Every primitive operator's meaning, by name. */

import type { NDArray } from '../../graph/array.ts'
import { toValue } from '../values.ts'
import { conv } from './conv.ts'
import { elementwise } from './elementwise.ts'
import { gather } from './gather.ts'
import type { Kernel } from './kernel.ts'
import { matmul } from './matmul.ts'
import { normalize } from './normalize.ts'
import { order } from './order.ts'
import { pool } from './pool.ts'
import { random } from './random.ts'
import { reduce } from './reduce.ts'
import { shape } from './shape.ts'
import { softmax } from './softmax.ts'

export const KERNELS: Record<string, Kernel> = {
  constant: (({ attrs, precision }) => [toValue((attrs as { value: NDArray }).value, precision)]) as Kernel,
  ...elementwise,
  ...shape,
  ...reduce,
  ...matmul,
  ...softmax,
  ...normalize,
  ...gather,
  ...order,
  ...conv,
  ...pool,
  ...random,
}
