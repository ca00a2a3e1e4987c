import { compile, f32, mul, numbersOf, sub, sum, type Tensor, tanh } from '@dioramic/tensor'
import { createArena, webRuntime } from '@dioramic/tensor/web'
import { report } from './report.ts'
import { MODELS, trainingOf } from './train-work.ts'

// onnxruntime keeps its memory to itself: it is counted where it is made.
const memories: WebAssembly.Memory[] = []
const Plain = WebAssembly.Memory
WebAssembly.Memory = class extends Plain {
  constructor(descriptor: WebAssembly.MemoryDescriptor) {
    super(descriptor)
    memories.push(this)
  }
}

const heap = (): { readonly js: number; readonly wasm: number } => {
  ;(globalThis as unknown as { gc: () => void }).gc()
  const { memory } = performance as unknown as { memory: { usedJSHeapSize: number } }
  return { js: memory.usedJSHeapSize, wasm: memories.reduce((n, m) => n + m.buffer.byteLength, 0) }
}

const inWorker = (): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./train-worker.ts', import.meta.url), { type: 'module' })
    worker.onmessage = event => resolve(event.data)
    worker.onerror = event => reject(new Error(event.message))
  })

await report(async () => {
  const query = new URLSearchParams(location.search)
  if (query.has('worker')) return inWorker()
  const wasmPaths = query.get('wasm')
  if (wasmPaths !== null) {
    try {
      const runtime = await webRuntime({ threads: 2, wasmPaths: new URL(wasmPaths, location.href).href })
      const wide = compile((x: Tensor, y: Tensor) => sum(tanh(sub(x, y))), runtime)
      const memory: unknown[] = []
      // More than WebAssembly can count, and more than is left of what it can have.
      for (const n of [1 << 16, 32_700])
        memory.push(await wide(f32(new Float32Array(1 << 15), [1 << 15, 1]), f32(new Float32Array(n), [1, n])).catch(String))
      const double = compile((x: Tensor) => mul(x, 2), runtime)
      return { memory, doubled: [...numbersOf(await double(f32([1, 2, 3])))] }
    } catch (error) {
      return String(error)
    }
  }
  const runtime = await webRuntime({ threads: 2 })
  const refused = await webRuntime({ threads: 3 }).then(
    () => undefined,
    error => String(error),
  )
  const on = { runtime, arena: (bytes: number) => createArena(bytes, 2) }

  const gradients: Record<string, Record<string, number[]>> = {}
  for (const [name, model] of Object.entries(MODELS)) {
    const training = await trainingOf(model, on)
    const { graph, outputNames } = training.traceFor(model.batch)
    const executable = await runtime.compile(graph)
    const values = await executable.run(training.inputsFor(model.batch))
    gradients[name] = Object.fromEntries(values.map((a, i) => [outputNames[i]!, [...numbersOf(a)]]))
    await executable.dispose()
    await training.dispose()
  }

  const training = await trainingOf(MODELS['transformer']!, on)
  const losses: number[] = []
  const heaps: ReturnType<typeof heap>[] = []
  let turns = 0
  const timer = setInterval(() => turns++, 0)
  for (let step = 1; step <= (crossOriginIsolated ? 200 : 1000); step++) {
    losses.push((await training.step(MODELS['transformer']!.batch)).loss)
    if (step % 100 === 0) heaps.push(heap())
  }
  clearInterval(timer)
  await training.dispose()
  return { runtime: runtime.name, isolated: crossOriginIsolated, refused, gradients, losses, heaps, turns }
})
