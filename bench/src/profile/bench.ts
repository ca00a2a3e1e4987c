/** Where the kernel's time goes: self time by function, sampled by V8 while a kernel with names in it renders the three scenes. */
import { Session } from 'node:inspector/promises'
import { initPhysics } from '@dioramic/physics'
import { createRenderer } from '@dioramic/render'
import { compileKernel } from '../../../packages/render/scripts/compile-kernel.ts'
import { SCENE_NAMES, subject } from '../render/subjects.ts'
import { type Claim, figure, writeReport } from '../report.ts'

/** Shares of self time of WebAssembly functions while `work` runs, largest first. */
async function profile(work: () => void): Promise<[string, number][]> {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.setSamplingInterval', { interval: 500 })
  await session.post('Profiler.start')
  work()
  const { profile: p } = await session.post('Profiler.stop')
  session.disconnect()
  const frames = new Map(p.nodes.map(n => [n.id, n.callFrame]))
  const self = new Map<string, number>()
  let total = 0
  p.samples?.forEach((id, i) => {
    const f = frames.get(id)!
    if (!f.url.includes('wasm')) return
    const t = p.timeDeltas![i]!
    self.set(f.functionName, (self.get(f.functionName) ?? 0) + t)
    total += t
  })
  return [...self].sort((a, b) => b[1] - a[1]).map(([name, t]) => [name.replace('kernel/', ''), t / total])
}

export async function run({ quick, json }: { quick: boolean; json: string | undefined }): Promise<void> {
  const renderer = await createRenderer(await WebAssembly.compile((await compileKernel({ flags: ['--debug'] })) as BufferSource))
  const physics = await initPhysics()
  const claims: Claim[] = []
  const details: Record<string, unknown> = {}
  for (const name of SCENE_NAMES) {
    const { resolved, motion } = subject(name, quick ? 64 : 128, physics)
    const loaded = renderer.load(resolved, motion)
    const render = (spp: number) => loaded.radiance({ camera: 0, frame: 0, spp, seed: [1, 2] })
    render(8)
    const shares = await profile(() => void render(128))
    for (const [f, share] of shares.slice(0, 16)) claims.push(figure(`${name}: ${f}, % of the kernel's time`, share * 100))
    details[name] = shares
  }
  renderer.dispose()
  writeReport('profile', claims, details, json)
}
