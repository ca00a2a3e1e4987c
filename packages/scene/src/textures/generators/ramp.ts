import { z } from 'zod'
import { count, defineGenerator, share } from '../generator.ts'
import { Cells, clamp01, Lattice, wave } from '../noise.ts'
import { ramp as colorRamp, rampParameters } from '../ramp.ts'

/** A pattern of numbers coloured by a ramp of any stops: clouds, ridges, cells, their borders, or rings bent by noise. */
export const ramp = defineGenerator({
  name: 'ramp',
  relief: 0.03,
  parameters: {
    pattern: z.enum(['clouds', 'ridges', 'cells', 'borders', 'rings']).default('clouds'),
    scale: count(4, 256),
    octaves: z.number().int().min(1).max(8).default(4),
    /** How far noise bends cells and rings, in cells. */
    distortion: z.number().min(0).max(4).default(0.3),
    ...rampParameters,
    roughness: share(0.6),
  },
  shader(p, key) {
    const color = colorRamp(p)
    const lattice = new Lattice(key.fork('noise'))
    const bend = new Lattice(key.fork('bend'))
    const cells = new Cells(key.fork('cells'), p.scale, p.scale)
    // Finer than the lattice's table would repeat within the tile.
    let octaves = p.octaves
    while (octaves > 1 && p.scale << (octaves - 1) > 4096) octaves--
    const noise = (u: number, v: number) => lattice.fbm(u, v, p.scale, p.scale, octaves)
    const bent = (u: number, v: number) => (p.distortion * bend.fbm(u, v, p.scale, p.scale, octaves)) / p.scale
    const value = (u: number, v: number): number => {
      switch (p.pattern) {
        case 'clouds':
          return 0.5 + 0.5 * noise(u, v)
        case 'ridges':
          return 1 - Math.abs(noise(u, v)) * 2
        case 'rings': {
          const [x, y] = [u - 0.5, v - 0.5]
          // Full circles at the edges would not meet; squared distances to the middle repeat where u and v do by their waves.
          const r = Math.sqrt(wave(x / 2) * wave(x / 2) + wave(y / 2) * wave(y / 2))
          return 0.5 + 0.5 * wave(p.scale * (r + bent(u, v)))
        }
        default: {
          const b = bent(u, v)
          cells.find(u + b, v + b)
          return p.pattern === 'cells' ? cells.f1 : cells.f2 - cells.f1
        }
      }
    }
    return (u, v, out) => {
      const t = clamp01(value(u, v))
      color(t, out)
      out.roughness = p.roughness
      out.height = t
    }
  },
})
