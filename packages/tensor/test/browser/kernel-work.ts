/** What the kernel makes, in Node or in a page, as hashes by name. */
import type { Arena } from '../../src/kernel/index.ts'
import * as kernel from '../../src/kernel/index.ts'

const N = 100_003

async function hash(view: Float32Array | Uint8Array | Int32Array): Promise<string> {
  const own = new Uint8Array(view.byteLength)
  own.set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength))
  return [...new Uint8Array(await crypto.subtle.digest('SHA-256', own))].map(b => b.toString(16).padStart(2, '0')).join('')
}

export async function kernelWork(arena: Arena): Promise<Record<string, string>> {
  const words = [3, 4] as const
  const [bits, mask] = [arena.i32(N), arena.u8(N)]
  const [a, b, m, v] = [arena.f32(N), arena.f32(N), arena.f32(N), arena.f32(N)]
  const made: Record<string, string> = {}
  kernel.fillBits(arena, bits, words)
  made['bits'] = await hash(bits)
  kernel.fillBernoulli(arena, mask, words, 0.3)
  made['bernoulli'] = await hash(mask)
  kernel.fillUniform(arena, a, words)
  made['uniform'] = await hash(a)
  kernel.fillDropout(arena, a, words, 0.1)
  made['dropout'] = await hash(a)
  kernel.fillNormal(arena, a, words)
  made['normal'] = await hash(a)
  kernel.fillNormal(arena, b, words, N)
  for (let step = 1; step <= 3; step++) kernel.adam(arena, a, b, m, v, { lr: 0.01, step, weightDecay: 0.1 })
  made['adam'] = await hash(a)
  kernel.geluBackward(arena, m, a, b)
  made['gelu'] = await hash(m)
  made['sum'] = String(kernel.sumOfSquares(arena, a))
  made['threads'] = String(arena.threads)
  return made
}
