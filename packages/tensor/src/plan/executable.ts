/** A compiled graph: its plan, its memory, and the arrays that it is bound to. */

import type { ScanAttrs } from '../control/scan.ts'
import { unrollScan } from '../control/unroll.ts'
import { TensorError } from '../error.ts'
import type { NDArray } from '../graph/array.ts'
import { sizeOf } from '../graph/shape.ts'
import type { Node } from '../graph/tensor.ts'
import type { Graph } from '../graph/trace.ts'
import { liveNodes } from '../simplify/liveness.ts'
import { mergeProducts } from '../simplify/products.ts'
import { simplify } from '../simplify/simplify.ts'
import { checkedInputs, checkedOutput, emptyOf } from './arrays.ts'
import { bind, type Call, type Ground } from './bind.ts'
import type { Data, Engine } from './engine.ts'
import { type Plan, type PlanStep, planOf } from './plan.ts'
import type { CompileOptions, Executable, Report } from './runtime.ts'
import { SessionPool, type Sessions } from './sessions.ts'

/** Loops whose steps have no more nodes than this together are written out. */
const MOST_UNROLLED = 6000

/** An array that changes from run to run is copied to one that stays, up to this many bytes. */
const MOST_STAGED = 1 << 24

/** Nodes of a body with its loops written out. */
function weight(graph: Graph): number {
  let n = 0
  for (const node of liveNodes(graph).nodes)
    n += node.op.name === 'scan' ? weight((node.attrs as ScanAttrs).body) * (node.attrs as ScanAttrs).length : 1
  return n
}

const expander = (scan: CompileOptions['scan']) => (node: Node) => {
  if (scan === 'loop') return undefined
  const { body, length } = node.attrs as ScanAttrs
  return scan === 'unroll' || weight(body) * length <= MOST_UNROLLED ? unrollScan(node, node.inputs) : undefined
}

function simplified(graph: Graph, scan: CompileOptions['scan']): Graph {
  const simple = simplify(graph, expander(scan))
  const merged = mergeProducts(simple)
  return merged === simple ? simple : simplify(merged)
}

/** Compiles a graph for an engine. On failure nothing stays open. */
export async function executable(graph: Graph, sessions: Sessions, { scan = 'auto', tap }: CompileOptions = {}): Promise<Executable> {
  const start = performance.now()
  const { engine } = sessions
  const simple = simplified(graph, scan)
  const pool = new SessionPool(sessions)
  try {
    const plan = await planOf(simple, { pool, bodies: new Map(), tap: tap !== undefined })
    const ground = await groundOf(plan, engine, tap)
    const report: Report = {
      sessions: pool.opened,
      nodes: pool.nodes,
      steps: plan.steps.map(describe),
      workspace: plan.bytes,
      buildMs: performance.now() - start,
    }
    return new Bound(graph, plan, ground, pool, report)
  } catch (error) {
    await pool.release()
    throw error
  }
}

/** The workspace, with the kernel over it where the plan draws random numbers. */
async function groundOf(plan: Plan, engine: Engine, tap: CompileOptions['tap']): Promise<Ground> {
  if (plan.draws !== 'no') {
    const arena = await engine.arena(plan.bytes, plan.draws === 'much')
    const base = arena.u8(plan.bytes, 'the workspace of a graph').byteOffset
    return { engine, memory: arena.memory.buffer, base, arena, tap }
  }
  try {
    return { engine, memory: new ArrayBuffer(plan.bytes), base: 0, arena: undefined, tap }
  } catch (cause) {
    throw new TensorError(
      `out of memory: the graph needs ${Math.ceil(plan.bytes / 1048576)} MiB between its steps. Use a smaller batch, or put repeated layers into a scan.`,
      { cause },
    )
  }
}

function describe(step: PlanStep): string {
  if (step.kind === 'session') return `session of ${step.nodes.length}`
  if (step.kind === 'host') return step.node.op.name
  if (step.kind === 'copy') return 'copy'
  return `loop ${step.loop.attrs.length} × (${step.loop.body.steps.map(describe).join(', ')})`
}

class Bound implements Executable {
  readonly report: Report
  private readonly graph: Graph
  private readonly plan: Plan
  private readonly ground: Ground
  private readonly pool: SessionPool
  private readonly inputs: Port[]
  private readonly outputs: Port[]
  private calls: Call[] | undefined
  private running = false
  private disposed = false
  private breathed = performance.now()

  constructor(graph: Graph, plan: Plan, ground: Ground, pool: SessionPool, report: Report) {
    this.graph = graph
    this.plan = plan
    this.ground = ground
    this.pool = pool
    this.report = report
    this.inputs = graph.inputs.map(() => new Port())
    this.outputs = graph.outputs.map(() => new Port())
  }

  async run(inputs: readonly NDArray[], outputs: readonly (NDArray | undefined)[] = []): Promise<NDArray[]> {
    if (this.disposed) throw new TensorError('this executable was disposed of')
    if (this.running) throw new TensorError('this executable is running; await its last run before the next')
    this.running = true
    try {
      return await this.once(checkedInputs(this.graph, inputs), outputs)
    } finally {
      this.running = false
    }
  }

  private async once(inputs: readonly Data[], outputs: readonly (NDArray | undefined)[]): Promise<NDArray[]> {
    const { graph } = this
    let moved = this.calls === undefined
    const given = graph.outputs.map((t, i) => {
      const a = outputs[i]
      return a && checkedOutput(a, t.dtype, t.shape, i)
    })
    for (const [i, data] of inputs.entries()) moved = this.inputs[i]!.take(data) || moved
    for (const [i, data] of given.entries()) {
      const t = graph.outputs[i]!
      moved = (data ? this.outputs[i]!.take(data) : this.outputs[i]!.own(() => emptyOf(t.dtype, sizeOf(t.shape)))) || moved
    }
    for (const [i, data] of inputs.entries()) {
      const at = this.inputs[i]!.data
      if (at !== data) (at as Float32Array).set(data as Float32Array)
    }
    if (moved) {
      this.calls = [
        ...bind(
          this.plan,
          this.inputs.map(p => p.data),
          this.outputs.map(p => p.data),
          this.ground,
        ),
      ]
    }
    for (const call of this.calls!) {
      const wait = call()
      // An awaited call may be done without the event loop having turned.
      if (wait) await wait
      if (performance.now() - this.breathed > 20) {
        await this.ground.engine.breathe()
        this.breathed = performance.now()
      }
    }
    return graph.outputs.map((t, i) => {
      const at = this.outputs[i]!.data
      const array = outputs[i]
      if (!array) return { ...t.type, data: at.slice() }
      if (given[i] !== at) (given[i] as Float32Array).set(at as Float32Array)
      return array
    })
  }

  async dispose(): Promise<void> {
    if (this.disposed) return
    this.disposed = true
    this.calls = undefined
    this.ground.arena?.close()
    await this.pool.release()
  }
}

/** One input or output, and the array that it is bound to. */
class Port {
  data!: Data
  private mine = false
  private changes = 0

  /** Binds to an array; true if that is another one than before. One that keeps changing gets an array of its own, to which the caller copies. */
  take(data: Data): boolean {
    if (this.data === data) return false
    if (this.mine) return false
    if (this.data !== undefined && ++this.changes > 1 && data.byteLength <= MOST_STAGED) {
      this.mine = true
      this.data = (data as Float32Array).slice()
      return true
    }
    this.data = data
    return true
  }

  /** Binds to an array of its own. */
  own(make: () => Data): boolean {
    if (this.mine) return false
    this.mine = true
    this.data = make()
    return true
  }
}
