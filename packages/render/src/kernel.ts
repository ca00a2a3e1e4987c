/** One instance of the kernel: its exports, its memory as typed views, and the arena that the host lays in it. */
import { RenderError } from './errors.ts'
import type { KernelExports } from './exports.ts'

const PAGE = 65536
/** The kernel's addresses are 32 bits; the last page stays unused so that no end address wraps. */
const LIMIT = 4294967296 - PAGE

export class Kernel {
  readonly call: KernelExports
  u8: Uint8Array
  u32: Uint32Array
  i32: Int32Array
  f32: Float32Array
  f64: Float64Array
  private top: number

  private constructor(call: KernelExports) {
    this.call = call
    this.top = call.heapBase() >>> 0
    this.u8 = new Uint8Array(0)
    this.u32 = new Uint32Array(0)
    this.i32 = new Int32Array(0)
    this.f32 = new Float32Array(0)
    this.f64 = new Float64Array(0)
    this.refresh()
    this.top = align(this.top)
  }

  static async instantiate(module: WebAssembly.Module): Promise<Kernel> {
    const instance = await WebAssembly.instantiate(module, {})
    return new Kernel(instance.exports as unknown as KernelExports)
  }

  /** Views follow the memory: call after anything that may have grown it. */
  refresh(): void {
    const { buffer } = this.call.memory
    if (this.u8.buffer === buffer) return
    this.u8 = new Uint8Array(buffer)
    this.u32 = new Uint32Array(buffer)
    this.i32 = new Int32Array(buffer)
    this.f32 = new Float32Array(buffer)
    this.f64 = new Float64Array(buffer)
  }

  /** End of the arena; pass it to `release` to drop everything allocated since. */
  mark(): number {
    return this.top
  }

  release(mark: number): void {
    this.top = mark
  }

  /** Address of `bytes` fresh bytes (contents undefined), aligned to 64. */
  alloc(bytes: number, what: string): number {
    const at = this.top
    const end = align(at + bytes)
    if (end > LIMIT) {
      throw new RenderError(
        `the scene does not fit in the kernel's 4 GiB: ${what} needs ${mebibytes(bytes)} on top of ${mebibytes(at)}. ` +
          'Use fewer or smaller meshes, textures or environments, or a smaller picture.',
      )
    }
    const have = this.call.memory.buffer.byteLength
    if (end > have) {
      // A little more than asked, so that many small allocations do not each move the memory.
      const pages = Math.ceil((end - have) / PAGE)
      const extra = Math.min(256, Math.floor((LIMIT - end) / PAGE))
      try {
        this.call.memory.grow(pages + Math.max(0, extra))
      } catch {
        try {
          this.call.memory.grow(pages)
        } catch {
          throw new RenderError(
            `the machine has no memory for ${what}: ${mebibytes(bytes)} on top of ${mebibytes(have)}. Use a smaller scene or fewer workers.`,
          )
        }
      }
      this.refresh()
    }
    this.top = end
    return at
  }

  /** Copies bytes in; returns their address. */
  put(data: ArrayBufferView, what: string): number {
    const at = this.alloc(data.byteLength, what)
    this.u8.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at)
    return at
  }

  setU32(at: number, value: number): void {
    this.u32[at >>> 2] = value
  }
  setF32(at: number, value: number): void {
    this.f32[at >>> 2] = value
  }
}

const align = (x: number) => Math.ceil(x / 64) * 64
export const mebibytes = (bytes: number) => `${(bytes / 1048576).toFixed(1)} MiB`
