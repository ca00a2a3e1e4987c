import { resolve } from 'node:path'
import { defineTuning, MupError, type Tuning } from '../../mup/index.ts'
import { importBeside } from '../modules.ts'

/** A user's module. @throws MupError where its default export is no search */
export async function loadTuning(path: string): Promise<Tuning> {
  const { default: own } = (await importBeside(resolve(path))) as { readonly default?: Tuning }
  if (typeof own !== 'object' || own === null || typeof own.model !== 'function' || typeof own.rule !== 'function')
    throw new MupError(
      `${path} must export a search by default: export default defineTuning({ proxy, target, updates, space, model, rule, loss, batches })`,
    )
  return defineTuning(own)
}
