// Denoising by joint non-local means: patches of the demodulated light (colour over albedo) compared by their noise (Rousselle et al.,
// SIGGRAPH Asia 2012), times similarity of the guides (Rousselle et al. 2013; Moon et al. 2013). The noise comes from two half buffers.
//
// Parts of the light (split.ts) go through the same weights and the same limits of fireflies, so that what summed up before does so after.
//
// Planes of f32, padded by mirroring, four pixels a step. All sums in a fixed order.

/** Pixels around the picture: window plus patch, a multiple of four. */
export const PAD = 16
const WINDOW = 8
const PATCH: i32 = 2
const PATCH_PIXELS: i32 = 25

// Planes, in this order from the base.
const LIGHT = 0 // 3: demodulated light
const NOISE = 3 // its variance, mean of the channels
const NORMAL = 4 // 3
const ALBEDO = 7 // 3
const DEPTH = 10
const SLOPE = 11 // squared tolerance of depth a pixel of distance
const DISTANCE = 12
const ROWSUM = 13
const SUM = 14 // 3
const WEIGHT = 17
const HALF = 18 // 3: difference of the halves, then scratch
const RELATIVE = 21 // variance of the pixel's own mean over the square of that mean
const LUMINANCE = ROWSUM // shared: never at the same time
const NORMAL_EASE = 22 // 1 over the squared tolerance of normals
const ALBEDO_EASE = 23
const PLANES = 24
/** With parts, the weights of one row of the window follow, then the channels of the parts, two planes each: light and its sum. */
const ROW = 2 * WINDOW + 1
@inline function partLight(channel: i32): usize { return plane(PLANES + ROW + 2 * channel) }
@inline function partSum(channel: i32): usize { return plane(PLANES + ROW + 2 * channel + 1) }

/**
 * Fireflies: how far above the bound in light and in filtered light, and the share of the excess² that must be noise by the pixel's own samples
 * (one sample makes 1, k equal ones 1/k). Biased: dim.
 */
const RANK = 4
const OUTLIER: f32 = 1.3
const SPECK: f32 = 1.25
const OWN: f32 = 0.4

/** Added to albedo before dividing: black surfaces keep their own colour. */
const FLOOR: f32 = 0.03
/** Tuned on held-out scenes against long renders: strength of the colour distance; variances of the guides. */
const STRENGTH: f32 = 0.6
const NORMAL_VARIANCE: f32 = 0.02
const ALBEDO_VARIANCE: f32 = 0.02
/** Share of a guide's squared change towards the more alike side that its tolerance has where that is more (Rousselle et al. 2013). */
const EASE: f32 = 1

let base: usize = 0
let stride: i32 = 0
let planeBytes: usize = 0
let width: i32 = 0
let height: i32 = 0
let partChannels: i32 = 0

@inline function plane(i: i32): usize { return base + <usize>i * planeBytes }
@inline function at(x: i32, y: i32): usize { return ((y + PAD) * stride + x + PAD) << 2 }

/** Bytes that `denoise` needs at `scratch`. */
export function denoiseBytes(w: i32, h: i32, parts: i32): usize {
  return <usize>(((w + 3) & ~3) + 2 * PAD) * (h + 2 * PAD) * 4 * (PLANES + (parts > 0 ? ROW + 6 * parts : 0))
}

/**
 * Reads frames of 3, 3, 1, 3, 3, 1, 1 f32 a pixel, and at `light` one after another `parts` frames of 3; writes 3 a pixel to `out`, then those of the
 * parts likewise.
 */
export function denoise(w: i32, h: i32, color: usize, half: usize, square: usize, albedo: usize, normal: usize, depth: usize, coverage: usize, spp: i32, light: usize, parts: i32, out: usize, scratch: usize): void {
  base = scratch
  width = w
  height = h
  partChannels = 3 * parts
  const pictureBytes = <usize>(w * h) * 12
  stride = ((w + 3) & ~3) + 2 * PAD
  planeBytes = <usize>(stride * (h + 2 * PAD)) << 2
  // Odd samples over all; the even half from the mean and the odd half.
  const share = <f32>(spp >> 1) / <f32>spp
  const other: f32 = share < 1 ? <f32>1 / (<f32>1 - share) : 0
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const i: usize = y * w + x
      const o = at(x, y)
      const seen = load<f32>(coverage + (i << 2))
      const brightness = load<f32>(color + i * 12) + load<f32>(color + i * 12 + 4) + load<f32>(color + i * 12 + 8)
      const spread = max<f32>(0, load<f32>(square + (i << 2)) - brightness * brightness) / <f32>(spp - 1)
      store<f32>(plane(RELATIVE) + o, brightness > 0 ? spread / (brightness * brightness) : 0)
      for (let c = 0; c < 3; c++) {
        const j = (i * 3 + c) << 2
        const a = load<f32>(albedo + j)
        // Where nothing was hit there is nothing to divide by.
        const scale: f32 = <f32>1 / (a + (<f32>1 - seen) + FLOOR)
        const mean = load<f32>(color + j) * scale
        const odd = load<f32>(half + j) * scale
        const even = (mean - share * odd) * other
        store<f32>(plane(LIGHT + c) + o, mean)
        // Variance of the mean from two halves of n·share and n·(1 − share) samples.
        store<f32>(plane(HALF + c) + o, (odd - even) * (odd - even) * share * (<f32>1 - share))
        store<f32>(plane(NORMAL + c) + o, load<f32>(normal + j))
        store<f32>(plane(ALBEDO + c) + o, a)
        for (let k = 0; k < parts; k++) store<f32>(partLight(3 * k + c) + o, load<f32>(light + <usize>k * pictureBytes + j) * scale)
      }
      store<f32>(plane(DEPTH) + o, seen > 0 ? load<f32>(depth + (i << 2)) : 1e6)
    }
  }
  suppressFireflies()
  suppressFireflies()
  noise()
  slopes()
  ease(NORMAL, NORMAL_VARIANCE, NORMAL_EASE)
  ease(ALBEDO, ALBEDO_VARIANCE, ALBEDO_EASE)
  for (let p = 0; p <= SLOPE; p++) mirror(plane(p))
  for (let k = 0; k < partChannels; k++) {
    mirror(partLight(k))
    memory.fill(partSum(k), 0, planeBytes)
  }
  const bytes = planeBytes
  memory.fill(plane(SUM), 0, bytes * 4)
  for (let dy = -WINDOW; dy <= WINDOW; dy++) {
    for (let dx = -WINDOW; dx <= WINDOW; dx++) accumulate(dx, dy)
    if (partChannels > 0) accumulateParts(dy)
  }
  despeckle()
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const i: usize = y * w + x
      const o = at(x, y)
      const miss: f32 = <f32>1 - load<f32>(coverage + (i << 2))
      for (let c = 0; c < 3; c++) {
        const j = (i * 3 + c) << 2
        const back: f32 = load<f32>(albedo + j) + miss + FLOOR
        store<f32>(out + j, load<f32>(plane(SUM + c) + o) * back)
        for (let k = 0; k < parts; k++) store<f32>(out + <usize>(k + 1) * pictureBytes + j, load<f32>(partSum(3 * k + c) + o) * back)
      }
    }
  }
}

@inline function lum(o: usize): f32 {
  return load<f32>(plane(LIGHT) + o) + load<f32>(plane(LIGHT + 1) + o) + load<f32>(plane(LIGHT + 2) + o)
}

/** The sum of the channels of the light at plane `LUMINANCE`, with padding. */
function luminance(): void {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) store<f32>(plane(LUMINANCE) + at(x, y), lum(at(x, y)))
  }
  mirror(plane(LUMINANCE))
}

/**
 * The `RANK`-th brightest of the 24 pixels around address `p` of a plane: what a speck of up to `RANK` pixels cannot lift. Where as many
 * pixels reach `enough`, no bound is needed: nearly always after a few look-ups.
 */
function bound(p: usize, enough: f32): f32 {
  const row = stride << 2
  let count = 0
  let a: f32 = 0, b: f32 = 0, c: f32 = 0, d: f32 = 0
  for (let ring = 1; ring <= 2; ring++) {
    for (let j = -ring; j <= ring; j++) {
      const step = j == -ring || j == ring ? 1 : 2 * ring
      for (let i = -ring; i <= ring; i += step) {
        const n = load<f32>(p + j * row + (i << 2))
        if (n >= enough && ++count == RANK) return f32.MAX_VALUE
        if (n > a) { d = c; c = b; b = a; a = n }
        else if (n > b) { d = c; c = b; b = n }
        else if (n > c) { d = c; c = n }
        else if (n > d) d = n
      }
    }
  }
  return d
}

/**
 * Pixels far above the robust maximum around them, made of few samples, are brought down to it (rank filters against outliers: DeCoro et al.,
 * Pacific Graphics 2010; here on demodulated light). A converged highlight is made of many samples, and stays.
 */
function suppressFireflies(): void {
  luminance()
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const o = at(x, y)
      const l = load<f32>(plane(LUMINANCE) + o)
      const limit = bound(plane(LUMINANCE) + o, l / OUTLIER) * OUTLIER
      if (l <= limit) continue
      const excess = l - limit
      if (load<f32>(plane(RELATIVE) + o) * l * l < OWN * excess * excess) continue
      const s = limit / l
      for (let c = 0; c < 3; c++) {
        store<f32>(plane(LIGHT + c) + o, load<f32>(plane(LIGHT + c) + o) * s)
        store<f32>(plane(HALF + c) + o, load<f32>(plane(HALF + c) + o) * s * s)
      }
      for (let k = 0; k < partChannels; k++) store<f32>(partLight(k) + o, load<f32>(partLight(k) + o) * s)
    }
  }
}

/** The same of the filtered light: what the filter kept for lack of anything alike. */
function despeckle(): void {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const o = at(x, y)
      const inv: f32 = <f32>1 / load<f32>(plane(WEIGHT) + o)
      let l: f32 = 0
      for (let c = 0; c < 3; c++) {
        const v = load<f32>(plane(SUM + c) + o) * inv
        store<f32>(plane(SUM + c) + o, v)
        l += v
      }
      for (let k = 0; k < partChannels; k++) store<f32>(partSum(k) + o, load<f32>(partSum(k) + o) * inv)
      store<f32>(plane(LUMINANCE) + o, l)
    }
  }
  mirror(plane(LUMINANCE))
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const o = at(x, y)
      const l = load<f32>(plane(LUMINANCE) + o)
      const limit = bound(plane(LUMINANCE) + o, l / SPECK) * SPECK
      if (l <= limit) continue
      const excess = l - limit
      if (load<f32>(plane(RELATIVE) + o) * l * l < OWN * excess * excess) continue
      const s = limit / l
      for (let c = 0; c < 3; c++) store<f32>(plane(SUM + c) + o, load<f32>(plane(SUM + c) + o) * s)
      for (let k = 0; k < partChannels; k++) store<f32>(partSum(k) + o, load<f32>(partSum(k) + o) * s)
    }
  }
}

/** Variance: the halves' difference, averaged over channels and 7 × 7 pixels. */
function noise(): void {
  const raw = plane(DISTANCE)
  const rows = plane(ROWSUM)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const o = at(x, y)
      store<f32>(raw + o, (load<f32>(plane(HALF) + o) + load<f32>(plane(HALF + 1) + o) + load<f32>(plane(HALF + 2) + o)) * <f32>(1.0 / 3))
    }
  }
  mirror(raw)
  for (let y = -3; y < height + 3; y++) {
    for (let x = 0; x < width; x++) {
      let s: f32 = 0
      for (let i = -3; i <= 3; i++) s += load<f32>(raw + at(x + i, y))
      store<f32>(rows + at(x, y), s)
    }
  }
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let s: f32 = 0
      for (let i = -3; i <= 3; i++) s += load<f32>(rows + at(x, y + i))
      store<f32>(plane(NOISE) + at(x, y), s * <f32>(1.0 / 49))
    }
  }
}

/** Squared change of depth a pixel, the smaller of both sides so that edges stay edges, plus a per mille of the depth. */
function slopes(): void {
  const d = plane(DEPTH)
  mirror(d)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const z = load<f32>(d + at(x, y))
      const gx = min<f32>(abs(load<f32>(d + at(x + 1, y)) - z), abs(z - load<f32>(d + at(x - 1, y))))
      const gy = min<f32>(abs(load<f32>(d + at(x, y + 1)) - z), abs(z - load<f32>(d + at(x, y - 1))))
      store<f32>(plane(SLOPE) + at(x, y), <f32>4 * (gx * gx + gy * gy) + <f32>2e-6 * z * z)
    }
  }
}

/**
 * 1 over the squared tolerance of a guide of three planes. Tolerances grow with the guide's own gradient (Rousselle et al. 2013), of the more alike side, so that a pixel that mixes both sides of an
 * edge finds others that do, and one beside it does not.
 */
function ease(guide: i32, least: f32, out: i32): void {
  for (let c = 0; c < 3; c++) mirror(plane(guide + c))
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const gx = min<f32>(gap(guide, at(x, y), at(x - 1, y)), gap(guide, at(x, y), at(x + 1, y)))
      const gy = min<f32>(gap(guide, at(x, y), at(x, y - 1)), gap(guide, at(x, y), at(x, y + 1)))
      store<f32>(plane(out) + at(x, y), <f32>1 / max<f32>(least, EASE * (gx + gy)))
    }
  }
}
@inline function gap(guide: i32, a: usize, b: usize): f32 {
  const x = load<f32>(plane(guide) + a) - load<f32>(plane(guide) + b)
  const y = load<f32>(plane(guide + 1) + a) - load<f32>(plane(guide + 1) + b)
  const z = load<f32>(plane(guide + 2) + a) - load<f32>(plane(guide + 2) + b)
  return x * x + y * y + z * z
}

/** Fills the padding by reflection. */
function mirror(p: usize): void {
  for (let y = -PAD; y < height + PAD; y++) {
    const sy = reflect(y, height)
    for (let x = -PAD; x < stride - PAD; x++) {
      if (x >= 0 && x < width && y >= 0 && y < height) continue
      store<f32>(p + at(x, y), load<f32>(p + at(reflect(x, width), sy)))
    }
  }
}
@inline function reflect(x: i32, n: i32): i32 {
  if (n == 1) return 0
  const period = 2 * n - 2
  let m = x % period
  if (m < 0) m += period
  return m < n ? m : period - m
}

@inline function shifted(p: i32, o: usize, d: i32): v128 { return v128.load(plane(p) + o + (d << 2)) }
@inline function square(a: v128): v128 { return f32x4.mul(a, a) }

/** Adds every pixel's neighbour at (dx, dy) with its weight. */
function accumulate(dx: i32, dy: i32): void {
  const shift = dy * stride + dx
  const strength = f32x4.splat(<f32>1 / (STRENGTH * STRENGTH))
  const tiny = f32x4.splat(1e-10)
  const third = f32x4.splat(<f32>(1.0 / 3))
  // Distance of single pixels, where patches reach.
  for (let y = -PATCH; y < height + PATCH; y++) {
    let o = at(-4, y)
    for (let x = -4; x < width + 4; x += 4, o += 16) {
      const d2 = f32x4.mul(third, f32x4.add(f32x4.add(
        square(f32x4.sub(shifted(LIGHT, o, 0), shifted(LIGHT, o, shift))),
        square(f32x4.sub(shifted(LIGHT + 1, o, 0), shifted(LIGHT + 1, o, shift)))),
        square(f32x4.sub(shifted(LIGHT + 2, o, 0), shifted(LIGHT + 2, o, shift)))))
      const vp = shifted(NOISE, o, 0)
      const vq = shifted(NOISE, o, shift)
      // What noise alone would make of the distance is taken off.
      const excess = f32x4.sub(d2, f32x4.add(vp, f32x4.pmin(vp, vq)))
      v128.store(plane(DISTANCE) + o, f32x4.mul(f32x4.div(excess, f32x4.add(f32x4.add(vp, vq), tiny)), strength))
    }
  }
  for (let y = -PATCH; y < height + PATCH; y++) {
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
  const reach = f32x4.splat(distance2)
  for (let y = 0; y < height; y++) {
    let o = at(0, y)
    for (let x = 0; x < width; x += 4, o += 16) {
      const r = plane(ROWSUM) + o
      const patch = f32x4.add(f32x4.add(f32x4.add(v128.load(r - 2 * row), v128.load(r - row)), f32x4.add(v128.load(r), v128.load(r + row))), v128.load(r + 2 * row))
      let d = f32x4.pmax(f32x4.mul(patch, mean), zero)
      d = f32x4.add(d, f32x4.mul(v128.load(plane(NORMAL_EASE) + o), f32x4.add(f32x4.add(
        square(f32x4.sub(shifted(NORMAL, o, 0), shifted(NORMAL, o, shift))),
        square(f32x4.sub(shifted(NORMAL + 1, o, 0), shifted(NORMAL + 1, o, shift)))),
        square(f32x4.sub(shifted(NORMAL + 2, o, 0), shifted(NORMAL + 2, o, shift))))))
      d = f32x4.add(d, f32x4.mul(v128.load(plane(ALBEDO_EASE) + o), f32x4.add(f32x4.add(
        square(f32x4.sub(shifted(ALBEDO, o, 0), shifted(ALBEDO, o, shift))),
        square(f32x4.sub(shifted(ALBEDO + 1, o, 0), shifted(ALBEDO + 1, o, shift)))),
        square(f32x4.sub(shifted(ALBEDO + 2, o, 0), shifted(ALBEDO + 2, o, shift))))))
      // Depth: what the pixel's own slope cannot explain.
      d = f32x4.add(d, f32x4.div(square(f32x4.sub(shifted(DEPTH, o, 0), shifted(DEPTH, o, shift))), f32x4.mul(shifted(SLOPE, o, 0), f32x4.add(reach, one))))
      // (1 − d/8)^8 for exp(−d).
      let w = f32x4.pmax(f32x4.add(one, f32x4.mul(d, eighth)), zero)
      w = f32x4.mul(w, w)
      w = f32x4.mul(w, w)
      w = f32x4.mul(w, w)
      v128.store(plane(WEIGHT) + o, f32x4.add(v128.load(plane(WEIGHT) + o), w))
      for (let c = 0; c < 3; c++) {
        const s = plane(SUM + c) + o
        v128.store(s, f32x4.add(v128.load(s), f32x4.mul(w, shifted(LIGHT + c, o, shift))))
      }
      if (partChannels > 0) v128.store(plane(PLANES + WINDOW + dx) + o, w)
    }
  }
}

/** Adds to the parts what `accumulate` weighed in row `dy` of the window: row by row of the picture, so that weights and light stay in the cache. */
function accumulateParts(dy: i32): void {
  for (let y = 0; y < height; y++) {
    for (let k = 0; k < partChannels; k++) {
      let o = at(0, y)
      const light = partLight(k) + ((dy * stride - WINDOW) << 2)
      const sums = partSum(k)
      for (let x = 0; x < width; x += 4, o += 16) {
        let s = v128.load(sums + o)
        let w = plane(PLANES) + o
        let l = light + o
        for (let i = 0; i < ROW; i++, w += planeBytes, l += 4) s = f32x4.add(s, f32x4.mul(v128.load(w), v128.load(l)))
        v128.store(sums + o, s)
      }
    }
  }
}
