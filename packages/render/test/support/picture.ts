/** Writes linear RGB as an 8-bit picture for people to look at (PPM; no dependency). */
import { writeFileSync } from 'node:fs'

export function writePpm(path: string, width: number, height: number, rgb: Float32Array, exposure = 1): void {
  const bytes = Uint8Array.from(rgb, x => {
    const y = Math.min(1, Math.max(0, x * exposure))
    return Math.round(255 * (y <= 0.0031308 ? 12.92 * y : 1.055 * Math.pow(y, 1 / 2.4) - 0.055))
  })
  writeFileSync(path, Buffer.concat([Buffer.from(`P6\n${width} ${height}\n255\n`), bytes]))
}
