/** Training where it belongs in a page: in a web worker. Posts the runtime's name and the first losses. */
import { createArena, webRuntime } from '@dioramic/tensor/web'
import { MODELS, trainingOf } from './train-work.ts'

try {
  const runtime = await webRuntime({ threads: 2 })
  const training = await trainingOf(MODELS['transformer']!, { runtime, arena: bytes => createArena(bytes, 2) })
  const losses: number[] = []
  for (let i = 0; i < 20; i++) losses.push((await training.step(MODELS['transformer']!.batch)).loss)
  postMessage({ runtime: runtime.name, losses })
} catch (error) {
  postMessage({ error: String(error) })
}
