/** What several labels of one frame share is computed once, and only when one of them asks. */
import type { FrameContext } from './label.ts'

const store = new WeakMap<FrameContext, Map<string, unknown>>()

/** The value of `make()` for this frame; `key` names it. Dropped with the context. */
export function memo<T>(context: FrameContext, key: string, make: () => T): T {
  let values = store.get(context)
  if (!values) {
    values = new Map()
    store.set(context, values)
  }
  if (!values.has(key)) values.set(key, make())
  return values.get(key) as T
}
