// Which pixels are alike, and the mean of those that are.
import {
  ALBEDO, ALBEDO_EASE, DEPTH, DISTANCE, KEPT, LIGHT, NOISE, NORMAL, NORMAL_EASE, ROWSUM, SLOPE, SUM, WEIGHT, at, base, height, partChannels, partLight, partSum, plane, planeBytes, rowWeights,
  stride, width,
} from './planes'

const PATCH: i32 = 2
const PATCH_PIXELS: i32 = 25
/** Strength of the colour distance, tuned on five worlds against long renders. */
const STRENGTH: f32 = 0.6

/** Rows that are worked on at a time: what they need of all planes stays in the cache. */
const BAND: i32 = 16

/** Adds to the sums every pixel within `reach` of the frame whose planes are at `from`, with its weight. */
export function gather(from: usize, reach: i32): void {
  for (let top = 0; top < height; top += BAND) {
    const end = min(height, top + BAND)
    for (let dy = -reach; dy <= reach; dy++) {
      for (let dx = -reach; dx <= reach; dx++) accumulate(from, dx, dy, reach, top, end)
      if (partChannels > 0) accumulateParts(from, dy, reach, top, end)
    }
  }
}

@inline function ours(p: i32, o: usize): v128 { return v128.load(plane(p) + o) }
@inline function theirs(from: usize, p: i32, o: usize, d: i32): v128 { return v128.load(from + <usize>p * planeBytes + o + (d << 2)) }
@inline function square(a: v128): v128 { return f32x4.mul(a, a) }

/** Adds the neighbour at (dx, dy) of every pixel of the rows from `top` to before `end`, of the frame at `from`, with its weight. */
function accumulate(from: usize, dx: i32, dy: i32, reach: i32, top: i32, end: i32): void {
  const shift = dy * stride + dx
  const strength = f32x4.splat(<f32>1 / (STRENGTH * STRENGTH))
  const tiny = f32x4.splat(1e-10)
  const third = f32x4.splat(<f32>(1.0 / 3))
  // Distance of single pixels, where patches reach.
  for (let y = top - PATCH; y < end + PATCH; y++) {
    let o = at(-4, y)
    for (let x = -4; x < width + 4; x += 4, o += 16) {
      const d2 = f32x4.mul(third, f32x4.add(f32x4.add(
        square(f32x4.sub(ours(LIGHT, o), theirs(from, LIGHT, o, shift))),
        square(f32x4.sub(ours(LIGHT + 1, o), theirs(from, LIGHT + 1, o, shift)))),
        square(f32x4.sub(ours(LIGHT + 2, o), theirs(from, LIGHT + 2, o, shift)))))
      const vp = ours(NOISE, o)
      const vq = theirs(from, NOISE, o, shift)
      // What noise alone would make of the distance is taken off.
      const excess = f32x4.sub(d2, f32x4.add(vp, f32x4.pmin(vp, vq)))
      v128.store(plane(DISTANCE) + o, f32x4.mul(f32x4.div(excess, f32x4.add(f32x4.add(vp, vq), tiny)), strength))
    }
  }
  for (let y = top - PATCH; y < end + PATCH; y++) {
    let o = plane(DISTANCE) + at(0, y)
    for (let x = 0; x < width; x += 4, o += 16) {
      v128.store(o + planeBytes, f32x4.add(f32x4.add(f32x4.add(v128.load(o - 8), v128.load(o - 4)), f32x4.add(v128.load(o), v128.load(o, 4))), v128.load(o, 8)))
    }
  }
  const row = stride << 2
  const distance2 = <f32>(dx * dx + dy * dy)
  const mean = f32x4.splat(<f32>1 / <f32>PATCH_PIXELS)
  const zero = f32x4.splat(0)
  const one = f32x4.splat(1)
  const eighth = f32x4.splat(-0.125)
  const apart = f32x4.splat(distance2)
  for (let y = top; y < end; y++) {
    let o = at(0, y)
    for (let x = 0; x < width; x += 4, o += 16) {
      const r = plane(ROWSUM) + o
      const patch = f32x4.add(f32x4.add(f32x4.add(v128.load(r - 2 * row), v128.load(r - row)), f32x4.add(v128.load(r), v128.load(r + row))), v128.load(r + 2 * row))
      let d = f32x4.pmax(f32x4.mul(patch, mean), zero)
      d = f32x4.add(d, f32x4.mul(v128.load(plane(NORMAL_EASE) + o), f32x4.add(f32x4.add(
        square(f32x4.sub(ours(NORMAL, o), theirs(from, NORMAL, o, shift))),
        square(f32x4.sub(ours(NORMAL + 1, o), theirs(from, NORMAL + 1, o, shift)))),
        square(f32x4.sub(ours(NORMAL + 2, o), theirs(from, NORMAL + 2, o, shift))))))
      d = f32x4.add(d, f32x4.mul(v128.load(plane(ALBEDO_EASE) + o), f32x4.add(f32x4.add(
        square(f32x4.sub(ours(ALBEDO, o), theirs(from, ALBEDO, o, shift))),
        square(f32x4.sub(ours(ALBEDO + 1, o), theirs(from, ALBEDO + 1, o, shift)))),
        square(f32x4.sub(ours(ALBEDO + 2, o), theirs(from, ALBEDO + 2, o, shift))))))
      // Depth: what the pixel's own slope cannot explain.
      d = f32x4.add(d, f32x4.div(square(f32x4.sub(ours(DEPTH, o), theirs(from, DEPTH, o, shift))), f32x4.mul(ours(SLOPE, o), f32x4.add(apart, one))))
      // (1 − d/8)^8 for exp(−d).
      let w = f32x4.pmax(f32x4.add(one, f32x4.mul(d, eighth)), zero)
      w = f32x4.mul(w, w)
      w = f32x4.mul(w, w)
      w = f32x4.mul(w, w)
      v128.store(plane(WEIGHT) + o, f32x4.add(v128.load(plane(WEIGHT) + o), w))
      for (let c = 0; c < 3; c++) {
        const s = plane(SUM + c) + o
        v128.store(s, f32x4.add(v128.load(s), f32x4.mul(w, theirs(from, LIGHT + c, o, shift))))
      }
      if (partChannels > 0) v128.store(rowWeights(reach + dx) + o, w)
    }
  }
}

/** Adds to the parts what `accumulate` weighed in row `dy` of the window: row by row of the picture, so that weights and light stay in the cache. */
function accumulateParts(from: usize, dy: i32, reach: i32, top: i32, end: i32): void {
  const lights = from == base ? partLight(0) : from + KEPT * planeBytes
  const columns = 2 * reach + 1
  for (let y = top; y < end; y++) {
    for (let k = 0; k < partChannels; k++) {
      let o = at(0, y)
      const light = lights + <usize>k * planeBytes + ((dy * stride - reach) << 2)
      const sums = partSum(k)
      for (let x = 0; x < width; x += 4, o += 16) {
        let s = v128.load(sums + o)
        let w = rowWeights(0) + o
        let l = light + o
        for (let i = 0; i < columns; i++, w += planeBytes, l += 4) s = f32x4.add(s, f32x4.mul(v128.load(w), v128.load(l)))
        v128.store(sums + o, s)
      }
    }
  }
}
