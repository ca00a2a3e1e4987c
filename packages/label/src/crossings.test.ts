/** Amodal masks, occlusion and what lies behind glass, against each object alone and against closed forms. */
import { decodeRle } from '@dioramic/data'
import { materialSchema } from '@dioramic/scene'
import { describe, expect, test } from 'vitest'
import { camera, cube, eachPixel, eye, inner, plus, ray, rest, sphere, square, stage, turnQuat, unit, type V } from '../test/kit/oracle.ts'
import { fc, test as property } from '../test/kit/property.ts'
import type { FrameContext } from './label.ts'
import { behindDepth } from './labels/behind-depth.ts'
import { behindNormal } from './labels/behind-normal.ts'
import { behindSegmentation } from './labels/behind-segmentation.ts'
import { depth } from './labels/depth.ts'
import { maskAmodal } from './labels/mask-amodal.ts'
import { normal } from './labels/normal.ts'
import { occlusion } from './labels/occlusion.ts'
import { segmentation } from './labels/segmentation.ts'
import { visiblePixels } from './labels/visible-pixels.ts'

type Rle = { size: [number, number]; counts: string } | null
const masks = (c: FrameContext) => maskAmodal.compute(c).map(f => (f['maskAmodal'] ? decodeRle(f['maskAmodal'] as NonNullable<Rle>) : null))
const e = eye([1.5, -2, 1.2], [0, 0, 0.2])
const at = (position: V) => () => ({ ...rest, position })

describe('amodal masks and occlusion', () => {
  test('of balls, one behind the other and one half outside, are the discs of their equations', () => {
    const { mesh, sagitta } = sphere(0.4, 24, 48)
    const places: V[] = [
      [0.4, -0.5, 0.4],
      [0, 0, 0.2],
      [0.75, 0.7, 0.2],
    ]
    const c = stage({ cameras: [camera([e])], objects: places.map(p => ({ mesh, path: at(p) })) }).context(0)
    const found = masks(c)
    places.forEach((centre, k) => {
      let pixels = 0
      eachPixel(e, (i, j, p) => {
        const w = unit(ray(e, i + 0.5, j + 0.5))
        const q = plus(centre, e.at, -1)
        const miss = Math.sqrt(Math.max(0, inner(q, q) - inner(q, w) ** 2))
        if (miss > 0.4 - sagitta && miss < 0.4) {
          pixels += found[k]![p]
          return
        }
        expect(found[k]![p], `${k} ${i} ${j}`).toBe(miss < 0.4 ? 1 : 0)
        pixels += miss < 0.4 ? 1 : 0
      })
      expect(pixels).toBeGreaterThan(60)
    })
    const told = occlusion.compute(c)
    expect(told[0]).toMatchObject({ visibleFraction: 1, occludedFraction: 0, occludedBy: [] })
    // The hidden share of the second ball: rays within both discs.
    let [both, second] = [0, 0]
    for (let p = 0; p < found[1]!.length; p++) {
      second += found[1]![p]
      both += found[0]![p] & found[1]![p]
    }
    expect(both).toBeGreaterThan(50)
    expect(told[1]).toMatchObject({
      amodalPixels: second,
      occludedFraction: both / second,
      visibleFraction: 1 - both / second,
      occludedBy: [[10, both]],
    })
  })

  property.prop(
    'are those of each object alone, hold all that is seen, and count what hides what',
    fc.array(fc.tuple(fc.double({ min: -0.8, max: 0.8, noNaN: true }), fc.double({ min: -0.8, max: 0.8, noNaN: true }), fc.nat(100)), {
      minLength: 2,
      maxLength: 4,
    }),
    places => {
      const objects = places.map(([x, y, turn]) => ({
        mesh: cube(),
        scale: [0.5, 0.3, 0.4] as V,
        path: () => ({ position: [x, y, 0.2] as V, rotation: turnQuat(unit([1, 2, 3]), turn) }),
      }))
      const small = eye([1.5, -2, 1.2], [0, 0, 0.2], 40, 32, 24)
      const all = stage({ cameras: [camera([small])], objects })
      const c = all.context(0)
      const found = masks(c)
      const seen = visiblePixels.compute(c)
      const told = occlusion.compute(c)
      const alone = objects.map(o => stage({ cameras: [camera([small])], objects: [o] }).context(0).primary)
      objects.forEach((_, k) => {
        const truth = Array.from(alone[k].instance, i => (i < 0 ? 0 : 1))
        const total = truth.reduce<number>((s, x) => s + x, 0)
        expect(Array.from(found[k] ?? new Uint8Array(truth.length))).toEqual(truth)
        expect(told[k]['amodalPixels']).toBe(total)
        if (total > 0) expect(told[k]['visibleFraction']).toBeCloseTo((seen[k]['visiblePixels'] as number) / total, 12)
        else expect(told[k]['visibleFraction']).toBeNull()
        const hiders = objects.flatMap((_o, b) => {
          const pixels = truth.filter((x, p) => x && b !== k && alone[b].instance[p] >= 0 && alone[b].t[p] < alone[k].t[p]).length
          return pixels > 0 ? [[10 * (b + 1), pixels]] : []
        })
        expect(new Map(told[k]['occludedBy'] as [number, number][])).toEqual(new Map(hiders as [number, number][]))
      })
    },
    30,
  )
})

test('behind glass is what is there without it', () => {
  const glass = { mesh: cube(), scale: [0.1, 1.2, 0.8] as V, path: at([0.7, -0.8, 0.5]), id: 3 }
  const [floor, box] = [
    { mesh: square(3), id: 1 },
    { mesh: cube(), id: 2, scale: [0.4, 0.5, 0.6] as V, path: at([0, 0, 0.3]) },
  ]
  const with_ = stage({ cameras: [camera([e])], objects: [floor, box, glass] })
  const clear = materialSchema.parse({ transmission: 1 })
  const resolved = { ...with_.resolved, objects: with_.resolved.objects.map((o, k) => (k === 2 ? { ...o, materials: [clear] } : o)) }
  const c = { ...with_.context(0), resolved, primary: with_.context(0).primary }
  const bare = stage({ cameras: [camera([e])], objects: [floor, box] }).context(0)
  const pane = segmentation.compute(c).data.filter(id => id === 3).length
  expect(pane).toBeGreaterThan(300)
  for (const [behind, plain] of [
    [behindDepth, depth],
    [behindNormal, normal],
    [behindSegmentation, segmentation],
  ] as const) {
    expect(behind.compute(c).data).toEqual(plain.compute(bare).data)
    expect(behind.compute(bare).data).toEqual(plain.compute(bare).data)
  }
})
