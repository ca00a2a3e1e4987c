import { describe, expect, test } from 'vitest'
import { camera, cube, eachPixel, eye, rest, square, stage, type V } from '../test/kit/oracle.ts'
import { coverage } from './labels/coverage.ts'
import { coverageId } from './labels/coverage-id.ts'

/** Share of the Blackman–Harris window, three pixels wide, below offset x: its density (Harris 1978) summed in steps of a thousandth. */
const sums = [0]
for (let k = 0; k < 3000; k++) {
  const a = 2 * Math.PI * ((k + 0.5) / 3000)
  sums.push(sums[k] + 0.35875 - 0.48829 * Math.cos(a) + 0.14128 * Math.cos(2 * a) - 0.01168 * Math.cos(3 * a))
}
function below(x: number): number {
  const at = Math.min(3000, Math.max(0, (x + 1.5) * 1000))
  const k = Math.min(2999, Math.floor(at))
  return (sums[k] + (at - k) * (sums[k + 1] - sums[k])) / sums[3000]
}

/** A camera 2 m above the origin whose up is +Y: raster u = 32 + 40·x, v = 24 − 40·y for points at z = 0. */
const down = { ...eye([0, 0, 2], [0, 1e-9, 0], 80), right: [1, 0, 0] as V, up: [0, 1, 0] as V, back: [0, 0, 1] as V }

/** Shares by id of pixel (i, j). */
function shares(context: ReturnType<ReturnType<typeof stage>['context']>) {
  const [ids, points] = [coverageId.compute(context).data, coverage.compute(context).data]
  return (i: number, j: number) => {
    const p = 4 * (j * 64 + i)
    return new Map(
      [0, 1, 2, 3].flatMap(k => (points[p + k] > 0 ? [[ids[p + k], points[p + k] * coverage.spec.scale] as [number, number]] : [])),
    )
  }
}

describe('coverage', () => {
  test('across a straight edge is the distribution of the pixel filter', () => {
    for (const edge of [0, 0.003, 0.011, -0.0049]) {
      // A sheet whose right edge is at x = edge, over a floor.
      const objects = [
        { mesh: square(10), id: 1 },
        {
          mesh: square(2),
          id: 2,
          path: () => ({ ...rest, position: [edge - 1, 0, 0] as V, rotation: [0, 0, 0, 1] as const }),
          scale: [1, 1, 1] as V,
        },
      ]
      objects[0] = {
        ...objects[0],
        path: () => ({ ...rest, position: [0, 0, -1e-6] as V, rotation: [0, 0, 0, 1] as const }),
        scale: [1, 1, 1] as V,
      }
      const at = shares(stage({ cameras: [camera([down])], objects }).context(0))
      for (let i = 28; i < 36; i++) {
        const truth = below(32 + 40 * edge - (i + 0.5))
        const found = at(i, 20)
        expect(Math.abs((found.get(2) ?? 0) - truth), `column ${i}`).toBeLessThan(0.02)
        expect([...found.values()].reduce((s, x) => s + x, 0)).toBeCloseTo(1, 12)
      }
    }
  })

  test('across a slanted edge is right on average and never far off', () => {
    const a = 0.37
    const objects = [
      {
        mesh: square(2),
        id: 5,
        path: () => ({ position: [-Math.cos(a), -Math.sin(a), 0] as V, rotation: [0, 0, Math.sin(a / 2), Math.cos(a / 2)] as const }),
      },
    ]
    const found = shares(stage({ cameras: [camera([down])], objects }).context(0))
    let [worst, sum, count] = [0, 0, 0]
    for (let j = 18; j < 30; j++)
      for (let i = 26; i < 38; i++) {
        // The filter is separable, not round: its share below a slanted line, summed over the line's crossings.
        let truth = 0
        for (let k = 0; k < 300; k++) {
          const dv = -1.5 + (k + 0.5) / 100
          const weight = below(dv + 0.005) - below(dv - 0.005)
          const v = 24 - (j + 0.5 + dv)
          truth += weight * below(32 - (v * Math.sin(a)) / Math.cos(a) - (i + 0.5))
        }
        const off = (found(i, j).get(5) ?? 0) - truth
        worst = Math.max(worst, Math.abs(off))
        sum += off
        count++
      }
    expect(worst).toBeLessThan(0.03)
    expect(Math.abs(sum / count)).toBeLessThan(0.003)
  })

  test('four objects that meet in one pixel each have their quarter; away from edges one has all', () => {
    const quarter = (x: number, y: number) => () => ({ ...rest, position: [x + 1 / 80, y - 1 / 80, 0] as V })
    const objects = [quarter(1, 1), quarter(-1, 1), quarter(-1, -1), quarter(1, -1)].map((path, k) => ({
      mesh: square(2),
      id: k + 1,
      path,
    }))
    const at = shares(stage({ cameras: [camera([down])], objects }).context(0))
    const middle = at(32, 24)
    expect(middle.size).toBe(4)
    for (const share of middle.values()) expect(Math.abs(share - 0.25)).toBeLessThan(0.03)
    expect(at(10, 10)).toEqual(new Map([[2, 1]]))
  })

  test('where nothing is, id 0 has it; the largest share comes first', () => {
    const c = stage({ cameras: [camera([down])], objects: [{ mesh: cube(), id: 9, scale: [0.05, 0.05, 0.05] as V }] }).context(0)
    const [ids, points] = [coverageId.compute(c).data, coverage.compute(c).data]
    expect([...ids.subarray(0, 4), ...points.subarray(0, 4)]).toEqual([0, 0, 0, 0, 55, 0, 0, 0])
    let covered = 0
    eachPixel(down, (_i, _j, p) => {
      expect(points[4 * p]).toBeGreaterThanOrEqual(points[4 * p + 1])
      for (let k = 0; k < 4; k++) if (ids[4 * p + k] === 9) covered += points[4 * p + k] / 55
    })
    // The top face, 0.05 m wide at 1.975 m, fills (80 · 0.05 / 1.975)² pixels.
    expect(Math.abs(covered - ((80 * 0.05) / 1.975) ** 2)).toBeLessThan(0.05)
  })
})
