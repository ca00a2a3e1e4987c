/** A thread of an arena in a page: see src/kernel/helper.ts. */
import { type HelperSetup, serve } from '../kernel/helper.ts'

self.onmessage = (event: MessageEvent<HelperSetup>) => {
  self.postMessage('ready')
  serve(event.data)
}
