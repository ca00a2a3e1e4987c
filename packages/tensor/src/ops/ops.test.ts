/** What the cases do not say: kinks, extremes, errors, and that every operator has its parts. */
import { describe, expect, test } from 'vitest'
import { grad } from '../autodiff/vjp.ts'
import { ShapeError } from '../error.ts'
import { bool, f32, i64, type NDArray, numbersOf } from '../graph/array.ts'
import { spec } from '../graph/dtype.ts'
import type { Op, Tensor } from '../graph/tensor.ts'
import { trace } from '../graph/trace.ts'
import { interpret } from '../interpret/interpret.ts'
import { KERNELS } from '../interpret/kernels/index.ts'
import * as random from '../random/ops.ts'
import * as activation from './activation.ts'
import * as constant from './constant.ts'
import * as conv from './conv.ts'
import * as elementwise from './elementwise.ts'
import * as gather from './gather.ts'
import * as op from './index.ts'
import * as matmul from './matmul.ts'
import * as normalize from './normalize.ts'
import * as order from './order.ts'
import * as pool from './pool.ts'
import * as reduce from './reduce.ts'
import * as shape from './shape.ts'
import * as softmax from './softmax.ts'

/** The numbers of f at the inputs, in single precision as a runtime would have them. */
function values(f: (...xs: Tensor[]) => Tensor, ...inputs: NDArray[]): number[] {
  const { graph } = trace(
    f,
    inputs.map(a => spec(a.dtype as 'f32', a.shape)),
  )
  return [...numbersOf(interpret(graph, inputs, { precision: 'f32' })[0]!)]
}
/** The gradient of Σ f by its first argument. */
const slopes = (f: (...xs: Tensor[]) => Tensor, ...inputs: NDArray[]): number[] =>
  values((x, ...rest) => grad((p: Tensor) => op.sum(f(p, ...rest)))(x!), ...inputs)
/** The gradient of the gradient's sum. */
const curvatures = (f: (x: Tensor) => Tensor, ...inputs: NDArray[]): number[] =>
  slopes(x => grad((p: Tensor) => op.sum(f(p)))(x), ...inputs)

const { POSITIVE_INFINITY: INF } = Number
const zero = f32([0])

describe('gradients where the derivative is infinite or has two sides', () => {
  test('sqrt, log and norm have gradient 0 at 0, to second order', () => {
    expect(slopes(op.sqrt, zero)).toEqual([0])
    expect(slopes(op.log, zero)).toEqual([0])
    expect(
      slopes(
        x => op.norm(x, 1),
        f32([
          [0, 0],
          [3, 4],
        ]),
      ),
    ).toEqual([0, 0, Math.fround(0.6), Math.fround(0.8)])
    expect(curvatures(op.sqrt, zero)).toEqual([0])
    expect(curvatures(op.log, zero)).toEqual([0])
    expect(curvatures(x => op.norm(x, 0), f32([0, 0]))).toEqual([0, 0])
  })
  test('a branch that is masked out sends nothing, whatever it is', () => {
    const guarded = (f: (x: Tensor) => Tensor) => (x: Tensor) => op.where(op.less(0, x), f(x), 0)
    for (const f of [op.sqrt, op.log, (x: Tensor) => op.pow(x, 0.5), (x: Tensor) => op.pow(x, -1)]) {
      expect(slopes(guarded(f), f32([0]))).toEqual([0])
      expect(curvatures(guarded(f), f32([0]))).toEqual([0])
    }
  })
  test('pow is safe at 0 for any exponent, to base and exponent', () => {
    for (const e of [-1, -0.5, 0, 0.5, 1, 1.5, 2, 3]) {
      expect(slopes(x => op.pow(x, e), zero)).toEqual([e === 1 ? 1 : 0])
      expect(slopes((x, b) => op.pow(x, b!), zero, f32([e]))).toEqual([e === 1 ? 1 : 0])
      expect(slopes((b, x) => op.pow(x!, b), f32([e]), zero)).toEqual([0])
      const curvature = e === 2 ? 2 : 0
      expect(curvatures(x => op.pow(x, e), zero)).toEqual([curvature])
    }
    expect(slopes(x => op.pow(x, 3), f32([-2]))).toEqual([12])
  })
  test('kinks: one-sided at 0 for relu, even for abs, inside for clip', () => {
    expect(slopes(op.relu, zero)).toEqual([0])
    expect(slopes(op.abs, zero)).toEqual([0])
    expect(slopes(x => op.clip(x, -1, 1), f32([-2, -1, 0, 1, 2]))).toEqual([0, 1, 1, 1, 0])
    expect(slopes(op.softplus, zero)).toEqual([0.5])
    expect(slopes(x => op.elu(x), zero)).toEqual([0.5])
    expect(slopes(x => op.huber(x, op.zeros([2]), { delta: 1 }), f32([1, -1]))).toEqual([0.5, -0.5])
  })
  test('the largest of equals share the gradient evenly, and in sum get it once', () => {
    expect(slopes(x => op.max(x), f32([1, 2, 2, 0]))).toEqual([0, 0.5, 0.5, 0])
    expect(
      slopes(
        x => op.min(x, 0),
        f32([
          [1, 5],
          [1, 4],
        ]),
      ),
    ).toEqual([0.5, 0, 0.5, 1])
    expect(slopes((a, b) => op.maximum(a, b!), f32([1, 1]), f32([1, 0]))).toEqual([0.5, 1])
    expect(slopes((a, b) => op.minimum(a, b!), f32([1, 1]), f32([1, 0]))).toEqual([0.5, 0])
    expect(slopes(x => op.maxPool(x, 2), f32([[[3, 3, 1, 2]]]))).toEqual([1, 0, 0, 1])
  })
  test('of equals the lowest index', () => {
    expect(values(x => op.argMax(x), f32([1, 2, 2]))).toEqual([1])
    expect(values(x => op.argMin(x), f32([2, 1, 1]))).toEqual([1])
    expect(values(x => op.topK(x, 3).indices, f32([1, 2, 2, 1, 2]))).toEqual([1, 2, 4])
    expect(values(x => op.argsort(x), f32([1, 0, 1, 0]))).toEqual([1, 3, 0, 2])
    expect(values(x => op.argsort(x, { descending: true }), f32([1, 0, 1, 0]))).toEqual([0, 2, 1, 3])
  })
  test('a product has its gradient where factors are 0', () => {
    expect(slopes(x => op.prod(x), f32([0, 2, 3]))).toEqual([6, 0, 0])
    expect(slopes(x => op.prod(x), f32([0, 0, 3]))).toEqual([0, 0, 0])
    expect(values(x => op.prod(x, 1), f32([], [2, 0]))).toEqual([1, 1])
  })
})

describe('extremes', () => {
  const far = f32([-1e30, -1000, -100, 0, 100, 1000, 1e30])
  const finite = (list: number[]) => expect(list.every(Number.isFinite), `${list}`).toBe(true)
  test('activations neither overflow nor lose their gradient to NaN', () => {
    for (const f of [op.sigmoid, op.tanh, op.softplus, op.logSigmoid, op.gelu, op.silu, op.elu, op.mish, op.erf, op.relu]) {
      finite(values(x => f(x), far))
      finite(slopes(x => f(x), far))
    }
    expect(values(op.softplus, f32([1000, -1000]))).toEqual([1000, 0])
    expect(values(x => op.gelu(x), f32([1000, -1000]))).toEqual([1000, -0])
  })
  test('softmax, its logarithm and log-sum-exp of far logits', () => {
    expect(values(x => op.softmax(x), f32([1000, 0, -1000]))).toEqual([1, 0, 0])
    expect(values(x => op.logSoftmax(x), f32([1e30, 0]))).toEqual([0, -Math.fround(1e30)])
    expect(values(x => op.logSumExp(x), f32([1e30, 1e30]))).toEqual([Math.fround(1e30)])
    finite(slopes(x => op.logSoftmax(x), f32([1e30, -1e30, 0])))
  })
  test('log-sum-exp of −∞: counts nothing, and nothing at all is −∞ with gradient 0', () => {
    expect(
      values(
        x => op.logSumExp(x, 1),
        f32([
          [-INF, 0],
          [-INF, -INF],
        ]),
      ),
    ).toEqual([0, -INF])
    expect(
      slopes(
        x => op.logSumExp(x, 1),
        f32([
          [-INF, 0],
          [-INF, -INF],
        ]),
      ),
    ).toEqual([0, 1, 0, 0])
    expect(
      curvatures(
        x => op.logSumExp(x, 1),
        f32([
          [-INF, 0],
          [-INF, -INF],
        ]),
      ).every(x => x === 0),
    ).toBe(true)
  })
  test('losses are finite with finite gradients for any finite logits', () => {
    const logits = f32([
      [1e30, -1e30, 0],
      [-1000, 1000, 0],
      [0, 0, 0],
    ])
    const labels = i64([1, 0, 2])
    for (const labelSmoothing of [0, 0.1]) {
      const f = (x: Tensor, y?: Tensor) => op.crossEntropy(x, y!, { labelSmoothing })
      finite(values(f, logits, labels))
      finite(slopes(f, logits, labels))
    }
    for (const t of [0, 0.3, 1]) {
      const f = (x: Tensor) => op.binaryCrossEntropy(x, op.full([7], t))
      finite(values(f, far))
      finite(slopes(f, far))
    }
    finite(slopes(x => op.huber(x, op.zeros([7])), far))
    finite(values(x => op.huber(x, op.zeros([7])), far))
  })
  test('a class that is ruled out by −∞ gets no gradient', () => {
    expect(slopes(x => op.crossEntropy(x, op.constant(i64([1]))), f32([[-INF, 0, 0]]))).toEqual([0, -0.5, 0.5])
  })
  test('what is ignored or has no weight counts nothing, were it infinite; nothing at all has mean 0', () => {
    const bad = f32([
      [INF, 0],
      [1, 1],
    ])
    const f = (x: Tensor) => op.crossEntropy(x, op.constant(i64([-100, 0])), { ignoreIndex: -100 })
    expect(values(f, bad)[0]).toBeCloseTo(Math.LN2, 6)
    expect(values(x => op.mse(x, op.zeros([2]), { weights: op.constant(bool([false, true])) }), f32([INF, 2]))).toEqual([4])
    expect(values(x => op.mse(x, op.zeros([2]), { weights: op.constant(bool([false, false])) }), f32([1, 2]))).toEqual([0])
    expect(
      values(
        x => op.crossEntropy(x, op.constant(i64([7, 7])), { ignoreIndex: 7 }),
        f32([
          [1, 2],
          [3, 4],
        ]),
      ),
    ).toEqual([0])
  })
  test('KL divergence where probabilities are 0', () => {
    const f = (p: Tensor, q?: Tensor) => op.klDivergence(p, q!)
    const logs = (...p: number[]) => f32(p.map(Math.log))
    expect(values(f, logs(0, 1), logs(0.5, 0.5))[0]).toBeCloseTo(Math.LN2, 6)
    finite(slopes(f, logs(0, 1), logs(0, 1)))
  })
  test('a row of equal elements normalises to its bias, with finite gradient', () => {
    expect(values(x => op.layerNorm(x), f32([[5, 5, 5]]))).toEqual([0, 0, 0])
    finite(slopes(x => op.layerNorm(x), f32([[5, 5, 5]])))
    finite(slopes(x => op.rmsNorm(x), f32([[0, 0, 0]])))
  })
  test('heavy duplicates are added exactly', () => {
    const n = 5000
    const rows = Float32Array.from({ length: n }, (_, i) => (i % 2 === 0 ? 1 : 2 ** -20))
    const [first, second] = values((r, i) => op.segmentSum(r, i!, 2), f32(rows), i64(new Uint8Array(n)))
    expect(first).toBe(Math.fround(n / 2 + (n / 2) * 2 ** -20))
    expect(second).toBe(0)
  })
})

describe('errors', () => {
  const types = (a: number[], b: number[]) => [spec('f32', a), spec('f32', b)]
  const here = /packages\/tensor\/src\/ops\/ops\.test\.ts:\d+:\d+/
  const fails = (f: (...xs: Tensor[]) => Tensor, shapes: ReturnType<typeof types>, ...parts: (string | RegExp)[]) => {
    let error: unknown
    try {
      trace(f, shapes)
    } catch (e) {
      error = e
    }
    expect(error).toBeInstanceOf(ShapeError)
    for (const part of [...parts, here]) expect((error as Error).message).toMatch(part)
  }
  test('name the operator, the shapes and the line', () => {
    fails((a, b) => op.add(a!, b!), types([2, 3], [4]), 'add(f32[2,3], f32[4])', 'axis -1 is 3 and 4')
    fails((a, b) => op.matmul(a!, b!), types([2, 3], [4, 5]), 'matmul(f32[2,3], f32[4,5])', '3 and 4 differ')
    fails(a => op.softmax(a!, 2), types([2, 3], []), 'axis 2', 'rank 2')
    fails((a, b) => op.layerNorm(a!, { gain: b! }), types([2, 3], [2]), 'layerNorm(f32[2,3], f32[2], f32[3])', 'must be [3]')
    fails((a, b) => op.gather(a!, b!), types([2, 3], [2]), 'gather', 'indices are i64, not f32')
    fails(a => op.topK(a!, 4).values, types([2, 3], []), 'topK(f32[2,3])', 'k = 4')
    fails((a, b) => op.conv(a!, b!), types([1, 3, 8, 8], [4, 2, 3, 3]), 'conv(f32[1,3,8,8], f32[4,2,3,3])', '3 channels do not fit')
    fails((a, b) => op.conv(a!, b!), types([1, 2, 2, 2], [4, 2, 3, 3]), 'a window of 3')
    fails((a, b) => op.conv(a!, b!, { stride: 0 }), types([1, 2, 8], [4, 2, 3]), 'conv: stride 0')
    fails(a => op.maxPool(a!, 2, { padding: 2 }), types([1, 2, 8], []), 'maxPool(f32[1,2,8])', 'leaves a window of 2 empty')
    fails((a, b) => op.einsum('ij,jk->ik', a!, b!), types([2, 3], [4, 5]), "einsum 'ij,jk->ik' of [2,3], [4,5]", "axis 'j' is 3 and 4")
    fails(a => op.einsum('ij->x', a!), types([2, 3], []), "the result's axis 'x' is in no operand")
    fails(a => op.reshape(a!, [4, -1]), types([2, 3], []), 'reshape(f32[2,3])', '6 elements do not fill [4,1.5]')
    fails(a => op.concat([a!, a!], 5), types([2, 3], []), 'axis 5')
    fails((a, b) => op.crossEntropy(a!, b!), types([2, 3], [2]), 'crossEntropy: labels of logits [2,3] are i64[2], got f32[2]')
    fails((a, b) => op.mse(a!, a!, { weights: b! }), types([2], [3]), 'weights [3] do not fit terms [2]')
    fails(a => op.and(a!, a!), types([2], []), 'and(f32[2], f32[2])', 'takes bool')
    fails(a => op.add(a!, op.iota(2)), types([2], []), 'different types')
    fails(a => op.groupNorm(a!, 2), types([2, 3, 4], []), 'groupNorm', 'no 2 equal groups')
    fails(a => op.clip(a!, 1, 0), types([2], []), 'clip')
  })
  test('an index outside is found when the graph runs', () => {
    expect(() => values((x, i) => op.gather(x, i!), f32([1, 2]), i64([2]))).toThrow(
      'gather: index 2 at position 0 is outside an axis of size 2',
    )
    expect(() => values((x, i) => op.takeAlongAxis(x, i!), f32([1, 2]), i64([-1]))).toThrow('index -1')
    expect(() => values((x, i) => op.segmentSum(x, i!, 2), f32([1, 2]), i64([0, 5]))).toThrow('index 5')
  })
})

test('every operator has a meaning in the interpreter, and every name is one operator', () => {
  const chapters: object[] = [
    activation,
    constant,
    conv,
    elementwise,
    gather,
    matmul,
    normalize,
    order,
    pool,
    reduce,
    shape,
    softmax,
    random,
  ]
  const isOp = (x: unknown): x is Op => typeof x === 'object' && x !== null && 'infer' in x && 'vjp' in x
  const ops = chapters.flatMap(c => Object.values(c).filter(isOp))
  expect(ops.length).toBeGreaterThan(60)
  expect(new Set(ops.map(o => o.name)).size).toBe(ops.length)
  for (const o of ops) if (o.name !== 'input') expect(Object.keys(KERNELS), o.name).toContain(o.name)
})
