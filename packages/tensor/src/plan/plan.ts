/** A graph made ready for an engine: steps with open sessions, and where each value lies. */
import type { ScanAttrs } from '../control/scan.ts'
import type { NDArray } from '../graph/array.ts'
import type { DType, Shape } from '../graph/dtype.ts'
import type { Node, Tensor } from '../graph/tensor.ts'
import type { Graph } from '../graph/trace.ts'
import { lower } from '../onnx/lower/index.ts'
import { byteSize } from './arrays.ts'
import { cut } from './cut.ts'
import type { Data, Session } from './engine.ts'
import { draws, onHost } from './host.ts'
import { type Interval, place } from './memory.ts'
import type { SessionPool } from './sessions.ts'

/** Where a value lies. */
interface Typed {
  readonly dtype: DType
  readonly shape: Shape
}
export type Slot =
  | (Typed & { readonly kind: 'input'; readonly index: number })
  | (Typed & { readonly kind: 'output'; readonly index: number })
  | (Typed & { readonly kind: 'constant'; readonly data: Data })
  | (Typed & { readonly kind: 'workspace'; readonly offset: number })

export type PlanStep =
  | {
      readonly kind: 'session'
      readonly session: Session
      readonly inputs: readonly Slot[]
      readonly outputs: readonly Slot[]
      readonly nodes: readonly Node[]
      readonly tapped: readonly Tensor[]
    }
  | {
      readonly kind: 'host'
      readonly node: Node
      readonly inputs: readonly Slot[]
      readonly outputs: readonly (Slot | undefined)[]
      readonly offset: number
    }
  | {
      readonly kind: 'scan'
      readonly loop: Loop
      readonly inputs: readonly Slot[]
      readonly outputs: readonly (Slot | undefined)[]
      readonly offset: number
    }
  | { readonly kind: 'copy'; readonly from: Slot; readonly to: Slot }

/** A scan: its body's plan, and where in its part of the workspace the carries are kept that no stack holds. */
export interface Loop {
  readonly node: Node
  readonly attrs: ScanAttrs
  readonly body: Plan
  /** Two places a carry, taken in turn; undefined where a stack holds the carries. */
  readonly carries: readonly (readonly [number, number] | undefined)[]
  /** Room for ys that nobody reads. */
  readonly spare: readonly (number | undefined)[]
  readonly bytes: number
}

export interface Plan {
  readonly graph: Graph
  readonly steps: readonly PlanStep[]
  /** Bytes of workspace that the plan needs at a time. */
  readonly bytes: number
  /** Calls of sessions in one run. */
  readonly calls: number
  /** Whether random numbers are drawn in it. */
  readonly draws: 'no' | 'little' | 'much'
}

export interface PlanContext {
  readonly pool: SessionPool
  /** Bodies that were planned already: equal loops share them. */
  readonly bodies: Map<Graph, Promise<Plan>>
  readonly tap: boolean
}

export async function planOf(graph: Graph, context: PlanContext): Promise<Plan> {
  const steps = cut(graph, onHost)
  const slots = new Map<Tensor, Slot>()
  for (const [index, t] of graph.inputs.entries()) slots.set(t, { ...t.type, kind: 'input', index })
  const made = new Map<Tensor, { step: number; last: number }>()
  const need = (t: Tensor, at: number): void => {
    if (t.node.op.name === 'constant') {
      if (!slots.has(t)) slots.set(t, { ...t.type, kind: 'constant', data: (t.node.attrs as { value: NDArray }).value.data as Data })
      return
    }
    const m = made.get(t)
    if (m) m.last = Math.max(m.last, at)
  }
  const consumed = (step: (typeof steps)[number]): readonly Tensor[] => (step.kind === 'session' ? step.inputs : step.node.inputs)
  const produced = (step: (typeof steps)[number]): readonly Tensor[] => {
    if (step.kind !== 'session') return step.node.outputs
    return context.tap ? [...new Set([...step.outputs, ...step.nodes.flatMap(n => n.outputs)])] : step.outputs
  }
  const used = new Set<Tensor>([...graph.outputs, ...steps.flatMap(consumed)])
  steps.forEach((step, i) => {
    for (const t of consumed(step)) need(t, i)
    for (const t of produced(step)) made.set(t, { step: i, last: i })
  })
  // Graph outputs are written where the caller wants them; a second output of the same value is a copy.
  const copies: { from: Tensor; index: number }[] = []
  graph.outputs.forEach((t, index) => {
    need(t, steps.length)
    if (made.has(t) && !slots.has(t)) slots.set(t, { ...t.type, kind: 'output', index })
    else copies.push({ from: t, index })
  })

  const bodies = new Map<Node, Plan>()
  for (const step of steps) if (step.kind === 'scan') bodies.set(step.node, await bodyOf(step.node, context))
  const temporaries: Tensor[] = []
  const intervals: Interval[] = []
  for (const [t, m] of made) {
    if (slots.has(t) || !(used.has(t) || context.tap)) continue
    temporaries.push(t)
    intervals.push({ bytes: byteSize(t.dtype, t.shape), from: m.step, to: m.last })
  }
  const loops = new Map<number, { loop: Loop; at: number }>()
  steps.forEach((step, i) => {
    if (step.kind !== 'scan') return
    const loop = loopOf(
      step.node,
      bodies.get(step.node)!,
      step.node.outputs.map(t => used.has(t)),
    )
    loops.set(i, { loop, at: intervals.length })
    intervals.push({ bytes: loop.bytes, from: i, to: i })
  })
  const { offsets, bytes } = place(intervals)
  for (const [i, t] of temporaries.entries()) slots.set(t, { ...t.type, kind: 'workspace', offset: offsets[i]! })

  const slot = (t: Tensor): Slot => slots.get(t)!
  const out: PlanStep[] = []
  let calls = 0
  const drawn = steps.map(step => (step.kind === 'host' ? draws(step.node) : step.kind === 'scan' ? bodies.get(step.node)!.draws : 'no'))
  for (const [i, step] of steps.entries()) {
    const inputs = consumed(step).map(slot)
    if (step.kind === 'session') {
      const outputs = produced(step)
      const session = await context.pool.open(lower({ ...step, outputs }), step.nodes.length)
      out.push({ kind: 'session', session, inputs, outputs: outputs.map(slot), nodes: step.nodes, tapped: context.tap ? outputs : [] })
      calls++
    } else if (step.kind === 'host') {
      out.push({ kind: 'host', node: step.node, inputs, outputs: step.node.outputs.map(t => slots.get(t)), offset: 0 })
      calls++
    } else {
      const { loop, at } = loops.get(i)!
      out.push({ kind: 'scan', loop, inputs, outputs: step.node.outputs.map(t => slots.get(t)), offset: offsets[at]! })
      calls += loop.attrs.length * loop.body.calls
    }
  }
  for (const { from, index } of copies) out.push({ kind: 'copy', from: slot(from), to: { ...from.type, kind: 'output', index } })
  return { graph, steps: out, bytes, calls, draws: drawn.includes('much') ? 'much' : drawn.includes('little') ? 'little' : 'no' }
}

function bodyOf(node: Node, context: PlanContext): Promise<Plan> {
  const { body } = node.attrs as ScanAttrs
  let plan = context.bodies.get(body)
  if (!plan) context.bodies.set(body, (plan = planOf(body, context)))
  return plan
}

/** Lays out what a loop needs beside its body's workspace, which comes first. */
function loopOf(node: Node, body: Plan, used: readonly boolean[]): Loop {
  const attrs = node.attrs as ScanAttrs
  const { carries, stacks } = attrs
  const ys = body.graph.outputs.length - carries
  let bytes = body.bytes
  const take = (t: Tensor): number => {
    const at = bytes
    bytes += Math.ceil(byteSize(t.dtype, t.shape) / 64) * 64
    return at
  }
  return {
    node,
    attrs,
    body,
    carries: body.graph.inputs.slice(0, carries).map((t, c) => {
      const k = stacks.indexOf(c)
      return k >= 0 && used[carries + ys + k] ? undefined : [take(t), take(t)]
    }),
    spare: body.graph.outputs.slice(carries).map((t, i) => (used[carries + i] ? undefined : take(t))),
    bytes,
  }
}
