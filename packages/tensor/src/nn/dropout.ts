import { dropout as drop } from '../random/ops.ts'
import { fn } from './compose.ts'
import type { Layer } from './layer.ts'

/** In training drops each element with probability `rate` and divides the others by 1 − rate; else passes x on (Srivastava et al. 2014). */
export const dropout = (rate: number): Layer =>
  fn((x, context) => (rate === 0 || !context.train ? x : drop(x, rate, context.needKey('dropout'))))
