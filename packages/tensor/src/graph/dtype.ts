/** Element types of a graph: `f32` numbers, `i64` indices and counts, `bool` conditions. */
export type DType = 'f32' | 'i64' | 'bool'

/** Sizes of the axes, outermost first; `[]` is a scalar. */
export type Shape = readonly number[]

/** What a tensor is before it has values. */
export interface Type {
  readonly dtype: DType
  readonly shape: Shape
}

/** A type, written `spec('f32', [16, 128])`. */
export const spec = (dtype: DType, shape: Shape): Type => ({ dtype, shape })

/** `f32[16,128]`, as messages write it. */
export const typeName = (t: Type): string => `${t.dtype}[${t.shape.join(',')}]`
