/** Street trees: a trunk that branches, and a crown of single leaves. */
import { type Key, portable, type Vec3, vec3 } from '@dioramic/scene'
import { material } from '../builder/material.ts'
import type { ObjectDraft } from '../builder/object.ts'
import { Model } from '../solids/model.ts'
import { tube } from '../solids/round.ts'
import { Solid } from '../solids/solid.ts'
import { srgb } from '../toolkit/colors.ts'

export const SEASONS = ['spring', 'summer', 'autumn', 'winter'] as const
export type Season = (typeof SEASONS)[number]

const GREENS: Record<Season, readonly string[]> = {
  spring: ['#7fa33a', '#8fb54a', '#6f9a3c'],
  summer: ['#3f6a2a', '#4c7a34', '#38602c'],
  autumn: ['#b5702a', '#c79a2e', '#9c4a24', '#a8842c'],
  winter: ['#55623a'],
}

/** Leaves as flat rhombs, turned every way but mostly up, over the surfaces of blobs. */
function foliage(key: Key, blobs: readonly { readonly at: Vec3; readonly radius: number }[], count: number, size: number): Solid {
  const positions: number[] = []
  const normals: number[] = []
  const indices: number[] = []
  const total = blobs.reduce((s, b) => s + b.radius * b.radius, 0)
  blobs.forEach((blob, j) => {
    const n = Math.round((count * blob.radius * blob.radius) / total)
    for (let i = 0; i < n; i++) {
      const k = key.fork(j).fork(i)
      const [u, v, w, s, t] = k.uniforms(5) as [number, number, number, number, number]
      const z = 1 - 2 * u
      const ring = Math.sqrt(1 - z * z)
      const a = 2 * Math.PI * v
      const out: Vec3 = [ring * portable.cos(a), ring * portable.sin(a), z]
      // Denser outside: the inside of a crown is bare.
      const r = blob.radius * (0.55 + 0.45 * Math.sqrt(w))
      const at = vec3.add(blob.at, vec3.scale([out[0], out[1], out[2] * 0.85], r))
      const n0 = vec3.normalize(vec3.add(out, [0.9 * (s - 0.5), 0.9 * (t - 0.5), 0.5]))
      const side = vec3.normalize(vec3.cross(n0, Math.abs(n0[2]) < 0.9 ? [0, 0, 1] : [1, 0, 0]))
      const turn = 2 * Math.PI * s
      const long = vec3.add(vec3.scale(side, portable.cos(turn)), vec3.scale(vec3.cross(n0, side), portable.sin(turn)))
      const wide = vec3.cross(n0, long)
      const half = size * (0.7 + 0.6 * t)
      const base = positions.length / 3
      for (const [p, q] of [
        [-1, 0],
        [0, -0.55],
        [1, 0],
        [0, 0.55],
      ] as const) {
        positions.push(...vec3.add(at, vec3.add(vec3.scale(long, p * half), vec3.scale(wide, q * half))))
        normals.push(...vec3.normalize(vec3.add(n0, vec3.scale(out, 0.6))))
      }
      indices.push(base, base + 1, base + 2, base, base + 2, base + 3)
    }
  })
  return new Solid({ positions, normals, indices, hulls: [] })
}

/** A broad-leaved tree of `height` metres; in winter it is bare. Its origin is the foot of its trunk. */
export function tree(key: Key, height: number, season: Season): ObjectDraft {
  const m = new Model()
  const bark = material({ baseColor: [0.11, 0.085, 0.062], roughness: 0.9 }, 'bark')
  const crown = height * key.fork('crown').uniform(0.3, 0.38)
  const r = height * 0.02
  const fork = height * key.fork('fork').uniform(0.3, 0.38)
  const phase = key.fork('lean').uniform(0, 6)
  const lean = (z: number): Vec3 => [
    0.03 * height * (portable.sin(z / height + phase) - portable.sin(phase)),
    0.02 * height * portable.sin((1.7 * z) / height),
    z,
  ]
  m.add(
    'trunk',
    bark,
    tube(
      [0, 0.35, 0.7, 1].map(t => lean(t * fork)),
      [r * 1.35, r, r * 0.92, r * 0.85],
      { segments: 12 },
    ),
  )
  const blobs: { at: Vec3; radius: number }[] = [{ at: lean(height - crown), radius: crown * 0.85 }]
  const limbs = 7
  for (let i = 0; i < limbs; i++) {
    const k = key.fork('limb').fork(i)
    const a = 2.4 * i + k.fork('a').uniform(-0.3, 0.3)
    const rise = k.fork('rise').uniform(0.35, 0.75)
    const reach = crown * (0.95 - 0.4 * rise)
    const start = lean(fork * k.fork('from').uniform(0.85, 1))
    const end: Vec3 = [start[0] + reach * portable.cos(a), start[1] + reach * portable.sin(a), fork + (height - fork) * rise]
    const mid = vec3.add(vec3.lerp(start, end, 0.5), [0, 0, -0.03 * height])
    m.add('trunk', bark, tube([start, mid, end], [r * 0.6, r * 0.4, r * 0.15], { segments: 7 }))
    blobs.push({ at: end, radius: crown * k.fork('size').uniform(0.42, 0.6) })
    for (let b = 0; b < (season === 'winter' ? 5 : 1); b++) {
      const c = k.fork('twig').fork(b)
      const d = c.direction()
      const tip = vec3.add(end, vec3.scale([d[0], d[1], Math.abs(d[2])], crown * 0.6))
      m.add('trunk', bark, tube([vec3.lerp(mid, end, c.fork('at').uniform(0.3, 1)), tip], [r * 0.14, r * 0.04], { segments: 5 }))
    }
  }
  m.add('trunk', bark, tube([lean(fork), lean(height * 0.8)], [r * 0.8, r * 0.2], { segments: 8 }))
  if (season !== 'winter') {
    const green = srgb(key.fork('green').choice(GREENS[season]))
    m.add(
      'leaves',
      material({ baseColor: [...green] as [number, number, number], roughness: 0.6, specular: 0.5 }, 'leaves'),
      foliage(key.fork('leaves'), blobs, season === 'autumn' ? 1900 : 2600, 0.02 * height),
    )
  }
  return m.draft('vegetation').tagged({ plant_label: 'tree' })
}

/** A clipped hedge along x, `length` metres. */
export function hedge(key: Key, length: number, season: Season): ObjectDraft {
  const n = Math.max(2, Math.round(length / 0.5))
  const blobs = Array.from({ length: n }, (_, i) => ({ at: [(-0.5 + (i + 0.5) / n) * length, 0, 0.5] as Vec3, radius: 0.5 }))
  const green = srgb(season === 'winter' ? '#4a5636' : '#42602f')
  return new Model()
    .add(
      'leaves',
      material({ baseColor: [...green] as [number, number, number], roughness: 0.65, specular: 0.5 }, 'hedge'),
      foliage(key, blobs, Math.round(260 * length), 0.07),
    )
    .draft('vegetation')
    .tagged({ plant_label: 'hedge' })
}
