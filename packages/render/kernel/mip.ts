// Reductions of pictures by half and half again: every texel is the mean of the area it covers, so each level has the picture's mean.
import { P_SRGB, SRGB_GUESS, SRGB_MIDDLES } from '../src/layout'

/** Nearest 8-bit sRGB code, nearest in linear light: what rounding adds has no mean. */
function encode(x: f32, table: usize): u32 {
  let code: u32 = load<u8>(table + SRGB_GUESS + min<i32>(4095, max<i32>(0, i32(x * 4096))))
  while (code < 255 && x >= load<f32>(table + SRGB_MIDDLES + (code << 2))) code++
  return code
}

/** Reduces w × h RGBA texels to `outW` × `outH`; with `colour`, means of red, green and blue are of linear light. */
export function reduce(from: usize, w: i32, h: i32, to: usize, outW: i32, outH: i32, colour: i32): void {
  const table = load<usize>(P_SRGB)
  const sx: f32 = <f32>w / <f32>outW
  const sy: f32 = <f32>h / <f32>outH
  for (let j = 0; j < outH; j++) {
    const top: f32 = <f32>j * sy
    const bottom = top + sy
    const j0 = i32(top)
    const j1 = min<i32>(h, i32(ceil(bottom - <f32>1e-4)))
    for (let i = 0; i < outW; i++) {
      const left: f32 = <f32>i * sx
      const right = left + sx
      const i0 = i32(left)
      const i1 = min<i32>(w, i32(ceil(right - <f32>1e-4)))
      let sum = f32x4(0, 0, 0, 0)
      let area: f32 = 0
      for (let y = j0; y < j1; y++) {
        const wy = min<f32>(bottom, <f32>(y + 1)) - max<f32>(top, <f32>y)
        for (let x = i0; x < i1; x++) {
          const weight = wy * (min<f32>(right, <f32>(x + 1)) - max<f32>(left, <f32>x))
          const p: usize = from + ((y * w + x) << 2)
          const v = colour
            ? f32x4(load<f32>(table + (<u32>load<u8>(p) << 2)), load<f32>(table + (<u32>load<u8>(p, 1) << 2)), load<f32>(table + (<u32>load<u8>(p, 2) << 2)), <f32>load<u8>(p, 3))
            : f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(p))))
          sum = f32x4.add(sum, f32x4.mul(v, f32x4.splat(weight)))
          area += weight
        }
      }
      sum = f32x4.mul(sum, f32x4.splat(<f32>1 / area))
      const p: usize = to + ((j * outW + i) << 2)
      if (colour) {
        store<u8>(p, encode(f32x4.extract_lane(sum, 0), table))
        store<u8>(p, encode(f32x4.extract_lane(sum, 1), table), 1)
        store<u8>(p, encode(f32x4.extract_lane(sum, 2), table), 2)
      } else {
        store<u8>(p, u32(f32x4.extract_lane(sum, 0) + <f32>0.5))
        store<u8>(p, u32(f32x4.extract_lane(sum, 1) + <f32>0.5), 1)
        store<u8>(p, u32(f32x4.extract_lane(sum, 2) + <f32>0.5), 2)
      }
      store<u8>(p, u32(f32x4.extract_lane(sum, 3) + <f32>0.5), 3)
    }
  }
}
