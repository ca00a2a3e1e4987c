/** A plan bound to arrays: the calls of one run, in order, ready to be made again and again. */
import type { NDArray } from '../graph/array.ts'
import { sizeOf } from '../graph/shape.ts'
import type { Arena } from '../kernel/index.ts'
import { view } from './arrays.ts'
import type { Data, Engine, Value } from './engine.ts'
import { HOST } from './host.ts'
import type { Loop, Plan, PlanStep, Slot } from './plan.ts'
import type { Tap } from './runtime.ts'

export type Call = () => void | Promise<void>

/** A plan's place in memory. */
export interface Ground {
  readonly engine: Engine
  readonly memory: ArrayBufferLike
  /** Where in the memory the workspace begins. */
  readonly base: number
  /** The kernel over the memory, if there is one. */
  readonly arena: Arena | undefined
  readonly tap: Tap | undefined
}

/** Loops of more calls than this make them as they go instead of keeping them all. */
const MOST_KEPT = 50_000

/** The calls of a run on these arrays. */
export function* bind(
  plan: Plan,
  inputs: readonly Data[],
  outputs: readonly Data[],
  ground: Ground,
  at = 0,
  steps: readonly number[] = [],
): Generator<Call> {
  const { engine, memory, arena, base, tap } = ground
  const arrays = new Map<Slot, Data>()
  const data = (s: Slot): Data => {
    if (s.kind === 'input') return inputs[s.index]!
    if (s.kind === 'output') return outputs[s.index]!
    if (s.kind === 'constant') return s.data
    const { offset } = s
    let d = arrays.get(s)
    if (!d) arrays.set(s, (d = view(s.dtype, memory, base + at + offset, sizeOf(s.shape))))
    return d
  }
  const values = new Map<Slot, Value>()
  const value = (s: Slot): Value => {
    let v = values.get(s)
    if (v === undefined) values.set(s, (v = engine.value(data(s), s.dtype, s.shape)))
    return v
  }
  for (const step of plan.steps) {
    if (step.kind === 'session') {
      const feeds = Object.fromEntries(step.inputs.map((s, i) => [`x${i}`, value(s)]))
      const fetches = Object.fromEntries(step.outputs.map((s, i) => [`y${i}`, value(s)]))
      const { session } = step
      yield () => session.run(feeds, fetches)
      if (tap) yield () => tapSession(step, step.outputs.map(data), tap, steps)
    } else if (step.kind === 'host') {
      const out = step.outputs.map((s, i) => (s ? data(s) : scratch(step.node.outputs[i]!)))
      const run = HOST[step.node.op.name]!(step.node, step.inputs.map(data), out, arena)
      yield run
      if (tap)
        yield () =>
          tap(
            step.node,
            out.map((d, i): NDArray => ({ ...step.node.outputs[i]!.type, data: d })),
            steps,
          )
    } else if (step.kind === 'scan') {
      const calls = bindLoop(
        step.loop,
        step.inputs.map(data),
        step.outputs.map(s => s && data(s)),
        ground,
        at + step.offset,
        steps,
      )
      if (step.loop.attrs.length * step.loop.body.calls <= MOST_KEPT) yield* calls
      else {
        const [into, from] = [step.outputs.map(s => s && data(s)), step.inputs.map(data)]
        yield () => runAll(bindLoop(step.loop, from, into, ground, at + step.offset, steps))
      }
    } else {
      const [from, to] = [data(step.from), data(step.to)]
      yield () => (to as Float32Array).set(from as Float32Array)
    }
  }
}

function scratch(t: { readonly dtype: Slot['dtype']; readonly shape: Slot['shape'] }): Data {
  const n = sizeOf(t.shape)
  return t.dtype === 'f32' ? new Float32Array(n) : t.dtype === 'i64' ? new BigInt64Array(n) : new Uint8Array(n)
}

async function runAll(calls: Iterable<Call>): Promise<void> {
  for (const call of calls) {
    const wait = call()
    if (wait) await wait
  }
}

/** The k-th of equal slices. */
const part = (whole: Data, k: number, length: number): Data => {
  const n = whole.length / length
  return whole.subarray(k * n, (k + 1) * n)
}

/** The calls of all steps of a loop. xs, ys and stacked carries are views of their wholes; a carry lies where its stack is, or in one of two places in turn. */
function* bindLoop(
  loop: Loop,
  inputs: readonly Data[],
  outputs: readonly (Data | undefined)[],
  ground: Ground,
  at: number,
  steps: readonly number[],
): Generator<Call> {
  const { attrs, body, carries, spare } = loop
  const { length, reverse, stacks } = attrs
  const { memory, base } = ground
  const room = (offset: number, index: number): Data => {
    const t = body.graph.inputs[index]!
    return view(t.dtype, memory, base + at + offset, t.size)
  }
  const ys = body.graph.outputs.slice(attrs.carries)
  const turns = carries.map((c, i) => c && [room(c[0], i), room(c[1], i)])
  const stackOf = carries.map((c, i) => (c ? undefined : outputs[attrs.carries + ys.length + stacks.indexOf(i)]!))
  const where = (c: number, k: number): Data => {
    const turn = turns[c]
    return turn ? turn[k & 1]! : part(stackOf[c]!, reverse ? length - 1 - k : k, length)
  }
  const firsts = stackOf.flatMap((s, c) => (s ? [[inputs[c]!, where(c, 0)] as const] : []))
  if (firsts.length > 0)
    yield () => {
      for (const [from, to] of firsts) (to as Float32Array).set(from as Float32Array)
    }
  const spares = spare.map((offset, i) => (offset === undefined ? undefined : view(ys[i]!.dtype, memory, base + at + offset, ys[i]!.size)))
  const shared = inputs.slice(attrs.carries, attrs.carries + attrs.consts)
  const xs = inputs.slice(attrs.carries + attrs.consts)
  for (let k = 0; k < length; k++) {
    const t = reverse ? length - 1 - k : k
    const entering = carries.map((c, i) => (c && k === 0 ? inputs[i]! : where(i, k)))
    const leaving = carries.map((_, i) =>
      k === length - 1 ? (outputs[i] ?? (turns[i] ? where(i, k + 1) : scratch(body.graph.inputs[i]!))) : where(i, k + 1),
    )
    yield* bind(
      body,
      [...entering, ...shared, ...xs.map(x => part(x, t, length))],
      [...leaving, ...ys.map((_, i) => spares[i] ?? part(outputs[attrs.carries + i]!, t, length))],
      ground,
      at,
      [...steps, t],
    )
  }
}

function tapSession({ nodes, tapped }: PlanStep & { kind: 'session' }, outputs: readonly Data[], tap: Tap, steps: readonly number[]): void {
  for (const node of nodes) {
    tap(
      node,
      node.outputs.map((t): NDArray => ({ ...t.type, data: outputs[tapped.indexOf(t)]! })),
      steps,
    )
  }
}
