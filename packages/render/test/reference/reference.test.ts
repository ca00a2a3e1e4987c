import type { Material, ResolvedScene } from '@dioramic/scene'
import { beforeAll, expect, test } from 'vitest'
import { loadKernel } from '../../src/node/index.ts'
import { createRenderer } from '../../src/renderer.ts'
import { FILTER_WIDTH } from '../../src/tables.ts'
import type { Renderer } from '../../src/types.ts'
import { compare, estimateKernel } from './compare.ts'
import { CASES } from './scenes.ts'
import { type LightPart, renderReference } from './trace.ts'

let renderer: Renderer
beforeAll(async () => {
  renderer = await createRenderer(await loadKernel())
})

/** The verdict on a case; `change` alters what the kernel gets, the reference keeps the case. */
function verdictOn(name: string, change: (scene: ResolvedScene) => ResolvedScene = s => s, part?: LightPart) {
  const { resolved, motion, frame, bounces, samples, tolerance } = CASES[name]!()
  const kernel = estimateKernel(renderer.load(change(resolved), motion), frame, 16, 32, bounces, part)
  const reference = renderReference(resolved, motion, frame, {
    samples,
    bounces,
    filterWidth: FILTER_WIDTH,
    seed: 1,
    ...(part && { part }),
  })
  return compare(name.replaceAll(/[^a-z]+/gi, '-'), kernel, reference, tolerance)
}

test.each(Object.keys(CASES))('the kernel agrees with the f64 reference: %s', name => {
  const { equal, message } = verdictOn(name)
  expect(equal, message).toBe(true)
})

// In light that scattered rays find often: the reference samples none. The whole and the sums of split.test.ts make specular.
test.each<LightPart>(['direct', 'indirect', 'diffuse'])('a part of the light agrees: %s', part => {
  const { equal, message } = verdictOn('Cornell box, open to the sky', s => s, part)
  expect(equal, message).toBe(true)
})

test.each<[string, Partial<Material>]>([
  ['metal, smooth to rough', { roughness: 0.5 }],
  ['dielectric coat', { specular: 0.85 }],
  ['textures, normal map, sun', { normalScale: 0.2 }],
])('the comparison has teeth: %s with %j fails', (name, change) => {
  const changed = (s: ResolvedScene): ResolvedScene => ({
    ...s,
    objects: s.objects.map((o, i) => ({
      ...o,
      materials: o.materials.map(m => (i === 0 && s.objects.length > 2 ? m : { ...m, ...change })),
    })),
  })
  expect(verdictOn(name, changed).equal).toBe(false)
})
