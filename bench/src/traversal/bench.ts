/**
 * The kernel's traversal in AssemblyScript against the same in C (traverse.c), over the same BVH in the same memory and process, on the same
 * rays: camera rays, rays scattered by cosine from what those hit, and shadow rays among the points hit. Hits must be equal bit for bit.
 */
import { initPhysics } from '@dioramic/physics'
import { createRenderer } from '@dioramic/render'
import { type CameraState, cameraAt, cameraRay, Key, resolveScene } from '@dioramic/scene'
// The kernel's memory is no part of the package's API; the benchmark reaches for it.
import { Kernel } from '../../../packages/render/src/kernel.ts'
import { cpuSeconds } from '../cpu.ts'
import { type Claim, figure, writeReport } from '../report.ts'
import { interior } from '../scenes/interior.ts'
import { texturedHdr } from '../scenes/textured-hdr.ts'
import { assemblyScriptKernel, type BenchExports, type Caster, cModule } from './kernels.ts'

const FLOATS = 8
const FAR = 3e38

/** Rays through a grid of size × size points of the picture. */
function cameraRays(camera: CameraState, size: number): Float32Array {
  const rays = new Float32Array(size * size * FLOATS)
  for (let j = 0, k = 0; j < size; j++) {
    for (let i = 0; i < size; i++, k += FLOATS) {
      const d = cameraRay(camera, ((i + 0.5) * camera.width) / size, ((j + 0.5) * camera.height) / size)!.direction
      const l = Math.sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2])
      rays.set([...camera.position, 0, d[0] / l, d[1] / l, d[2] / l, FAR], k)
    }
  }
  return rays
}

/** A ray from each surface point (position, lift, normal, 1 or 0), by cosine; and one to another random surface point. */
function scatteredRays(surfaces: Float32Array, key: Key): { scattered: Float32Array; shadow: Float32Array } {
  const points: number[] = []
  for (let k = 0; k < surfaces.length; k += FLOATS) if (surfaces[k + 7] === 1) points.push(k)
  const scattered = new Float32Array(points.length * FLOATS)
  const shadow = new Float32Array(points.length * FLOATS)
  const r = key.fork('rays')
  points.forEach((k, i) => {
    const [x, y, z, lift, nx, ny, nz] = surfaces.subarray(k, k + 7) as unknown as [number, number, number, number, number, number, number]
    const origin = [x + nx * lift, y + ny * lift, z + nz * lift]
    // A point on the unit sphere about the normal's tip: cosine-distributed (Lambert).
    const c = 2 * r.uniform() - 1
    const a = 2 * Math.PI * r.uniform()
    const s = Math.sqrt(1 - c * c)
    let d = [nx + s * Math.cos(a), ny + s * Math.sin(a), nz + c]
    let l = Math.hypot(...d)
    scattered.set([...origin, 0, ...d.map(v => v / l), FAR] as number[], i * FLOATS)
    const to = points[Math.floor(r.uniform() * points.length)]!
    d = [surfaces[to]! - x, surfaces[to + 1]! - y, surfaces[to + 2]! - z]
    l = Math.max(1e-6, Math.hypot(...d))
    shadow.set([...origin, 0, ...d.map(v => v / l), l * 0.999] as number[], i * FLOATS)
  })
  return { scattered, shadow }
}

interface Rates {
  readonly assemblyScript: number
  readonly c: number
  readonly ratios: readonly number[]
  readonly rays: number
  readonly hits: number
}

/** Millions of rays a CPU second of both, interleaved; the best of the repeats. Throws where the hits differ. */
function compare(kernel: Kernel, ours: Caster, c: Caster, rays: Float32Array, any: boolean, repeats: number): Rates {
  const count = rays.length / FLOATS
  const at = kernel.mark()
  const input = kernel.put(rays, 'rays')
  const outA = kernel.alloc(count * 32, 'hits')
  const outC = kernel.alloc(count * 32, 'hits')
  const seconds: [number, number][] = []
  for (let i = 0; i < repeats + 1; i++) {
    kernel.u8.fill(0, outA, outC + count * 32)
    const pair: [number, number] = [0, 0]
    const run = [
      () => (pair[0] = cpuSeconds(() => ours.cast(input, count, outA, any ? 1 : 0))),
      () => (pair[1] = cpuSeconds(() => c.cast(input, count, outC, any ? 1 : 0))),
    ]
    for (const f of i & 1 ? run.reverse() : run) f()
    // The first round warms the compilers up.
    if (i > 0) seconds.push(pair)
  }
  let hits = 0
  for (let i = 0; i < count; i++) {
    const hit = kernel.i32[(outA >>> 2) + i * 8 + 4]!
    if (hit >= 0) hits++
    for (let w = any ? 4 : 0; w < 5; w++) {
      const a = kernel.u32[(outA >>> 2) + i * 8 + w]
      if (a !== kernel.u32[(outC >>> 2) + i * 8 + w] && (hit >= 0 || w === 4))
        throw new Error(`ray ${i}: the two traversals differ in word ${w}`)
    }
  }
  kernel.release(at)
  const best = (k: 0 | 1) => count / Math.min(...seconds.map(s => s[k])) / 1e6
  return { assemblyScript: best(0), c: best(1), ratios: seconds.map(s => s[0] / s[1]).sort((a, b) => a - b), rays: count, hits }
}

const median = (sorted: readonly number[]) => sorted[sorted.length >> 1]!

export async function run({ quick, json }: { quick: boolean; json: string | undefined }): Promise<void> {
  const module = await assemblyScriptKernel()
  const physics = await initPhysics()
  // createRenderer keeps its kernel to itself: catch it on the way.
  const instantiate = Kernel.instantiate
  let kernel!: Kernel
  Kernel.instantiate = async m => {
    kernel = await instantiate.call(Kernel, m)
    return kernel
  }
  const renderer = await createRenderer(module).finally(() => {
    Kernel.instantiate = instantiate
  })
  const exports = kernel.call as unknown as BenchExports
  const c = await cModule(kernel.call.memory)
  if (typeof c === 'string') {
    console.error(`skipped: ${c}`)
    return
  }
  const claims: Claim[] = []
  const details: Record<string, unknown> = {}
  const size = quick ? 256 : 512
  for (const [name, make] of Object.entries({ 'textured-hdr': texturedHdr, interior })) {
    const { scene, assets } = make(64)
    const resolved = resolveScene(scene, assets)
    const loaded = renderer.load(resolved, physics.simulate(resolved))
    // Room first: a frame releases its instances and top-level BVH, and the next allocation would lie on them.
    const room = kernel.alloc(size * size * 32 * 4, 'rays')
    // No rows: only instances and top-level BVH are written.
    loaded.radiance({ camera: 0, frame: 0, spp: 1, seed: [0, 0], rows: [0, 0] })
    kernel.release(room)
    const camera = cameraRays(cameraAt(scene.cameras[0]!, 0), size)
    const mark = kernel.mark()
    const input = kernel.put(camera, 'rays')
    const out = kernel.alloc(camera.byteLength, 'surfaces')
    exports.surfaces(input, camera.length / FLOATS, out)
    const surfaces = new Float32Array(kernel.call.memory.buffer, out, camera.length).slice()
    kernel.release(mark)
    const { scattered, shadow } = scatteredRays(surfaces, Key.fromSeed(1))
    const sets = { 'camera rays': [camera, false], 'scattered rays': [scattered, false], 'shadow rays': [shadow, true] } as const
    for (const [kind, [rays, any]] of Object.entries(sets)) {
      const r = compare(kernel, exports, c, rays as Float32Array, any as boolean, quick ? 5 : 11)
      claims.push(figure(`${name}, ${kind}: AssemblyScript, M rays/s`, r.assemblyScript), figure(`${name}, ${kind}: C, M rays/s`, r.c))
      claims.push(figure(`${name}, ${kind}: time of AssemblyScript / C`, median(r.ratios), [r.ratios[0]!, r.ratios.at(-1)!]))
      details[`${name}, ${kind}`] = r
    }
  }
  renderer.dispose()
  writeReport('traversal', claims, details, json)
}
