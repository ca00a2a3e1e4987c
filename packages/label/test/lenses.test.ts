/** Labels behind every lens, global and rolling shutter, against closed forms: nothing here is shared with the labels. */
import { describe, expect, test } from 'vitest'
import { flow, flowMask, INVALID, OCCLUDED, OUT_OF_FRAME } from '../src/flow.ts'
import { labelFrame } from '../src/frame.ts'
import { seePoints } from '../src/points.ts'
import { selectLabels } from '../src/select.ts'
import { axis, box, far, HEIGHT, lensStage, place, RATE, second, WIDTH } from './kit/lens-stage.ts'
import { LENSES } from './kit/lenses.ts'
import { eachPixel, inner, norm, plus, turn, unit, type V } from './kit/oracle.ts'

for (const readout of [0, 0.06]) {
  describe.each(LENSES)(`$name, readout ${readout} s`, lens => {
    const { rig, look, s, context, time, hit, carry } = lensStage(lens, readout)

    test('ids, depth and distance are those of the closed form', () => {
      const { layers } = labelFrame(context, selectLabels('segmentation,depth,distance'))
      const [ids, depth, distance] = layers.map(l => l.data)
      let [wrong, seen] = [0, 0]
      eachPixel({ width: WIDTH, height: HEIGHT }, (i, j, p) => {
        const t = look.rowTime(time, j + 0.5)
        const { origin, direction } = look.ray(i + 0.5, j + 0.5, t)
        const first = hit(origin, direction, t)
        if (ids[p] !== (first ? 10 * (first.k + 1) : 0)) {
          wrong++
          return
        }
        if (!first) return expect([depth[p], distance[p]]).toEqual([Infinity, Infinity])
        seen++
        const ray = plus(first.point, origin, -1)
        const forward = turn([0, 0, -1], rig.axis, rig.rate * t)
        expect(Math.abs(distance[p] - norm(ray))).toBeLessThan(3e-6)
        expect(Math.abs(depth[p] - inner(ray, forward))).toBeLessThan(3e-6)
      })
      expect(seen).toBeGreaterThan(60)
      // A pixel centre may graze an edge.
      expect(wrong).toBeLessThanOrEqual(1)
    })

    test('flow leads to where the point is exposed in the other frame; masks say where that is', () => {
      let [seen, sum, flags, hidden] = [0, 0, 0, 0]
      for (const step of [1, -1] as const) {
        const f = flow(context, step)
        const mask = flowMask(context, step)
        eachPixel({ width: WIDTH, height: HEIGHT }, (i, j, p) => {
          const t = look.rowTime(time, j + 0.5)
          const { origin, direction } = look.ray(i + 0.5, j + 0.5, t)
          const first = hit(origin, direction, t)
          if ((first ? first.k : -1) !== context.primary.instance[p]) return
          if (!first && lens.parallel) {
            expect(mask[p]).toBe(INVALID)
            return
          }
          const at = (τ: number) => (first ? look.see(carry(first.k, first.point, t, τ), τ) : look.sky(direction, τ))
          const to = look.exposed(at, time + 0.1 * step)
          if (!to) return
          let [du, dv] = [to[0] - i - 0.5, to[1] - j - 0.5]
          if (lens.name === 'equirectangular') du -= WIDTH * Math.round(du / WIDTH)
          // Beyond what the coefficients can hold there is no flow.
          if (mask[p] & INVALID) {
            expect([f[2 * p], f[2 * p + 1]]).toEqual([0, 0])
            expect(to[0] < -WIDTH || to[1] < -HEIGHT || to[0] > 2 * WIDTH || to[1] > 2 * HEIGHT).toBe(true)
            return
          }
          seen++
          const error = Math.hypot(f[2 * p] - du, f[2 * p + 1] - dv)
          sum += error
          expect(error, `pixel ${i}, ${j}`).toBeLessThan(1e-4)
          const around = lens.name === 'equirectangular'
          const out = !((around || (to[0] >= 0 && to[0] < WIDTH)) && to[1] >= 0 && to[1] < HEIGHT)
          expect((mask[p] & OUT_OF_FRAME) !== 0).toBe(out)
          if (out || !first) return
          // Hidden by the boxes themselves, asked of the closed form at the row's time, away from the rims.
          const row = look.rowTime(time + 0.1 * step, Math.floor(to[1]) + 0.5)
          const target = carry(first.k, first.point, t, row)
          const eye = look.eyeAt(row)
          const forward = turn([0, 0, -1], rig.axis, rig.rate * row)
          const start = lens.parallel ? plus(target, forward, -inner(plus(target, eye, -1), forward)) : eye
          const blocker = hit(start, unit(plus(target, start, -1)), row)
          const gap = blocker ? norm(plus(blocker.point, target, -1)) : Infinity
          if (gap > 1e-7 && gap < 1e-3) return
          flags++
          if (gap >= 1e-3) hidden++
          expect((mask[p] & OCCLUDED) !== 0, `pixel ${i}, ${j}`).toBe(gap >= 1e-3)
        })
      }
      expect(seen).toBeGreaterThan(lens.parallel ? 100 : 1000)
      expect(sum / seen).toBeLessThan(2e-5)
      expect(flags).toBeGreaterThan(100)
      expect(hidden).toBeGreaterThan(0)
    })

    test('points that are followed are where they are exposed in every other frame, to the last digits', () => {
      const { instance, primitive, u, v } = context.primary
      const chosen = Array.from(instance.keys()).filter(p => instance[p] >= 0 && p % 5 === 0)
      const pick = (from: ArrayLike<number>) => chosen.map(p => from[p])
      const points = { instance: pick(instance), primitive: pick(primitive), u: pick(u), v: pick(v) }
      let seen = 0
      for (const frame of [0, 2]) {
        const { raster, flags } = seePoints(s.context(frame), points)
        chosen.forEach((p, i) => {
          const t = look.rowTime(time, Math.floor(p / WIDTH) + 0.5)
          const { origin, direction } = look.ray((p % WIDTH) + 0.5, Math.floor(p / WIDTH) + 0.5, t)
          const first = hit(origin, direction, t)
          if (first?.k !== instance[p] || flags[i] & INVALID) return
          const to = look.exposed(τ => look.see(carry(first.k, first.point, t, τ), τ), 0.1 * frame)
          if (!to) return
          seen++
          // The mesh's vertices are f32, the closed form's box is not.
          expect(Math.hypot(raster[2 * i] - to[0], raster[2 * i + 1] - to[1]), `pixel ${p}`).toBeLessThan(1e-4)
        })
      }
      expect(seen).toBeGreaterThan(30)
    })

    test('the amodal box holds the images of all surface points, and touches some on each side; the centre is the origin’s image', () => {
      const { instances } = labelFrame(context, selectLabels('box-amodal,center-2d'))
      for (const [k, body] of [box, second].entries()) {
        const record = instances[k]
        const unclipped = record['box2dAmodalUnclipped'] as number[] | null
        const bounds = [Infinity, Infinity, -Infinity, -Infinity]
        let missing = false
        // Along the twelve edges: faces hold nothing that their edges do not, but poles.
        const n = 240
        for (let e = 0; e < 12; e++) {
          for (let a = 0; a <= n; a++) {
            const q = [(e & 1) - 0.5, ((e >> 1) & 1) - 0.5]
            q.splice(e >> 2, 0, a / n - 0.5)
            const local: V = [q[0] * body.scale[0], q[1] * body.scale[1], q[2] * body.scale[2]]
            const world = (τ: number): V => (k === 1 ? plus(local, far) : plus(turn(local, axis, RATE * τ), place(τ)))
            const seen = look.exposed(τ => look.see(world(τ), τ), time)
            if (!seen) {
              missing = true
              continue
            }
            bounds[0] = Math.min(bounds[0], seen[0])
            bounds[1] = Math.min(bounds[1], seen[1])
            bounds[2] = Math.max(bounds[2], seen[0])
            bounds[3] = Math.max(bounds[3], seen[1])
          }
        }
        if (missing || !unclipped || record['cutByCamera']) continue
        const grown = unclipped.map((x, i) => (i < 2 ? bounds[i] - x : x - bounds[i]))
        grown.forEach(x => {
          expect(x).toBeGreaterThan(-2e-3)
          // The samples stand 1/240 of an edge apart; at a seam or pole the box reaches the picture's edge.
          expect(x).toBeLessThan(lens.name === 'equirectangular' ? 0.6 : 0.02)
        })
        const centre = look.exposed(τ => look.see(k === 1 ? far : place(τ), τ), time)
        const told = record['projectedCentre'] as number[] | null
        if (told && centre) expect(Math.hypot(told[0] - centre[0], told[1] - centre[1])).toBeLessThan(1e-7)
        else expect(told).toBe(null)
      }
    })
  })
}
