/** What trains and runs the experiment's networks: one thread, so that the same seed gives the same bits. */
import { createArena, nodeRuntime } from '@dioramic/tensor/node'

export const runtime = nodeRuntime({ threads: 1 })
export const arena = createArena
