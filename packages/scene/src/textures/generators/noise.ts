import { z } from 'zod'
import { count, defineGenerator, hex, share } from '../generator.ts'
import { clamp01, Lattice } from '../noise.ts'
import { blend } from '../palette.ts'
import { encodeColor } from '../srgb.ts'

/** Fractal noise between two colours. */
export const noise = defineGenerator({
  name: 'noise',
  relief: 0.03,
  parameters: {
    scale: count(4, 512),
    octaves: z.number().int().min(1).max(8).default(5),
    gain: share(0.5),
    contrast: z.number().min(0).max(8).default(1),
    a: hex('202228'),
    b: hex('d8d4cc'),
    roughness: share(0.6),
  },
  shader(p, key) {
    const lattice = new Lattice(key.fork('noise'))
    const a = encodeColor(p.a)
    const b = encodeColor(p.b)
    // Finer than the lattice's table would repeat within the tile.
    let octaves = p.octaves
    while (octaves > 1 && p.scale << (octaves - 1) > 4096) octaves--
    return (u, v, out) => {
      const t = clamp01(0.5 + 0.5 * p.contrast * lattice.fbm(u, v, p.scale, p.scale, octaves, p.gain))
      blend(out, a, b, t)
      out.roughness = p.roughness
      out.height = t
    }
  },
})
