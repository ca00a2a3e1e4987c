/** A task that any architecture must learn: pictures of one bright spot somewhere, in four classes by the quarter that it is in. */
import { f32, fillNormal, fillUniform, i64, type Key, type NDArray } from '@dioramic/tensor'

const EDGE = 8
export const shape = [1, EDGE, EDGE] as const
const [LOW, HIGH] = [1.5, 5.5]

function spot(x: number, y: number, out: Float32Array): void {
  for (let i = 0; i < EDGE; i++)
    for (let j = 0; j < EDGE; j++) out[i * EDGE + j] = -0.8 + 1.6 * Math.exp(-((i - y) ** 2 + (j - x) ** 2) / (2 * 1.3 ** 2))
}
const quarterOf = (x: number, y: number): number => 2 * Number(y >= 3.5) + Number(x >= 3.5)

/** `count` pictures with the spot anywhere, and a little noise. */
export function spots(count: number, key: Key): { readonly x: NDArray; readonly y: NDArray } {
  const places = new Float32Array(2 * count)
  fillUniform(places, key.fork('place').words)
  const data = new Float32Array(count * EDGE * EDGE)
  fillNormal(data, key.fork('noise').words)
  const one = new Float32Array(EDGE * EDGE)
  const labels = Array.from({ length: count }, (_, i) => {
    const [x, y] = [LOW + (HIGH - LOW) * places[2 * i]!, LOW + (HIGH - LOW) * places[2 * i + 1]!]
    spot(x, y, one)
    for (let j = 0; j < one.length; j++) data[i * one.length + j] = one[j]! + 0.05 * data[i * one.length + j]!
    return quarterOf(x, y)
  })
  return { x: f32(data, [count, ...shape]), y: i64(labels) }
}

/** The quarter of each picture's spot, −1 where the picture is further than `within` (root mean square) from any picture of one spot. */
export function quartersOf({ data, shape: [n] }: NDArray, within = 0.2): number[] {
  const steps = 17
  const all = Array.from({ length: steps * steps }, (_, k) => {
    const [x, y] = [k % steps, Math.floor(k / steps)].map(v => LOW + ((HIGH - LOW) * v) / (steps - 1)) as [number, number]
    const picture = new Float32Array(EDGE * EDGE)
    spot(x, y, picture)
    return { quarter: quarterOf(x, y), picture }
  })
  return Array.from({ length: n! }, (_, i) => {
    let [quarter, nearest] = [-1, within * within * EDGE * EDGE]
    for (const { quarter: q, picture } of all) {
      let d = 0
      for (let j = 0; j < picture.length && d < nearest; j++) d += (picture[j]! - Number(data[i * picture.length + j]!)) ** 2
      if (d < nearest) [quarter, nearest] = [q, d]
    }
    return quarter
  })
}
