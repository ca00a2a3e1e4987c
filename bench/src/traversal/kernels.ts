/** Compiles the two traversals: the kernel's AssemblyScript with an entry that casts a buffer of rays, and the same in C. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compileKernel } from '../../../packages/render/scripts/compile-kernel.ts'

/** Rays of 8 floats (origin, tMin, direction, tMax) to hits of 8 words: t, u, v, triangle, instance or −1. `any`: instance alone. */
export interface Caster {
  cast(rays: number, count: number, out: number, any: number): void
}
/** The kernel with two more exports; `surfaces` writes position and lift, geometric normal and 0 of each hit (8 floats). */
export interface BenchExports extends Caster {
  surfaces(rays: number, count: number, out: number): void
}

const ENTRY = `
export * from './index'
import { closest, blocked, hitInstance, hitPrimitive, hitT, hitU, hitV } from './trace'
import { evaluateSurface, findMaterial, geometric, lift, position } from './surface'
import { neg } from './vec'

export function cast(rays: usize, count: i32, out: usize, any: i32): void {
  for (let i = 0; i < count; i++, rays += 32, out += 32) {
    const o = v128.load(rays)
    const d = v128.load(rays, 16)
    const tMin = f32x4.extract_lane(o, 3)
    const tMax = f32x4.extract_lane(d, 3)
    if (any) {
      store<i32>(out, blocked(o, d, 0, tMin, tMax) ? 0 : -1, 16)
      continue
    }
    const found = closest(o, d, 0, tMin, tMax)
    store<f32>(out, hitT)
    if (found) {
      store<f32>(out, hitU, 4)
      store<f32>(out, hitV, 8)
      store<i32>(out, hitPrimitive, 12)
    }
    store<i32>(out, hitInstance, 16)
  }
}
export function surfaces(rays: usize, count: i32, out: usize): void {
  for (let i = 0; i < count; i++, rays += 32, out += 32) {
    const o = v128.load(rays)
    const d = v128.load(rays, 16)
    if (!closest(o, d, 0, f32x4.extract_lane(o, 3), f32x4.extract_lane(d, 3))) {
      v128.store(out, f32x4.splat(0))
      v128.store(out, f32x4.splat(0), 16)
      continue
    }
    findMaterial()
    evaluateSurface(neg(d), 0)
    v128.store(out, f32x4.replace_lane(position, 3, lift))
    v128.store(out, f32x4.replace_lane(geometric, 3, 1), 16)
  }
}
`

export const assemblyScriptKernel = async (): Promise<WebAssembly.Module> =>
  WebAssembly.compile((await compileKernel({ entry: ENTRY })) as BufferSource)

/** The C module over the kernel's memory, or why there is none. */
export async function cModule(memory: WebAssembly.Memory): Promise<Caster | string> {
  const source = fileURLToPath(new URL('traverse.c', import.meta.url))
  const out = join(mkdtempSync(join(tmpdir(), 'diorama-traversal-')), 'traverse.wasm')
  const flags = [
    '--target=wasm32',
    '-msimd128',
    '-O3',
    '-nostdlib',
    '-ffreestanding',
    '-Wl,--no-entry',
    '-Wl,--import-memory',
    '-Wl,--export=cast',
  ]
  try {
    execFileSync('clang', [...flags, '-o', out, source], { stdio: ['ignore', 'ignore', 'pipe'] })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'clang is not installed (it needs clang and lld with the wasm32 target)'
    return `clang failed: ${(error as { stderr?: Buffer }).stderr?.toString().split('\n')[0] ?? error}`
  }
  if (!existsSync(out)) return 'clang wrote nothing'
  const { instance } = await WebAssembly.instantiate(readFileSync(out), { env: { memory } })
  return instance.exports as unknown as Caster
}
