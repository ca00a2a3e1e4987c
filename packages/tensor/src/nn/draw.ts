/** First values of parameters, drawn on the host. The same key gives the same values; each parameter's depend on its path alone. */
import type { NDArray } from '../graph/array.ts'
import type { Key } from '../random/key.ts'
import { fillNormal, fillUniform } from '../random/philox.ts'
import { sizeOf } from './dim.ts'
import { deviationOf, type Init, type Parameter } from './parameter.ts'

/** Values of a parameter: each copy of a stack and each part under its own key. */
export function draw(p: Parameter, key: Key): NDArray {
  const shape = p.shape
  const data = new Float32Array(shape.reduce((n, d) => n * d, 1))
  const each = p.dims.reduce<number>((n, d) => n * sizeOf(d), 1)
  const last = p.dims.length === 0 ? 1 : sizeOf(p.dims.at(-1)!)
  const width = last / p.parts.length
  const rows = each / last
  const copies = each === 0 ? 0 : data.length / each
  for (let copy = 0; copy < copies; copy++) {
    const own = p.stack.length === 0 ? key : key.fork(copy)
    p.parts.forEach((part, k) => {
      const values = drawMatrix(rows, width, part.init, deviationOf(p, part.init), part.name === '' ? own : own.fork(part.name))
      for (let r = 0; r < rows; r++) data.set(values.subarray(r * width, (r + 1) * width), copy * each + r * last + k * width)
    })
  }
  return { dtype: 'f32', shape, data }
}

function drawMatrix(rows: number, columns: number, init: Init, deviation: number, key: Key): Float32Array {
  const out = new Float32Array(rows * columns)
  if (init.distribution === 'constant') return out.fill(deviation)
  if (init.distribution === 'uniform') {
    fillUniform(out, key.words)
    const bound = deviation * Math.sqrt(3)
    for (let i = 0; i < out.length; i++) out[i] = (2 * out[i]! - 1) * bound
    return out
  }
  fillNormal(out, key.words)
  if (init.distribution === 'orthogonal') return orthonormal(out, rows, columns, deviation)
  if (init.distribution === 'truncatedNormal') return truncate(out, deviation, key)
  for (let i = 0; i < out.length; i++) out[i] = out[i]! * deviation
  return out
}

/** Deviation of a standard normal cut at ±2. */
const CUT = 0.8796256610342398

/** What lies beyond two deviations is drawn again until it does not. */
function truncate(out: Float32Array, deviation: number, key: Key): Float32Array {
  let again = [...out.keys()].filter(i => Math.abs(out[i]!) > 2)
  for (let round = 0; again.length > 0; round++) {
    const more = new Float32Array(again.length)
    fillNormal(more, key.fork('again').fork(round).words)
    for (const [k, i] of again.entries()) out[i] = more[k]!
    again = again.filter(i => Math.abs(out[i]!) > 2)
  }
  for (let i = 0; i < out.length; i++) out[i] = (out[i]! / CUT) * deviation
  return out
}

/** Gram–Schmidt, twice over (once loses digits), on the shorter side's vectors; in double precision. */
function orthonormal(z: Float32Array, rows: number, columns: number, gain: number): Float32Array {
  const tall = rows >= columns
  const [n, d] = tall ? [columns, rows] : [rows, columns]
  const at = (v: number, i: number) => (tall ? i * columns + v : v * columns + i)
  const vectors = Array.from({ length: n }, (_, v) => Float64Array.from({ length: d }, (_, i) => z[at(v, i)]!))
  vectors.forEach((v, k) => {
    for (let pass = 0; pass < 2; pass++) {
      for (const u of vectors.slice(0, k)) {
        let dot = 0
        for (let i = 0; i < d; i++) dot += u[i]! * v[i]!
        for (let i = 0; i < d; i++) v[i]! -= dot * u[i]!
      }
      let norm = 0
      for (let i = 0; i < d; i++) norm += v[i]! * v[i]!
      for (let i = 0; i < d; i++) v[i]! /= Math.sqrt(norm)
    }
    for (let i = 0; i < d; i++) z[at(k, i)] = v[i]! * gain
  })
  return z
}
