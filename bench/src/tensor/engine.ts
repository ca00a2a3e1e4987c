/** What the workloads take from the engine, in one place. */
export * from '@dioramic/tensor'
export { createArena, nodeRuntime } from '@dioramic/tensor/node'
export * as kernel from '../../../packages/tensor/src/kernel/index.ts'
export { adam } from '../../../packages/tensor/src/kernel/index.ts'
export * as nn from '../../../packages/tensor/src/nn/index.ts'
export { compile } from '../../../packages/tensor/src/plan/index.ts'
