/** What a process holds. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Resident MiB after a collection of what is not used. */
export function heldMiB(): number {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
  return process.memoryUsage.rss() / 2 ** 20
}
