import { createArena } from '../../src/web/kernel.ts'
import { kernelWork } from './kernel-work.ts'
import { report } from './report.ts'

await report(async () => {
  const arena = await createArena(8 << 20, 2, 0)
  const made = await kernelWork(arena)
  arena.close()
  return made
})
