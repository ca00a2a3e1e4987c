import { coordCheck } from '@dioramic/learn/mup'
import { crossEntropy, type Key } from '@dioramic/tensor'
import type { Json } from '../experiment.ts'
import { arena, runtime } from '../theory/engine.ts'
import { adamOf, type Family, network, type Parametrised } from './networks.ts'
import { batchesOf } from './tasks.ts'

/** The coordinate check of a network at one seed, on one batch of its task. */
export async function coordinatesOf(
  family: Family,
  kind: Parametrised,
  { widths, steps, lr }: { readonly widths: readonly number[]; readonly steps: number; readonly lr: number },
  seed: number,
  key: Key,
): Promise<Json> {
  const batch = await batchesOf(family, family === 'mlp' ? 64 : 16, key.fork('data'))(0)
  const model = (width: number) => network(family, width, kind)
  const records = await coordCheck({ model, rule: adamOf(lr), loss: crossEntropy, batch, widths, seeds: 1, steps, key, runtime, arena })
  return records.map(r => ({ width: r.width, seed, sizes: { ...r.sizes } }))
}
