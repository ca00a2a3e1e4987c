/** Loops of every kind: what scan is tested with, in the interpreter and on onnxruntime. */
import { grad } from '../autodiff/vjp.ts'
import { f32, type NDArray } from '../graph/array.ts'
import type { Tensor } from '../graph/tensor.ts'
import { add, cast, constant, gather, matmul, mean, mul, sigmoid, sub, sum, tanh } from '../ops/index.ts'
import type { Key } from '../random/key.ts'
import { dropout, fork, randomNormal, stackedKeys } from '../random/ops.ts'
import { fillNormal } from '../random/philox.ts'
import type { scan } from './scan.ts'

export type Loop = typeof scan

export const D = 3
/** Parameters, data and a key for all scenarios: w [D, D], b [D], x [T, D], ids i64 [T]. */
export type P = { w: Tensor; b: Tensor; x: Tensor }
export type Scenario = (loop: Loop, p: P, ids: Tensor, key: Tensor, steps: number, reverse: boolean) => Tensor

const cell = (p: P, c: Tensor, x: Tensor) => tanh(add(add(matmul(c, p.w), x), p.b))
const start = (p: P) => mul(p.b, 0.5)

export const SCENARIOS: Record<string, Scenario> = {
  'closed-over parameters, outputs of each step': (loop, p, _ids, _key, _n, reverse) => {
    const [c, ys] = loop((h: Tensor, x: Tensor) => [cell(p, h, x), { y: mul(h, x), s: sum(h) }], start(p), p.x, { reverse })
    return add(sum(mul(c, c)), add(sum(mul(ys.y, ys.y)), sum(ys.s)))
  },
  'a tree of carries': (loop, p, _ids, _key, _n, reverse) => {
    const [{ h, c }] = loop(
      (s: { h: Tensor; c: Tensor }, x: Tensor) => {
        const gate = sigmoid(add(matmul(s.h, p.w), x))
        const next = add(mul(gate, s.c), mul(sub(1, gate), tanh(add(x, p.b))))
        return [{ h: mul(gate, tanh(next)), c: next }, []]
      },
      { h: start(p), c: p.b },
      p.x,
      { reverse },
    )
    return sum(mul(h, c))
  },
  'no slices': (loop, p, _ids, _key, length, reverse) => {
    const [c, ys] = loop((h: Tensor) => [tanh(matmul(h, p.w)), h], add(p.b, 1), null, { length, reverse })
    return add(sum(c), mean(mul(ys, ys)))
  },
  'counters, indices and keys': (loop, p, ids, key, _n, reverse) => {
    const table = matmul(p.x, p.w)
    const [{ h, i }, ys] = loop(
      (s: { h: Tensor; i: Tensor; k: Tensor }, id: Tensor) => {
        const k = fork(s.k, s.i)
        const row = gather(table, id)
        const h = dropout(tanh(add(add(s.h, row), mul(randomNormal(fork(k, 'noise'), [D]), p.b))), 0.25, k)
        return [{ h, i: add(s.i, 1), k }, mul(h, cast(s.i, 'f32'))]
      },
      { h: start(p), i: constant(0, 'i64'), k: key },
      ids,
      { reverse },
    )
    return add(mul(sum(h), cast(i, 'f32')), sum(mul(ys, ys)))
  },
  'keys as slices': (loop, p, _ids, key, length, reverse) => {
    const [c] = loop(
      (h: Tensor, s: { k: Tensor; x: Tensor }) => [dropout(cell(p, h, s.x), 0.5, s.k), []],
      start(p),
      { k: stackedKeys(key, length), x: p.x },
      { reverse },
    )
    return sum(mul(c, c))
  },
  'a loop in a loop': (loop, p, _ids, _key, _n, reverse) => {
    const [c, ys] = loop(
      (h: Tensor, x: Tensor) => {
        const [inner, rows] = loop((g: Tensor, r: Tensor) => [tanh(add(mul(g, x), mul(r, h))), mul(g, r)], h, p.w, { reverse: !reverse })
        return [add(inner, p.b), sum(rows, 0)]
      },
      start(p),
      p.x,
      { reverse },
    )
    return add(sum(mul(c, c)), sum(mul(ys, ys)))
  },
  'outputs that are inputs': (loop, p, _ids, _key, _n, reverse) => {
    const [{ same, c }, ys] = loop(
      (s: { same: Tensor; c: Tensor }, x: Tensor) => [
        { same: s.same, c: x },
        { slice: x, shared: p.b, was: s.c },
      ],
      { same: p.w, c: start(p) },
      p.x,
      { reverse },
    )
    return add(add(sum(mul(same, same)), sum(mul(c, p.b))), add(sum(mul(ys.slice, ys.shared)), sum(mul(ys.was, ys.was))))
  },
  'a gradient inside each step': (loop, p, _ids, _key, _n, reverse) => {
    const [w] = loop(
      (v: Tensor, x: Tensor) => {
        const loss = (u: Tensor) => {
          const d = sub(tanh(matmul(x, u)), p.b)
          return sum(mul(d, d))
        }
        return [sub(v, mul(grad(loss)(v), 0.1)), []]
      },
      p.w,
      p.x,
      { reverse },
    )
    return sum(mul(w, w))
  },
  'steps that use no parameter': (loop, p, _ids, _key, _n, reverse) => {
    const [c] = loop(
      (h: Tensor, x: Tensor) => [tanh(add(h, x)), []],
      constant(f32([0.1, 0.2, 0.3])),
      constant(f32([1, 2, 3, 4, 5, 6], [2, D])),
      { reverse },
    )
    return sum(mul(c, p.b))
  },
}

export const normals = (shape: number[], key: Key): NDArray => {
  const data = new Float32Array(shape.reduce((a, b) => a * b, 1))
  fillNormal(data, key.words)
  return { dtype: 'f32', shape, data }
}
