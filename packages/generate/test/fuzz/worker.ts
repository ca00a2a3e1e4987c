/** A thread that makes the scenes it is told, so that one that hangs or takes the process down can be named. */
import { parentPort } from 'node:worker_threads'
import { createRenderer, type Renderer } from '@dioramic/render'
import { loadKernel } from '@dioramic/render/node'
import { trial } from './trial.ts'

let renderer: Promise<Renderer> | undefined
parentPort!.on('message', async (seed: number) => {
  renderer ??= loadKernel().then(createRenderer)
  const outcome = await trial(await renderer, seed)
  // A kernel that trapped holds memory that nobody may trust.
  if (outcome.result === 'RuntimeError') renderer = undefined
  parentPort!.postMessage(outcome)
})
