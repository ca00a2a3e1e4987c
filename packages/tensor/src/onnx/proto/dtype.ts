/** Element types that the reader and writer carry. f16 and bf16 travel as bit patterns in Uint16Array, bool as bytes 0 and 1. */
export type OnnxDtype = 'f32' | 'f64' | 'f16' | 'bf16' | 'i8' | 'i16' | 'i32' | 'i64' | 'u8' | 'u16' | 'u32' | 'u64' | 'bool' | 'string'

/** Elements of a tensor, in C order. */
export type OnnxData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | readonly string[]

/** TensorProto.DataType of each element type. */
const CODE: Readonly<Record<OnnxDtype, number>> = {
  f32: 1,
  u8: 2,
  i8: 3,
  u16: 4,
  i16: 5,
  i32: 6,
  i64: 7,
  string: 8,
  bool: 9,
  f16: 10,
  f64: 11,
  u32: 12,
  u64: 13,
  bf16: 16,
}
const BY_CODE = new Map(Object.entries(CODE).map(([name, code]) => [code, name as OnnxDtype]))
const FOREIGN: Readonly<Record<number, string>> = {
  0: 'UNDEFINED',
  14: 'COMPLEX64',
  15: 'COMPLEX128',
  17: 'FLOAT8E4M3FN',
  18: 'FLOAT8E4M3FNUZ',
  19: 'FLOAT8E5M2',
  20: 'FLOAT8E5M2FNUZ',
  21: 'UINT4',
  22: 'INT4',
  23: 'FLOAT4E2M1',
  24: 'FLOAT8E8M0',
  25: 'UINT2',
  26: 'INT2',
}

const CONSTRUCTOR = {
  f32: Float32Array,
  f64: Float64Array,
  f16: Uint16Array,
  bf16: Uint16Array,
  i8: Int8Array,
  i16: Int16Array,
  i32: Int32Array,
  i64: BigInt64Array,
  u8: Uint8Array,
  u16: Uint16Array,
  u32: Uint32Array,
  u64: BigUint64Array,
  bool: Uint8Array,
} as const

/** The number that ONNX gives an element type. */
export const dtypeCode = (dtype: OnnxDtype): number => CODE[dtype]

/** The element type of an ONNX number; undefined where this library has none. */
export const dtypeOf = (code: number): OnnxDtype | undefined => BY_CODE.get(code)

/** How an element type that this library does not carry is called. */
export const foreignDtype = (code: number): string => `${FOREIGN[code] ?? 'unknown'} (${code})`

/** The typed array that holds an element type. */
export const arrayOf = (dtype: Exclude<OnnxDtype, 'string'>): (typeof CONSTRUCTOR)[keyof typeof CONSTRUCTOR] => CONSTRUCTOR[dtype]

/** Bytes of one element. */
export const elementBytes = (dtype: Exclude<OnnxDtype, 'string'>): number => CONSTRUCTOR[dtype].BYTES_PER_ELEMENT
