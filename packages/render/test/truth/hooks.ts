/**
 * The kernel with its samplers laid open: the same source as the one shipped, compiled with a longer entry. Batches of four f32 a row, so that
 * a hundred thousand samples cost one call.
 */
import { compileKernel } from '../../scripts/compile-kernel.ts'
import type { KernelExports } from '../../src/exports.ts'

export interface Hooks extends KernelExports {
  /** Makes the surface at hand from a material record: direction towards the viewer in the local frame, whose x is the tangent, and the clearcoat's normal. */
  surface(material: number, x: number, y: number, z: number, coatX: number, coatY: number, coatZ: number, entering: number): void
  /** Rows (u, v, lobe, –) to rows (direction, pdf) and (value, 0); direction 0 where the sampler gives none. */
  scatter(count: number, input: number, out: number): void
  /** Rows (direction, –) to rows (value, pdf). */
  evaluateAll(count: number, input: number, out: number): void
  /** Rows (u, v, –, –) to the visible normals of the surface's viewer. */
  normals(count: number, x: number, y: number, z: number, alpha: number, input: number, out: number): void
  /** Weighs the lights for a point and its normal; returns the sum of importances. `both` is a side of light-tree.ts. */
  weigh(px: number, py: number, pz: number, nx: number, ny: number, nz: number, both: number): number
  /** Rows (u, v, –, –), where u also chooses the light, to rows (direction, pdf) and (radiance, distance). */
  light(count: number, input: number, out: number): void
  /** Rows (direction, pdf) to rows (radiance found · MIS weight, –). `total` 0 turns light sampling off: weight 1. */
  found(count: number, total: number, input: number, out: number): void
  /** Rows (direction, –) to rows (radiance, pdf) of the environment. */
  sky(count: number, input: number, out: number): void
  /** Rows (u, v, –, –) to rows (direction, density) of fog's phase function about +Z. */
  phases(count: number, input: number, out: number): void
  /** Rows (raster x, y, u, v) to rows (origin, –) and (direction, –). */
  rays(count: number, time: number, input: number, out: number): void
  /** Rows (turns, –, –, –) to rows (cos, sin, turnsOf(sin, cos), –). */
  turns(count: number, input: number, out: number): void
  /** Rows (u, –, –, –) to rows (filter offset, –, –, –). */
  offsets(count: number, input: number, out: number): void
  /** Points `from` … `from + count` of a pixel's pair of dimensions: two f32 each. */
  points(seed0: number, seed1: number, x: number, y: number, pair: number, from: number, count: number, out: number): void
  /**
   * Direct light of the surface and lights at hand, the normal's frame being the world's. Mode 0: light sampling alone; 1: scattering alone;
   * 2: both as path.ts combines them. Rows (u, v, lobe, –) and (u, v, –, –) to rows (radiance, –).
   */
  direct(mode: number, count: number, input: number, out: number): void
}

const ENTRY = `
export * from './index'
import { bsdfPdf, bsdfValue, evaluate, sample, setSurface } from './bsdf'
import { cameraRay, filterOffset, rayDirection, rayOrigin } from './camera'
import { envPdf, environmentAt } from './environment'
import { phase, samplePhase } from './fog'
import { hitLights, lightDirection, lightDistance, lightIsDelta, lightPdf, lightRadiance, sampleLight, totalImportance, weighLights } from './lights'
import { cosTurn, sinTurn, turn, turnsOf } from './maths'
import { sampleNormal } from './microfacet'
import { faceTo, loadValues } from './surface'
import { draw, drawU, drawV, seedPixel, startSample } from './sampler'
import { W, X, Y, Z, add, makeBasis, mul, scale, splat, vec } from './vec'

let p: v128 = f32x4(0, 0, 0, 0)
let n: v128 = f32x4(0, 0, 0, 0)
let side: i32 = 0

@inline function put(out: usize, v: v128, w: f32): void { v128.store(out, f32x4.replace_lane(v, 3, w)) }

export function surface(material: usize, x: f32, y: f32, z: f32, coatX: f32, coatY: f32, coatZ: f32, entering: i32): void {
  const n = vec(0, 0, 1)
  loadValues(material)
  makeBasis(n)
  faceTo(n, n, vec(coatX, coatY, coatZ))
  setSurface(material, vec(x, y, z), entering != 0)
}
export function scatter(count: i32, input: usize, out: usize): void {
  for (let i = 0; i < count; i++, input += 16, out += 32) {
    const r = v128.load(input)
    const wi = sample(X(r), Y(r), Z(r))
    if (Z(wi) == 0) {
      put(out, splat(0), 0)
      put(out + 16, splat(0), 0)
      continue
    }
    evaluate(wi)
    put(out, wi, bsdfPdf)
    put(out + 16, bsdfValue, 0)
  }
}
export function evaluateAll(count: i32, input: usize, out: usize): void {
  for (let i = 0; i < count; i++, input += 16, out += 16) {
    evaluate(v128.load(input))
    put(out, bsdfValue, bsdfPdf)
  }
}
export function normals(count: i32, x: f32, y: f32, z: f32, alpha: f32, input: usize, out: usize): void {
  for (let i = 0; i < count; i++, input += 16, out += 16) v128.store(out, sampleNormal(vec(x, y, z), alpha, alpha, load<f32>(input), load<f32>(input, 4)))
}
export function weigh(px: f32, py: f32, pz: f32, nx: f32, ny: f32, nz: f32, both: i32): f32 {
  p = vec(px, py, pz)
  n = vec(nx, ny, nz)
  side = both
  weighLights(p, n, side)
  return totalImportance
}
export function light(count: i32, input: usize, out: usize): void {
  for (let i = 0; i < count; i++, input += 16, out += 32) {
    const r = v128.load(input)
    sampleLight(p, n, side, 0, X(r), Y(r))
    put(out, lightDirection, lightPdf)
    put(out + 16, lightRadiance, lightDistance)
  }
}
export function found(count: i32, total: f32, input: usize, out: usize): void {
  for (let i = 0; i < count; i++, input += 16, out += 16) {
    const d = v128.load(input)
    put(out, hitLights(p, n, side, total, d, Infinity, true, W(d)), 0)
  }
}
export function sky(count: i32, input: usize, out: usize): void {
  for (let i = 0; i < count; i++, input += 16, out += 16) {
    const c = environmentAt(v128.load(input))
    put(out, c, envPdf)
  }
}
export function phases(count: i32, input: usize, out: usize): void {
  for (let i = 0; i < count; i++, input += 16, out += 16) {
    const d = samplePhase(vec(0, 0, 1), load<f32>(input), load<f32>(input, 4))
    put(out, d, phase(Z(d)))
  }
}
export function rays(count: i32, time: f32, input: usize, out: usize): void {
  for (let i = 0; i < count; i++, input += 16, out += 32) {
    const r = v128.load(input)
    cameraRay(X(r), Y(r), Z(r), W(r), time)
    v128.store(out, rayOrigin)
    v128.store(out, rayDirection, 16)
  }
}
export function turns(count: i32, input: usize, out: usize): void {
  for (let i = 0; i < count; i++, input += 16, out += 16) {
    turn(load<f32>(input))
    v128.store(out, f32x4(cosTurn, sinTurn, turnsOf(sinTurn, cosTurn), 0))
  }
}
export function offsets(count: i32, input: usize, out: usize): void {
  for (let i = 0; i < count; i++, input += 16, out += 16) store<f32>(out, filterOffset(load<f32>(input)))
}
export function points(seed0: u32, seed1: u32, x: i32, y: i32, pair: u32, from: i32, count: i32, out: usize): void {
  seedPixel(seed0, seed1, x, y)
  for (let i = 0; i < count; i++, out += 8) {
    startSample(from + i)
    draw(pair)
    store<f32>(out, drawU)
    store<f32>(out, drawV, 4)
  }
}
export function direct(mode: i32, count: i32, input: usize, out: usize): void {
  for (let i = 0; i < count; i++, input += 32, out += 16) {
    const a = v128.load(input)
    const b = v128.load(input, 16)
    let sum = splat(0)
    if (mode != 1) {
      sampleLight(p, n, side, 0, X(b), Y(b))
      if (lightPdf > 0) {
        evaluate(lightDirection)
        const weight: f32 = mode == 0 || lightIsDelta ? <f32>1 / lightPdf : lightPdf / (lightPdf * lightPdf + bsdfPdf * bsdfPdf)
        sum = scale(mul(bsdfValue, lightRadiance), weight)
      }
    }
    if (mode != 0) {
      const wi = sample(X(a), Y(a), Z(a))
      if (Z(wi) != 0) {
        evaluate(wi)
        if (bsdfPdf > 0) {
          const found = hitLights(p, n, side, mode == 1 ? <f32>0 : totalImportance, wi, Infinity, true, bsdfPdf)
          sum = add(sum, scale(mul(bsdfValue, found), <f32>1 / bsdfPdf))
        }
      }
    }
    put(out, sum, 0)
  }
}
`

/** Compiled without Binaryen's passes: Wasm's floating point has one result, and the engine optimises again. */
export const hookedKernel = async (): Promise<WebAssembly.Module> =>
  WebAssembly.compile((await compileKernel({ entry: ENTRY, flags: ['--optimizeLevel', '0', '--shrinkLevel', '0'] })) as BufferSource)
