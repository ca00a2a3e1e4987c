/** Block-Recurrent Transformers (Hutchins et al. 2022): long texts at linear cost. */
export type { CellForm } from './cell.ts'
export { BlockRecurrentError } from './error.ts'
export type { GateKind } from './gate.ts'
export { type BlockRecurrentOptions, blockRecurrentKind, blockRecurrentLm } from './model.ts'
export { type RecurrentAttentionOptions, recurrentAttention } from './recurrent-attention.ts'
export { restart } from './restart.ts'
export { type WindowAttentionOptions, windowAttention } from './window-attention.ts'
