/** Prints how large WASM memory is after 40 and after 340 simulations; a test runs it in a process of its own, where it sees the memory being made. */
import { initPhysics } from '../src/index.ts'
import { pile } from './pile.ts'

const memories: WebAssembly.Memory[] = []
const instantiate = WebAssembly.instantiate
WebAssembly.instantiate = (async (source: BufferSource, imports?: WebAssembly.Imports) => {
  const made = await instantiate(source, imports)
  memories.push(made.instance.exports['memory'] as WebAssembly.Memory)
  return made
}) as typeof instantiate

const physics = await initPhysics()
const scene = pile(6, 2)
function bytesAfter(simulations: number): number {
  for (let i = 0; i < simulations; i++) physics.simulate(scene)
  return memories.reduce((sum, m) => sum + m.buffer.byteLength, 0)
}
console.log(bytesAfter(40), bytesAfter(300))
