/** The learning half is loaded only by its own commands, and is not there in an installation that only makes data. */
import { UsageError } from './fail.ts'

/** Loads a part of the learning half. @throws UsageError that says how to install it */
export async function learning<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw e
    throw new UsageError(
      `this command needs the learning half, which is not installed (${(e as Error).message.split('\n')[0]}). In a clone, run it as: npm run diorama -- <command>; elsewhere: npm install @dioramic/learn @dioramic/tensor`,
    )
  }
}
