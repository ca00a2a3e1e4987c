export type { Layer, LayerDtype, LayerSpec } from './layer.ts'
