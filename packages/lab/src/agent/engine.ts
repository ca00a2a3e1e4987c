import type { Engine } from '@dioramic/learn/agent'
import { createArena, nodeRuntime } from '@dioramic/tensor/node'

/** One thread: what is small is not faster on two. */
export const engine: Engine = { runtime: nodeRuntime({ threads: 1 }), arena: createArena }
