/** The sRGB transfer function (IEC 61966-2-1), by portable arithmetic. */
import { pow } from '../maths/portable.ts'

/** Encoded value (0–1) of a linear one. */
export function encode(x: number): number {
  return x <= 0.0031308 ? 12.92 * x : 1.055 * pow(x, 1 / 2.4) - 0.055
}

/** Linear value (0–1) of an encoded one. */
export function decode(x: number): number {
  return x <= 0.04045 ? x / 12.92 : pow((x + 0.055) / 1.055, 2.4)
}

/** Linear value of an encoded byte. */
export const decodeByte = (b: number): number => decode(b / 255)

/** Encoded RGB of a linear RGB. */
export const encodeColor = (c: readonly [number, number, number]): [number, number, number] => [encode(c[0]), encode(c[1]), encode(c[2])]

/** Linear RGB of an sRGB colour written as six hex digits. */
export const linearFromHex = (digits: string): [number, number, number] => [
  decodeByte(Number.parseInt(digits.slice(0, 2), 16)),
  decodeByte(Number.parseInt(digits.slice(2, 4), 16)),
  decodeByte(Number.parseInt(digits.slice(4, 6), 16)),
]
