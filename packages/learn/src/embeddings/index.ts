/** Embeddings for numerical features (Gorishniy, Rubachev & Babenko, NeurIPS 2022): bins, encodings, layers by the paper's names, and its backbones. */
export { type MlpOptions, mlp, type ResNetOptions, resnet, type TransformerOptions, transformer } from './backbones.ts'
export { checkBins, type Edges, type NumberColumns, quantileBins, quantileOf, treeBins } from './bins.ts'
export { binsOf, type Embedding, type EmbeddingOptions, embedding } from './embedding.ts'
export { encodeRows, piecewiseLinear } from './encoding.ts'
export { EmbeddingError } from './error.ts'
export { type Backbone, type RowModelOptions, rowModel } from './model.ts'
export { type TreeOptions, type TreeTarget, treeThresholds } from './tree.ts'
