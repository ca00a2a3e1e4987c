/** Box–Muller with the kernel's own f32 polynomials, operation for operation (kernel/maths.ts): the same bits. */

const f = Math.fround
const view = new DataView(new ArrayBuffer(4))
const horner = (x: number, coefficients: readonly number[]): number => {
  let p = coefficients[0]!
  for (let k = 1; k < coefficients.length; k++) p = f(f(p * x) + coefficients[k]!)
  return p
}

// biome-ignore format: a table
const LOG = [
  -0.07634497433900833, 0.1276157796382904, -0.13160182535648346, 0.14201757311820984,
  -0.16623356938362122, 0.20001226663589478, -0.2500081956386566, 0.3333333134651184,
].map(f)
const SIN = [-0.004601659253239632, 0.07968003302812576, -0.6459634900093079, 1.5707963705062866].map(f)
const COS = [0.0009037665440700948, -0.02086016535758972, 0.25366923213005066, -1.2337005138397217].map(f)
const LN2_LOW = f(-0.00021219444170128554)

/** ln u of an f32, u > 0 and normal; relative error 1.2e-7. */
export function log32(u: number): number {
  view.setFloat32(0, u)
  const bits = view.getInt32(0)
  const e = (bits - 0x3f3504f3) >> 23
  view.setInt32(0, bits - (e << 23))
  const x = f(view.getFloat32(0) - 1)
  const z = f(x * x)
  let y = f(f(x * z) * horner(x, LOG))
  y = f(y + f(e * LN2_LOW))
  y = f(y - f(z * 0.5))
  return f(f(x + y) + f(e * 0.693359375))
}

/** Cosine and sine of w·2⁻³² turns; absolute error 1e-7. */
export function turn32(w: number): readonly [number, number] {
  const q = (w + 0x20000000) >>> 30
  const t = f(f(w << 2) * 2.3283064365386963e-10)
  const s = f(t * t)
  const sin = f(horner(s, SIN) * t)
  const cos = f(f(horner(s, COS) * s) + 1)
  if (q === 0) return [cos, sin]
  if (q === 1) return [-sin, cos]
  if (q === 2) return [-cos, -sin]
  return [sin, -cos]
}

/** 16 normals from 16 words: words 0 … 3 give radii and 4 … 7 angles of values 0 … 7, then again. */
export function normals(w: Int32Array, values: Float64Array): void {
  for (let half = 0; half < 16; half += 8) {
    for (let lane = half; lane < half + 4; lane++) {
      const u = f(f(f(w[lane]! >>> 1) + 1) * 4.656612873077393e-10)
      const r = f(Math.sqrt(f(log32(u) * -2)))
      const [cos, sin] = turn32(w[lane + 4]!)
      values[lane] = f(r * cos)
      values[lane + 4] = f(r * sin)
    }
  }
}
