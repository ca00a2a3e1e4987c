/** A frame as the denoiser takes it: addresses of its buffers, the split's one after another at `light`. */
export type DenoiserFrame = readonly [
  width: number,
  height: number,
  color: number,
  half: number,
  square: number,
  albedo: number,
  normal: number,
  depth: number,
  coverage: number,
  spp: number,
  light: number,
  parts: number,
]

/** The kernel's exports as the host sees them; addresses are numbers. */
export interface KernelExports {
  readonly memory: WebAssembly.Memory
  heapBase(): number
  /** 1 when the memory sufficed. */
  triangleRefs(positions: number, indices: number, count: number, refs: number): number
  /** Number of nodes, −1 when memory ends. */
  build(refs: number, count: number, nodes: number, leaf: number): number
  /** Number of blocks, −1 when memory ends. */
  emitBlocks(positions: number, indices: number, refs: number, nodes: number, nodeCount: number, out: number): number
  emitSingles(refs: number, nodes: number, nodeCount: number): void
  moveBlocks(rest: number, count: number, indices: number, vertices: number, out: number): void
  refit(nodes: number, nodeCount: number, from: number, to: number): void
  /** Kind 0: metal, 1: coat, 2: glass. */
  fillAlbedo(table: number, kind: number, eta: number): void
  /** The same for two roughnesses. */
  fillAlbedo2(table: number, kind: number, eta: number): void
  fillSheenAlbedo(table: number): void
  /** Halves a picture; see kernel/mip.ts. */
  reduce(from: number, width: number, height: number, to: number, outWidth: number, outHeight: number, colour: number): void
  render(from: number, to: number, out: number): void
  denoiseBytes(width: number, height: number, parts: number, beside: number): number
  denoiseBeside(...frame: readonly [...DenoiserFrame, scratch: number, place: number]): void
  denoise(...frame: readonly [...DenoiserFrame, out: number, scratch: number, beside: number]): void
  castRays(input: number, count: number, output: number, any: number): void
}
