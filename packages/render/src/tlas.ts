/** The top-level BVH: boxes of instances, one a leaf. */
import { RenderError } from './errors.ts'
import type { Kernel } from './kernel.ts'
import { NODE_BYTES } from './layout.ts'

/** `ID_TAG` of kernel/build.ts: instance numbers ride in a float lane. */
const ID_TAG = 0x4000_0000

/** Builds over `count` boxes (min x, y, z, max x, y, z each) at the arena's end and returns the nodes' bytes; the arena is as before. */
export function buildTlas(kernel: Kernel, boxes: Float32Array, count: number): Uint8Array {
  const mark = kernel.mark()
  const refs = kernel.alloc(Math.max(1, count) * 32, 'the top-level BVH')
  for (let i = 0; i < count; i++) {
    const at = (refs >>> 2) + i * 8
    kernel.f32.set(boxes.subarray(i * 6, i * 6 + 3), at)
    kernel.u32[at + 3] = i | ID_TAG
    kernel.f32.set(boxes.subarray(i * 6 + 3, i * 6 + 6), at + 4)
    kernel.f32[at + 7] = 0
  }
  const nodes = kernel.mark()
  const nodeCount = kernel.call.build(refs, count, nodes, 1)
  if (nodeCount < 0) throw new RenderError(`the machine has no memory for the top-level BVH of ${count} objects. Use fewer workers.`)
  kernel.call.emitSingles(refs, nodes, nodeCount)
  kernel.refresh()
  const bytes = kernel.u8.slice(nodes, nodes + nodeCount * NODE_BYTES)
  kernel.release(mark)
  return bytes
}
