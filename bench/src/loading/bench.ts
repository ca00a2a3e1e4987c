/** What a scene takes before its first ray: seconds for meshes, textures and BVHs, and memory of the kernel, a million triangles and with 23 pictures of 4096². */
import { initPhysics } from '@dioramic/physics'
import { createRenderer } from '@dioramic/render'
import { loadKernel } from '@dioramic/render/node'
import { cpuSeconds } from '../cpu.ts'
import { simulated } from '../render/subjects.ts'
import { type Claim, figure, writeReport } from '../report.ts'
import { interior } from '../scenes/interior.ts'
import { manyTextures } from '../scenes/many-textures.ts'
import { open } from '../scenes/open.ts'
import { texturedHdr } from '../scenes/textured-hdr.ts'
import { spread } from '../spread.ts'

const SCENES = { open, 'textured-hdr': texturedHdr, interior, 'many-textures': manyTextures }

export async function run({ quick, json, only }: { quick: boolean; json: string | undefined; only: readonly string[] }): Promise<void> {
  const physics = await initPhysics()
  const kernel = await loadKernel()
  const claims: Claim[] = []
  for (const [name, make] of Object.entries(SCENES)) {
    if (only.length > 0 && !only.includes(name)) continue
    const { resolved, motion } = simulated(make(128), physics)
    const millions = [...new Set(resolved.objects.map(o => o.mesh))].reduce((sum, mesh) => sum + mesh.indices.length / 3e6, 0)
    const seconds: number[] = []
    let mebibytes = 0
    for (let i = 0; i < (quick ? 1 : 5); i++) {
      // A kernel of its own each time: a second scene reuses what the first has made the memory grow to.
      const renderer = await createRenderer(kernel)
      const empty = renderer.memoryBytes()
      seconds.push(cpuSeconds(() => void renderer.load(resolved, motion)))
      mebibytes = (renderer.memoryBytes() - empty) / 2 ** 20
      renderer.dispose()
    }
    const [median, interval] = spread(seconds)
    claims.push(
      figure(`${name}: millions of triangles`, millions),
      figure(`${name}: seconds to load it`, median, interval),
      figure(`${name}: memory of the kernel, MiB`, mebibytes),
    )
  }
  writeReport('loading', claims, {}, json)
}
