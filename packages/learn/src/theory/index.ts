/** The mathematics of learning as a laboratory: what networks express, how they learn, why they generalise, what they look at. */
export * from './algebra/matrix.ts'
export { normals, order, signs, uniforms } from './algebra/random.ts'
export { finiteRisk, type LinearModel, limitRisk, sampledRisk } from './generalisation/double-descent.ts'
