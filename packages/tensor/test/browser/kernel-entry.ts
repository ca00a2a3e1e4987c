import { createArena } from '../../src/web/kernel.ts'
import { kernelWork } from './kernel-work.ts'

try {
  const arena = await createArena(8 << 20, 2, 0)
  document.body.textContent = JSON.stringify(await kernelWork(arena))
  arena.close()
  document.title = 'done'
} catch (error) {
  document.body.textContent = error instanceof Error ? `${error.message}\n${error.stack}` : String(error)
  document.title = 'failed'
}
