// Plans on onnxruntime: loops, host steps between sessions, duplicates, and what happens when something does not fit.
import { describe, expect, test } from 'vitest'
import { hvp } from '../autodiff/jvp.ts'
import { grad, valueAndGrad } from '../autodiff/vjp.ts'
import { hostCall } from '../control/host-call.ts'
import { D, normals, type P, SCENARIOS } from '../control/scan.test-kit.ts'
import { scan } from '../control/scan.ts'
import { TensorError } from '../error.ts'
import { f32, i64, type NDArray, numbersOf } from '../graph/array.ts'
import { spec, type Type } from '../graph/dtype.ts'
import { apply, type Tensor } from '../graph/tensor.ts'
import { trace } from '../graph/trace.ts'
import type { Tree } from '../graph/tree.ts'
import { interpret } from '../interpret/interpret.ts'
import { KERNELS } from '../interpret/kernels/index.ts'
import { LOWERINGS, renames } from '../onnx/lower/index.ts'
import { scatterFew } from '../ops/gather.ts'
import { add, cast, gather, matmul, maxPool, mul, scatterAlongAxis, segmentSum, sub, sum, takeAlongAxis, tanh } from '../ops/index.ts'
import { compile } from '../plan/compile.ts'
import { HOST } from '../plan/host.ts'
import { Key } from '../random/key.ts'
import { nodeRuntime } from './runtime.ts'

const runtime = nodeRuntime({ threads: 2 })

function near(what: string, got: readonly NDArray[], want: readonly NDArray[]): void {
  expect(got.length).toBe(want.length)
  for (const [i, w] of want.entries()) {
    const [g, x] = [numbersOf(got[i]!), numbersOf(w)]
    const scale = 1 + Math.hypot(...x)
    x.forEach((v, k) => void expect(Math.abs(g[k]! - v), `${what}, output ${i}, number ${k}`).toBeLessThan(3e-5 * scale))
  }
}

describe('loops as a session run again and again, and written out, are what the interpreter says', () => {
  for (const [name, scenario] of Object.entries(SCENARIOS))
    test(name, async () => {
      for (const [steps, reverse] of [
        [1, false],
        [3, true],
        [4, false],
      ] as const) {
        const key = Key.fromSeed(steps)
        const tree: Record<keyof P, Type> = { w: spec('f32', [D, D]), b: spec('f32', [D]), x: spec('f32', [steps, D]) }
        const draw = (k: Key) => Object.values(tree).map((t, i) => normals([...t.shape], k.fork(i)))
        const ids = i64(Array.from({ length: steps }, (_, i) => (i * 7) % steps))
        const inputs: NDArray[] = [...draw(key.fork('p')), ids, { dtype: 'i64', shape: [2], data: key.toInt64() }, ...draw(key.fork('v'))]
        const { graph } = trace(
          (p: P, index: Tensor, k: Tensor, v: P) => {
            const f = (q: P) => scenario(scan, q, index, k, steps, reverse)
            return [f(p), grad(f)(p), hvp(f, p, v)]
          },
          [tree, spec('i64', [steps]), spec('i64', [2]), tree] as Tree<Type>[],
        )
        const want = interpret(graph, inputs)
        for (const how of ['loop', 'unroll'] as const) {
          const executable = await runtime.compile(graph, { scan: how })
          near(`${how}, ${steps} steps`, await executable.run(inputs), want)
          near(`${how} again`, await executable.run(inputs), want)
          await executable.dispose()
        }
      }
    })
})

describe('host steps', () => {
  const ranks = (x: Tensor): Tensor =>
    hostCall('ranks', [x], [spec('i64', x.shape)], a => {
      const values = [...(a!.data as Float32Array)]
      return [i64(values.map(v => values.filter(w => w < v).length))]
    })[0]!
  test('a host function stands between two sessions, in the gradient too', async () => {
    const f = (x: Tensor) => {
      const h = tanh(mul(x, 2))
      return sum(mul(h, gather(x, ranks(h))))
    }
    const { graph } = trace((x: Tensor) => valueAndGrad(f)(x), [spec('f32', [5])])
    const executable = await runtime.compile(graph)
    expect(executable.report.steps).toEqual([expect.stringMatching(/^session/), 'hostCall', expect.stringMatching(/^session/)])
    const x = f32([0.3, -1, 0.9, 0.1, -0.2])
    near('hostCall', await executable.run([x]), interpret(graph, [x]))
    await executable.dispose()
  })
  test('a host function that returns another type than it said is named', async () => {
    const f = compile((x: Tensor) => hostCall('wrong', [x], [spec('i64', [2])], () => [f32([1, 2])])[0]!, runtime)
    await expect(f(f32([1, 2]))).rejects.toThrow(/hostCall "wrong" must return i64\[2\] as value 0, not f32\[2\]/)
    await f.dispose()
  })
})

describe('heavy duplicates, two threads, 200 runs', () => {
  // By the session's product with one-hot rows, and by the host's pass.
  for (const [rows, width, size] of [
    [400, 8, 40],
    [4000, 24, 50],
  ] as const)
    test(`${rows} rows into ${size}`, async () => {
      const key = Key.fromSeed(rows)
      const values = normals([rows, width], key)
      // Half of all rows go to one place.
      const at = i64(Array.from({ length: rows }, (_, i) => (i % 2 === 0 ? 3 : (i * i) % size)))
      const lookUp = (w: Tensor, index: Tensor, x: Tensor) => sum(mul(gather(w, index), x))
      const { graph } = trace(
        (x: Tensor, index: Tensor, w: Tensor) => [segmentSum(x, index, size), grad((p: Tensor) => lookUp(p, index, x))(w)],
        [spec('f32', [rows, width]), spec('i64', [rows]), spec('f32', [size, width])],
      )
      const inputs = [values, at, normals([size, width], key.fork(1))]
      const executable = await runtime.compile(graph)
      const exact = interpret(graph, inputs)
      const first = (await executable.run(inputs)).map(a => a.data.slice())
      // Double precision rounded once: the oracle's bits where the host adds; a one-hot product is a sum in f32.
      const bits = rows * width * size > 1 << 20
      expect(executable.report.steps.some(s => s === 'scatterAdd')).toBe(bits)
      for (const [i, e] of exact.entries()) {
        const want = Float32Array.from(numbersOf(e))
        if (bits) expect(first[i]).toEqual(want)
        else near('one-hot product', [{ dtype: 'f32', shape: e.shape, data: first[i]! }], [e])
      }
      for (let run = 1; run < 200; run++) for (const [i, a] of (await executable.run(inputs)).entries()) expect(a.data).toEqual(first[i])
      await executable.dispose()
    })
})

test('duplicates along an axis, two threads, 200 runs: as the oracle where many meet, in order where few do', async () => {
  const [rows, size] = [3000, 64]
  const at = i64(
    Array.from({ length: rows * 8 }, (_, i) => (i % 3 === 0 ? 5 : (i * i) % size)),
    [rows, 8],
  )
  const values = normals([rows, 8], Key.fromSeed(2))
  const { graph } = trace(
    (index: Tensor, v: Tensor) => [scatterAlongAxis(index, v, size, 0), scatterFew(index, v, size, 0)],
    [spec('i64', [rows, 8]), spec('f32', [rows, 8])],
  )
  const executable = await runtime.compile(graph)
  const inOrder = new Float32Array(size * 8)
  values.data.forEach((v: number | bigint, i: number) => {
    const k = Number(at.data[i]) * 8 + (i % 8)
    inOrder[k] = Math.fround(inOrder[k]! + Number(v))
  })
  const oracle = Float32Array.from(numbersOf(interpret(graph, [at, values])[0]!))
  for (let run = 0; run < 200; run++) expect((await executable.run([at, values])).map(a => a.data)).toEqual([oracle, inOrder])
  await executable.dispose()
})

test('a max pool of many places builds few nodes', async () => {
  const { graph } = trace(
    (x: Tensor) => grad((p: Tensor) => sum(maxPool(mul(p, p), 3, { stride: 2, padding: 1 })))(x),
    [spec('f32', [2, 4, 64, 64])],
  )
  const executable = await runtime.compile(graph)
  expect(executable.report.nodes).toBeLessThan(30)
  const x = normals([2, 4, 64, 64], Key.fromSeed(3))
  near('gradient', await executable.run([x]), interpret(graph, [x]))
  await executable.dispose()
})

describe('compiled shapes', () => {
  test('are few, the longest unused goes first; a fourth set is told once, with what differs', async () => {
    let traced = 0
    const told: string[] = []
    const f = compile(
      (p: { w: Tensor }, x: Tensor) => {
        traced++
        return sum(mul(p.w, x))
      },
      runtime,
      { cache: 2, onRetrace: m => told.push(m) },
    )
    const call = async (n: number) => [...numbersOf(await f({ w: f32(2) }, f32(new Float32Array(n).fill(1))))]
    for (const n of [1, 2, 1, 2]) expect(await call(n)).toEqual([2 * n])
    expect([traced, told.length]).toEqual([2, 0])
    await call(3)
    expect(await call(2)).toEqual([4])
    expect(traced).toBe(3)
    expect(await call(1)).toEqual([2])
    expect(traced).toBe(4)
    expect(told).toEqual([])
    for (const n of [4, 5]) await call(n)
    expect(told).toHaveLength(1)
    expect(told[0]).toMatch(/traced for 4 sets of shapes.*Pad the arguments.*f32\[1\].*f32\[4\]/)
    await f.dispose()
  })
  test('a graph that does not compile leaves nothing behind, and compiles once it is right', async () => {
    let wrong = true
    const odd = { name: 'noSuchOperator', infer: () => [spec('f32', [2])], vjp: null }
    const f = compile((x: Tensor) => (wrong ? apply(odd as never, [tanh(x)], {})[0]! : tanh(x)), runtime)
    await expect(f(f32([1, 2]))).rejects.toThrow(/"noSuchOperator\(f32\[2\]\)" has no form in ONNX/)
    wrong = false
    expect([...numbersOf(await f(f32([0, 0])))]).toEqual([0, 0])
    await f.dispose()
  })
})

test('every operator that the interpreter knows runs on onnxruntime or on the host', () => {
  for (const name of Object.keys(KERNELS)) {
    const known = name in LOWERINGS || name in HOST || ['input', 'constant', 'scan'].includes(name)
    expect(known || renames({ op: { name }, attrs: { inputs: 0 } } as never) !== undefined, name).toBe(true)
  }
})

test('an index outside is an error, a negative one too', async () => {
  const row = compile((t: Tensor, i: Tensor) => gather(t, i), runtime)
  const one = compile((t: Tensor, i: Tensor) => takeAlongAxis(t, i), runtime)
  const table = f32([1, 2, 3])
  for (const f of [row, one]) {
    expect([...numbersOf(await f(table, i64([2])))]).toEqual([3])
    for (const k of [-1, 3]) await expect(f(table, i64([k]))).rejects.toThrow(/Gather.*(out of data bounds|Out of range)/)
    await f.dispose()
  }
})

describe('out of memory', () => {
  test('in a session: says so, and the runtime goes on', async () => {
    const f = compile((x: Tensor) => sum(tanh(matmul(x, cast(mul(0, cast(x, 'i64')), 'f32')))), runtime)
    // 2^22 × 2^22 floats: more than any machine has.
    const wide = compile((x: Tensor, y: Tensor) => sum(tanh(sub(x, y))), runtime)
    const n = 1 << 22
    const error = await wide(f32(new Float32Array(n), [n, 1]), f32(new Float32Array(n), [1, n])).catch(e => e)
    expect(error).toBeInstanceOf(TensorError)
    expect(error.message).toMatch(/out of memory.*batch/s)
    expect([...numbersOf(await f(f32([1], [1, 1])))]).toEqual([0])
    await wide.dispose()
    await f.dispose()
  })
  test('between the steps of a plan: says how much, before anything runs', async () => {
    const { graph } = trace(
      (x: Tensor) => {
        const wide = add(x, mul(x, 2))
        return sum(hostCall('identity', [wide], [wide.type], a => [a!])[0]!)
      },
      [spec('f32', [1 << 20, 1 << 20])],
    )
    await expect(runtime.compile(graph)).rejects.toThrow(/out of memory: the graph needs \d+ MiB between its steps/)
  })
  test('in the memory of random numbers: the limit is named', async () => {
    const { randomNormal } = await import('../random/ops.ts')
    const { graph } = trace((k: Tensor) => sum(randomNormal(k, [1 << 15, 1 << 16])), [spec('i64', [2])])
    await expect(runtime.compile(graph)).rejects.toThrow(/an arena of 8192\.0 MiB is more than .*4 GiB/)
  })
})
