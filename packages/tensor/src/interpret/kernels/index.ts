/** Every primitive operator's meaning, by name. */

import type { NDArray } from '../../graph/array.ts'
import { toValue } from '../values.ts'
import { elementwise } from './elementwise.ts'
import type { Kernel } from './kernel.ts'
import { matmul } from './matmul.ts'
import { reduce } from './reduce.ts'
import { shape } from './shape.ts'

export const KERNELS: Record<string, Kernel> = {
  constant: (({ attrs, precision }) => [toValue((attrs as { value: NDArray }).value, precision)]) as Kernel,
  ...elementwise,
  ...shape,
  ...reduce,
  ...matmul,
}
