/** Workloads by name. */
import type { Options, Workload } from '../trainer.ts'
import { gan } from './gan.ts'
import { mlp, mlp50m, recurrent, update50m } from './simple.ts'
import { deep, gpt, tabular } from './transformer.ts'

export const workloads: Readonly<Record<string, (options: Options) => Promise<Workload>>> = {
  mlp,
  gpt,
  gan,
  tabular,
  recurrent,
  deep,
  mlp50m,
  update50m,
}
