/** A dressed person as one skinned mesh: skin, eyes, lips, brows, hair and clothes are its parts. */
import { type Key, portable, type Vec3, vec3 } from '@dioramic/scene'
import { type MaterialDraft, material } from '../builder/material.ts'
import type { ObjectDraft } from '../builder/object.ts'
import { preset } from '../builder/preset.ts'
import { mesh } from '../builder/shapes.ts'
import { hsv, srgb } from '../toolkit/colors.ts'
import { anatomy } from './anatomy.ts'
import { BOTTOMS, type Bottom, type Hair, TOPS, type Top } from './garments.ts'
import { type BodyShape, girthsOf } from './shape.ts'
import { type RestJoint, restJoints } from './skeleton.ts'
import type { Surface } from './surface.ts'
import { eyeball, template, type WornName, wornOf } from './template.ts'
import { INFLUENCES } from './weights.ts'

export interface PersonLook {
  readonly shape: BodyShape
  /** Linear RGB. */
  readonly skin: Vec3
  readonly eyes: Vec3
  readonly hair: Hair | 'bald'
  readonly hairColor: Vec3
  readonly top: Top
  readonly topMaterial: MaterialDraft
  readonly bottom: Bottom
  readonly bottomMaterial: MaterialDraft
  /** Linear RGB; null is barefoot. */
  readonly shoes: Vec3 | null
}

/** Positions and normals of the skin at a shape, in fractions of the stature, vertex by vertex those of the template. */
export function skinAt(shape: BodyShape): {
  readonly positions: Float64Array
  readonly normals: Float64Array
  readonly joints: readonly RestJoint[]
} {
  const name = `${shape.height} ${shape.weight} ${shape.build}`
  const known = shapes.get(name)
  if (known) return known
  const { skin, weights, joints: from } = template()
  const joints = restJoints(shape.build)
  const shift = joints.map((j, i) => vec3.sub(j.at, from[i]!.at))
  const field = anatomy(girthsOf(shape)).body
  const positions = Float64Array.from(skin.positions)
  const normals = new Float64Array(positions.length)
  const g: [number, number, number] = [0, 0, 0]
  const slope = (x: number, y: number, z: number, h: number) => {
    const a = field(x + h, y - h, z - h)
    const b = field(x - h, y - h, z + h)
    const c = field(x - h, y + h, z - h)
    const d = field(x + h, y + h, z + h)
    g[0] = (a - b - c + d) / (4 * h)
    g[1] = (-a - b + c + d) / (4 * h)
    g[2] = (-a + b - c + d) / (4 * h)
  }
  for (let v = 0; v < positions.length / 3; v++) {
    let [x, y, z] = [positions[3 * v]!, positions[3 * v + 1]!, positions[3 * v + 2]!]
    for (let k = INFLUENCES * v; k < INFLUENCES * (v + 1); k++) {
      const [w, s] = [weights.weights[k]!, shift[weights.joints[k]!]!]
      x += w * s[0]
      y += w * s[1]
      z += w * s[2]
    }
    for (let round = 0; round < 4; round++) {
      const d = field(x, y, z)
      if (Math.abs(d) < 2e-5) break
      slope(x, y, z, 3e-4)
      const move = Math.max(-0.01, Math.min(0.01, d)) / Math.max(0.25, g[0] * g[0] + g[1] * g[1] + g[2] * g[2])
      x -= move * g[0]
      y -= move * g[1]
      z -= move * g[2]
    }
    slope(x, y, z, 4e-4)
    const l = Math.sqrt(g[0] * g[0] + g[1] * g[1] + g[2] * g[2]) || 1
    positions.set([x, y, z], 3 * v)
    normals.set([g[0] / l, g[1] / l, g[2] / l], 3 * v)
  }
  const made = { positions, normals, joints }
  if (shapes.size >= 64) shapes.clear()
  shapes.set(name, made)
  return made
}
const shapes = new Map<string, ReturnType<typeof skinAt>>()

/**
 * The person, standing on z = 0 with arms half raised, looking along +X, its joints named as in `skeleton.ts` (COCO's among them).
 * Its parts, each with a material: skin, sclera, iris, pupil, lips, brows, hair, top, bottom, shoes. Pose it with `posed`.
 */
export function person(look: PersonLook, key?: Key): ObjectDraft {
  const { height } = look.shape
  const base = template()
  const body = skinAt(look.shape)
  const worn: [string, WornName, MaterialDraft][] = [
    ['lips', 'lips', material({ baseColor: [...lipColor(look.skin)], roughness: 0.4 }, 'lips')],
    ['brows', 'brows', material({ baseColor: [...vec3.scale(look.hairColor, 0.7)], roughness: 0.7 }, 'brows')],
    ...(look.hair === 'bald'
      ? []
      : ([['hair', `hair:${look.hair}`, material({ baseColor: [...look.hairColor], roughness: 0.5, specular: 0.6 }, 'hair')]] as [
          string,
          WornName,
          MaterialDraft,
        ][])),
    ['top', `top:${look.top}`, look.topMaterial],
    ['bottom', `bottom:${look.bottom}`, look.bottomMaterial],
    ...(look.shoes
      ? ([['shoes', 'shoes', material({ baseColor: [...look.shoes], roughness: 0.55 }, 'shoes')]] as [string, WornName, MaterialDraft][])
      : []),
  ]
  const positions: number[] = []
  const normals: number[] = []
  const indices: number[] = []
  const joints: number[] = []
  const weights: number[] = []
  const parts: { name: string; triangles: number }[] = []
  const materials: MaterialDraft[] = []
  const put = (name: string, m: MaterialDraft, triangles: readonly number[]) => {
    const first = positions.length / 3
    for (const i of triangles) indices.push(first + i)
    parts.push({ name, triangles: triangles.length / 3 })
    materials.push(m)
  }
  // Skin that lies well inside what is worn is left out: no pose can bring it through.
  const covers = worn.map(w => coverOf(w[1]))
  const hidden = (v: number) => covers.some(c => c !== null && c[v] === 1)
  const seen = new Map<number, number>()
  const triangles: number[] = []
  const { indices: all } = base.skin
  for (let t = 0; t < all.length; t += 3) {
    const corners = [all[t]!, all[t + 1]!, all[t + 2]!]
    if (corners.every(hidden)) continue
    for (const v of corners) {
      if (!seen.has(v)) seen.set(v, seen.size)
      triangles.push(seen.get(v)!)
    }
  }
  put('skin', skinMaterial(look.skin), triangles)
  for (const v of seen.keys()) {
    for (let k = 3 * v; k < 3 * v + 3; k++) {
      positions.push(body.positions[k]! * height)
      normals.push(body.normals[k]!)
    }
    for (let k = INFLUENCES * v; k < INFLUENCES * (v + 1); k++) {
      joints.push(base.weights.joints[k]!)
      weights.push(base.weights.weights[k]!)
    }
  }
  const [left, right] = [eyeball(1), eyeball(-1)]
  const eye = (side: 'left' | 'right', s: Surface) => {
    const j = body.joints.findIndex(k => k.name === `${side}-eye`)
    for (const x of s.positions) positions.push(x * height)
    normals.push(...s.normals)
    for (let v = 0; v < s.positions.length / 3; v++) {
      joints.push(j, 0, 0, 0)
      weights.push(1, 0, 0, 0)
    }
  }
  const both = (name: string, m: MaterialDraft, part: 'white' | 'iris' | 'pupil') => {
    const [a, b] = [left[part], right[part]]
    put(name, m, [...a.indices, ...b.indices.map(i => a.positions.length / 3 + i)])
    eye('left', a)
    eye('right', b)
  }
  both('sclera', material({ baseColor: [0.72, 0.68, 0.64], roughness: 0.12 }, 'sclera'), 'white')
  both('iris', material({ baseColor: [...look.eyes], roughness: 0.12 }, 'iris'), 'iris')
  both('pupil', material({ baseColor: [0.004, 0.004, 0.004], roughness: 0.1 }, 'pupil'), 'pupil')
  for (const [name, what, m] of worn) {
    const { surface, binding, weights: w } = wornOf(what)
    put(name, m, surface.indices)
    for (let v = 0; v < surface.positions.length / 3; v++) {
      for (let axis = 0; axis < 3; axis++) {
        let moved = surface.positions[3 * v + axis]!
        for (let k = v * binding.each; k < (v + 1) * binding.each; k++) {
          const s = 3 * binding.vertices[k]! + axis
          moved += binding.shares[k]! * (body.positions[s]! - base.skin.positions[s]!)
        }
        positions.push(moved * height)
      }
    }
    for (const x of surface.normals) normals.push(x)
    joints.push(...w.joints)
    weights.push(...w.weights)
  }
  const at = (name: string | undefined): Vec3 => body.joints.find(j => j.name === name)?.at ?? [0, 0, 0]
  return mesh(
    {
      positions,
      normals,
      indices,
      parts,
      skin: {
        joints: body.joints.map(j => ({
          name: j.name,
          ...(j.parent ? { parent: j.parent } : {}),
          translation: [...vec3.scale(vec3.sub(j.at, at(j.parent)), height)] as [number, number, number],
        })),
        indices: joints,
        weights,
      },
    },
    key,
  )
    .named('person')
    .category('person')
    .material(materials)
    .tagged({
      height,
      weight: look.shape.weight,
      build: look.shape.build,
      hair_label: look.hair,
      top_label: look.top,
      bottom_label: look.bottom,
    })
}

/** 1 for every vertex of the skin that a garment hides: 3 mm inside of it, or inside or on a shoe; null for what lies on the skin. */
function coverOf(name: WornName): Uint8Array | null {
  const known = coverage.get(name)
  if (known !== undefined) return known
  const { field } = wornOf(name)
  const { positions: p } = template().skin
  const limit = name === 'shoes' ? 0.002 : -0.0017
  const made = field
    ? Uint8Array.from({ length: p.length / 3 }, (_, v) => Number(field(p[3 * v]!, p[3 * v + 1]!, p[3 * v + 2]!) < limit))
    : null
  coverage.set(name, made)
  return made
}
const coverage = new Map<WornName, Uint8Array | null>()

const skinMaterial = (color: Vec3): MaterialDraft => material({ baseColor: [...color], roughness: 0.48, ior: 1.4 }, 'skin')
const lipColor = (skin: Vec3): Vec3 => [skin[0] * 0.82, skin[1] * 0.55, skin[2] * 0.55]

/** Skin from light to dark (display colours measured on people come close to this line), hair and eyes as they occur. */
const SKINS = ['#f0cdb4', '#e5b898', '#d29f7b', '#b98258', '#96613c', '#6d4429', '#4a2d1c'] as const
const HAIR_COLORS = ['#14100e', '#241812', '#3b2417', '#5b3a20', '#8a6136', '#b98d52', '#7a2f17', '#8d8a86', '#d6d2cb'] as const
const EYE_COLORS = ['#3a2113', '#5a3a1e', '#4d5a3a', '#4a6d86', '#6c8296'] as const

/** A random person; the distributions are in the code. */
export function randomLook(key: Key): PersonLook {
  const build = key.fork('build').uniform() < 0.5 ? key.fork('woman').uniform(0, 0.3) : key.fork('man').uniform(0.7, 1)
  const k = key.fork('shape')
  const clip = (x: number, [low, high]: readonly [number, number]) => Math.min(high, Math.max(low, x))
  // Statures of adults: 1.63 ± 0.065 m and 1.76 ± 0.07 m; the body-mass index has its long tail upwards.
  const height = clip(1.63 + 0.13 * build + 0.068 * k.fork('height').normal(), [1.45, 2.05])
  const bmi = clip(24 * portable.exp(0.15 * k.fork('weight').normal()), [17.5, 36])
  const tone = key.fork('skin').int(0, SKINS.length - 1)
  const dark = tone >= 4
  const hairs: readonly (Hair | 'bald')[] =
    build < 0.5
      ? ['short', 'bob', 'long', 'long', 'ponytail', 'ponytail', 'bun']
      : ['buzz', 'buzz', 'short', 'short', 'short', 'bald', 'bun']
  return {
    shape: { height: round(height), weight: round(bmi * height * height), build: round(build) },
    skin: srgb(SKINS[tone]!),
    eyes: srgb(EYE_COLORS[dark ? key.fork('eyes').int(0, 1) : key.fork('eyes').int(0, EYE_COLORS.length - 1)]!),
    hair: key.fork('hair').choice(hairs),
    hairColor: srgb(HAIR_COLORS[dark ? key.fork('hair-color').int(0, 2) : key.fork('hair-color').int(0, HAIR_COLORS.length - 1)]!),
    top: key.fork('top').choice(TOPS),
    topMaterial: cloth(key.fork('top-cloth'), 'top'),
    bottom: key.fork('bottom').choice(build < 0.5 ? BOTTOMS : BOTTOMS.filter(b => b !== 'skirt')),
    bottomMaterial: cloth(key.fork('bottom-cloth'), 'bottom'),
    shoes: srgb(hsv(key.fork('shoe-hue').uniform(), key.fork('shoe-grey').uniform(0, 0.6), key.fork('shoe-value').uniform(0.06, 0.9))),
  }
}

const round = (x: number) => Math.round(x * 1000) / 1000

/** Plain, striped, checked, dotted or woven cloth of a random colour. Patterns are projected onto the body at rest, so they go with it. */
export function cloth(key: Key, name: string): MaterialDraft {
  const color = srgb(hsv(key.fork('hue').uniform(), key.fork('saturation').uniform(0.1, 0.8), key.fork('value').uniform(0.12, 0.9)))
  const second = srgb(hsv(key.fork('hue-2').uniform(), key.fork('saturation-2').uniform(0, 0.7), key.fork('value-2').uniform(0.15, 0.95)))
  const kind = key.fork('kind').choice(['plain', 'plain', 'stripes', 'checks', 'dots', 'denim', 'linen'] as const)
  if (kind === 'plain') return material({ baseColor: [...color], roughness: 0.85, specular: 0.5 }, name)
  if (kind === 'denim' || kind === 'linen') return { ...preset(kind, { color, size: 256, seed: key.fork('weave').int(0, 999) }), name }
  const [a, b] = [[...color], [...second]]
  const down = key.fork('down').uniform() < 0.6
  const pattern = {
    stripes: { size: 0.3, generator: 'stripes', parameters: { a, b, across: down ? 0 : 6, down: down ? 6 : 0 } },
    checks: { size: 0.4, generator: 'checker', parameters: { a, b } },
    dots: { size: 0.35, generator: 'dots', parameters: { background: a, dot: b, radius: 0.22 } },
  }[kind]
  return {
    name,
    material: {
      baseColor: { texture: `${name}-pattern` },
      roughness: 0.85,
      specular: 0.5,
      mapping: { type: 'box', size: pattern.size * key.fork('size').uniform(0.6, 1.4) },
    },
    textures: {
      [`${name}-pattern`]: {
        type: 'procedural',
        generator: pattern.generator,
        seed: key.fork('pattern').int(0, 999),
        size: 256,
        parameters: pattern.parameters,
      },
    },
  }
}
