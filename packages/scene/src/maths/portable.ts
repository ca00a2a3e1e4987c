/**
 * Transcendental functions that give the same bits on every engine and machine (DESIGN 4): musl's libm in WebAssembly.
 * Use these, never `Math.sin` and its kin, wherever bytes depend on the result. `Math.sqrt`, `fround`, `floor`, `abs`, `min`, `max`
 * and `+ - * /` are exact by IEEE 754 and ECMAScript, so they stay.
 */
import { PORTABLE_WASM } from './generated/portable-wasm.ts'

type Unary = (x: number) => number
type Binary = (x: number, y: number) => number
interface PortableExports {
  readonly sin: Unary
  readonly cos: Unary
  readonly tan: Unary
  readonly asin: Unary
  readonly acos: Unary
  readonly atan: Unary
  readonly atan2: Binary
  readonly exp: Unary
  readonly log: Unary
  readonly pow: Binary
  readonly cbrt: Unary
}

const bytes = Uint8Array.from(atob(PORTABLE_WASM), c => c.charCodeAt(0))
const wasm = new WebAssembly.Instance(new WebAssembly.Module(bytes), {}).exports as unknown as PortableExports

/** Sine of an angle in radians. */
export const sin: Unary = wasm.sin
/** Cosine of an angle in radians. */
export const cos: Unary = wasm.cos
/** Tangent of an angle in radians. */
export const tan: Unary = wasm.tan
export const asin: Unary = wasm.asin
export const acos: Unary = wasm.acos
export const atan: Unary = wasm.atan
/** Angle of the vector (x, y) in radians, in (-π, π]. */
export const atan2: Binary = wasm.atan2
export const exp: Unary = wasm.exp
export const log: Unary = wasm.log
export const pow: Binary = wasm.pow
export const cbrt: Unary = wasm.cbrt
/** Euclidean length of (x, y, z), by exact operations only; no scaling, so components must stay below 1e150. */
export function hypot(x: number, y: number, z = 0): number {
  return Math.sqrt(x * x + y * y + z * z)
}
