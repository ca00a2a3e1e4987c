/** Skins, morph targets and animations of hand-made GLBs, against glTF's own formulas written once more here in its frame (+Y up). */
import { describe, expect, test } from 'vitest'
import { NO_ASSETS } from '../assets.ts'
import { meshAt } from '../deformation/evaluate.ts'
import { resolveScene } from '../resolve.ts'
import { type SceneInput, sceneSchema } from '../schema/scene.ts'
import { importMesh } from './import.ts'

type Numbers = Float32Array | Uint8Array | Uint16Array | Int16Array
const COMPONENT = new Map<unknown, number>([
  [Float32Array, 5126],
  [Uint8Array, 5121],
  [Uint16Array, 5123],
  [Int16Array, 5122],
])

/** A GLB under construction. */
class Glb {
  readonly json: Record<string, unknown[]> & { asset: object } = { asset: { version: '2.0' }, accessors: [], bufferViews: [] } as never
  private bytes: number[] = []

  add(data: Numbers, type: 'SCALAR' | 'VEC3' | 'VEC4' | 'MAT4', normalized = false): number {
    while (this.bytes.length % 4) this.bytes.push(0)
    const view = this.json['bufferViews']!.push({ buffer: 0, byteOffset: this.bytes.length, byteLength: data.byteLength }) - 1
    this.bytes.push(...new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    const count = data.length / { SCALAR: 1, VEC3: 3, VEC4: 4, MAT4: 16 }[type]
    return this.json['accessors']!.push({ bufferView: view, componentType: COMPONENT.get(data.constructor), count, type, normalized }) - 1
  }

  finish(): Uint8Array {
    while (this.bytes.length % 4) this.bytes.push(0)
    const text = new TextEncoder().encode(JSON.stringify({ ...this.json, buffers: [{ byteLength: this.bytes.length }] }))
    const json = [...text, ...Array((4 - (text.length % 4)) % 4).fill(32)]
    const word = (x: number) => [x & 255, (x >> 8) & 255, (x >> 16) & 255, (x >> 24) & 255]
    const total = 28 + json.length + this.bytes.length
    return Uint8Array.from(
      [0x46546c67, 2, total]
        .flatMap(word)
        .concat(word(json.length), word(0x4e4f534a), json, word(this.bytes.length), word(0x004e4942), this.bytes),
    )
  }
}

// Column-major 4×4, as glTF writes them.
type M = number[]
const times = (a: M, b: M): M =>
  Array.from({ length: 16 }, (_, i) => [0, 1, 2, 3].reduce((s, k) => s + a[4 * k + (i & 3)]! * b[(i & 12) + k]!, 0))
const trs = (t: number[], [x, y, z, w]: number[], s: number[]): M => {
  const r = [
    1 - 2 * (y! * y! + z! * z!),
    2 * (x! * y! + z! * w!),
    2 * (x! * z! - y! * w!),
    2 * (x! * y! - z! * w!),
    1 - 2 * (x! * x! + z! * z!),
    2 * (y! * z! + x! * w!),
    2 * (x! * z! + y! * w!),
    2 * (y! * z! - x! * w!),
    1 - 2 * (x! * x! + y! * y!),
  ]
  return [0, 1, 2].flatMap(c => [...[0, 1, 2].map(k => r[3 * c + k]! * s[c]!), 0]).concat([...t, 1])
}
const move = (m: M, p: number[]) => [0, 1, 2].map(r => m[r]! * p[0]! + m[4 + r]! * p[1]! + m[8 + r]! * p[2]! + m[12 + r]!)
const about = (axis: number, angle: number) => [0, 1, 2].map(k => (k === axis ? Math.sin(angle / 2) : 0)).concat(Math.cos(angle / 2))
const STILL = [0, 0, 0, 1]
const ONE = [1, 1, 1]

/** A strip along +Y, vertices at y = 0, 0, 1, 1, 2, 2. */
const STRIP = [0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0, 0, 2, 0, 1, 2, 0]
const FACES = Uint16Array.of(0, 1, 3, 0, 3, 2, 2, 3, 5, 2, 5, 4)

/** Imports, and gives the corners of the object's triangles in glTF's frame at a time: the file's, whose vertices may be in another order. */
async function imported(glb: Glb, object: object, options: object = {}) {
  const files = new Map([['a.glb', glb.finish()]])
  const { object: asset, warnings } = await importMesh(files, 'a.glb', { license: 'CC0-1.0', ...options })
  const scene = sceneSchema.parse({
    cameras: [{ position: [0, 0, 5], rotation: [0, 0, 0, 1] }],
    geometries: { a: { type: 'asset', asset: 'a' } },
    objects: [{ id: 1, name: 'a', geometry: 'a', ...object }] as SceneInput['objects'],
  })
  const resolved = resolveScene(scene, { ...NO_ASSETS, objects: new Map([['a', asset]]) }).objects[0]!
  const at = (t: number) => {
    const { positions: p, indices } = meshAt(resolved, t)
    // (x, y, z) of the file is (x, −z, y) here.
    return Array.from(indices, i => [p[3 * i]!, p[3 * i + 2]!, -p[3 * i + 1]!])
  }
  return { asset, warnings, at }
}
const near = (a: number[][], vertices: number[][]) => {
  const b = Array.from(FACES, i => vertices[i]!)
  expect(a.length).toBe(b.length)
  a.forEach((p, i) => {
    p.forEach((x, k) => {
      expect(x, `vertex ${i}`).toBeCloseTo(b[i]![k]!, 4)
    })
  })
}

/** Root (turned, under a moved node) and tip, a skin bound elsewhere than where the nodes rest, a morph target, and every kind of channel. */
function animated(glb = new Glb()) {
  const rest = { world: trs([0, 0, 3], about(1, 0.7), ONE), root: trs([0.5, 0, 0], about(0, 0.3), ONE), tip: trs([0, 1, 0], STILL, ONE) }
  // Bound while the root stood at the origin and the tip at y = 1.
  const bind = [trs([0, 0, 0], STILL, ONE), trs([0, -1, 0], STILL, ONE)]
  const weights = [
    [1, 0],
    [1, 0],
    [0.5, 0.5],
    [0.25, 0.75],
    [0, 1],
    [0, 1],
  ]
  const rise = STRIP.map((_, i) => (i % 3 === 2 ? 0.1 * Math.floor(i / 3) : 0))
  glb.json['meshes'] = [
    {
      primitives: [
        {
          attributes: {
            POSITION: glb.add(Float32Array.from(STRIP), 'VEC3'),
            JOINTS_0: glb.add(Uint8Array.from(weights.flatMap(() => [0, 1, 0, 0])), 'VEC4'),
            WEIGHTS_0: glb.add(Float32Array.from(weights.flatMap(([a, b]) => [a!, b!, 0, 0])), 'VEC4'),
          },
          indices: glb.add(FACES, 'SCALAR'),
          targets: [{ POSITION: glb.add(Float32Array.from(rise), 'VEC3') }],
        },
      ],
      extras: { targetNames: ['rise'] },
    },
  ]
  glb.json['nodes'] = [
    { name: 'world', translation: [0, 0, 3], rotation: about(1, 0.7), children: [1] },
    { name: 'root', translation: [0.5, 0, 0], rotation: about(0, 0.3), children: [2] },
    { name: 'tip', matrix: rest.tip },
    // A node of a skinned mesh has no say.
    { name: 'strip', mesh: 0, skin: 0, translation: [9, 9, 9] },
  ]
  glb.json['skins'] = [{ joints: [1, 2], inverseBindMatrices: glb.add(Float32Array.from(bind.flat()), 'MAT4') }]
  const turns = [0, 1, 2].map(t => about(2, 1.1 * t))
  // Cubic: f(t) = (t², t³ − t, 1 + t) with its own slopes.
  const f = (t: number) => [t * t, t * t * t - t, 1 + t]
  const slope = (t: number) => [2 * t, 3 * t * t - 1, 1]
  const input = glb.add(Float32Array.of(0, 1, 2), 'SCALAR')
  const sampler = (output: number, interpolation: string) => ({ input, output, interpolation })
  glb.json['animations'] = [
    {
      name: 'dance',
      samplers: [
        sampler(glb.add(Int16Array.from(turns.flat().map(x => Math.round(32767 * x))), 'VEC4', true), 'LINEAR'),
        sampler(glb.add(Float32Array.from([0, 1, 2].flatMap(t => [...slope(t), ...f(t), ...slope(t)])), 'VEC3'), 'CUBICSPLINE'),
        sampler(glb.add(Float32Array.from([1, 1, 1, 2, 1, 0.5, 3, 3, 3]), 'VEC3'), 'STEP'),
        sampler(glb.add(Float32Array.of(0, 2, -1), 'SCALAR'), 'LINEAR'),
      ],
      channels: [
        { sampler: 0, target: { node: 2, path: 'rotation' } },
        { sampler: 1, target: { node: 1, path: 'translation' } },
        { sampler: 2, target: { node: 2, path: 'scale' } },
        { sampler: 3, target: { node: 3, path: 'weights' } },
      ],
    },
  ]
  /** glTF 2.0, 3.7.3: Σ weight · joint · inverse bind, over the morphed vertex. */
  const truth = (u: number) => {
    const t = Math.min(2, Math.max(0, u))
    const root = times(rest.world, trs(f(t), about(0, 0.3), ONE))
    const tip = times(root, trs([0, 1, 0], about(2, 1.1 * t), [ONE, [2, 1, 0.5], [3, 3, 3]][Math.floor(t)]!))
    const w = t < 1 ? 2 * t : 2 - 3 * (t - 1)
    return weights.map(([a, b], v) => {
      const p = [0, 1, 2].map(k => STRIP[3 * v + k]! + w * rise[3 * v + k]!)
      const [q, r] = [move(times(root, bind[0]!), p), move(times(tip, bind[1]!), p)]
      return [0, 1, 2].map(k => a! * q[k]! + b! * r[k]!)
    })
  }
  return { glb, truth, rest, bind, weights }
}

describe('skins and animations', () => {
  test('LINEAR, STEP and CUBICSPLINE channels move joints and morph weights as glTF says', async () => {
    const { glb, truth } = animated()
    const { asset, warnings, at } = await imported(glb, { animation: { clip: 'dance' } })
    expect(warnings).toEqual([])
    expect(asset.rig!.joints.map(j => j.name)).toEqual(['world', 'root', 'tip'])
    expect(asset.rig!.morphs.map(m => m.name)).toEqual(['rise'])
    expect([...asset.rig!.clips].map(([name, c]) => [name, c.duration])).toEqual([['dance', 2]])
    for (const t of [-1, 0, 0.25, 0.99, 1, 1.3, 1.999, 2, 5]) near(at(t), truth(t))
  })

  test('start, speed, loops, and poses that go before clips', async () => {
    const { glb, truth } = animated()
    const late = await imported(glb, { animation: { clip: 'dance', start: 3, speed: 2 } })
    near(late.at(3.4), truth(0.8))
    near(late.at(0), truth(0))
    const again = await imported(animated().glb, { animation: { clip: 'dance', loop: true } })
    near(again.at(4.6), truth(0.6))
    const held = await imported(animated().glb, { animation: { clip: 'dance' }, pose: { morphs: { rise: 0 } } })
    expect(held.at(1)[5]).not.toEqual(late.at(3.5)[5])
    await expect(imported(animated().glb, { animation: { clip: 'danse' } })).rejects.toThrow(/no clip "danse"; did you mean "dance"/)
  })

  test('in centimetres', async () => {
    const { glb, truth } = animated()
    near(
      (await imported(glb, { animation: { clip: 'dance' } }, { units: 'cm' })).at(1.3),
      truth(1.3).map(p => p.map(x => x / 100)),
    )
  })

  test('nobody poses it: it is rigid, as its first joint carries it at rest', async () => {
    const { glb, rest, bind } = animated()
    near(
      (await imported(glb, {})).at(7),
      Array.from({ length: 6 }, (_, v) => move(times(times(rest.world, rest.root), bind[0]!), STRIP.slice(3 * v, 3 * v + 3))),
    )
  })

  test('eight influences become the heaviest four, with a word; weights in bytes', async () => {
    const { glb } = animated()
    const attributes = (glb.json['meshes'] as { primitives: { attributes: Record<string, number> }[] }[])[0]!.primitives[0]!.attributes
    // 0.4 + 0.2 of the root in two places, 0.1 + 0.1 + 0.05 of the tip, …: in 255ths.
    const heavy = Uint8Array.of(102, 51, 26, 25)
    const light = Uint8Array.of(13, 13, 13, 12)
    const six = (a: Uint8Array) => Uint8Array.from(Array.from({ length: 6 }, () => [...a]).flat())
    attributes['JOINTS_0'] = glb.add(six(Uint8Array.of(0, 1, 0, 1)), 'VEC4')
    attributes['JOINTS_1'] = glb.add(six(Uint8Array.of(0, 0, 1, 1)), 'VEC4')
    attributes['WEIGHTS_0'] = glb.add(six(heavy), 'VEC4', true)
    attributes['WEIGHTS_1'] = glb.add(six(light), 'VEC4', true)
    const { asset, warnings } = await imported(glb, {})
    expect(warnings.join()).toMatch(
      /some vertices follow more than 4 joints; the 4 heaviest were kept and made to sum to 1 \(up to 20 % of a vertex was left out\)/,
    )
    expect([...asset.rig!.skin!.indices.subarray(0, 4)]).toEqual([0, 1, 0, 1].map(j => j + 1))
    ;[...asset.rig!.skin!.weights.subarray(0, 4)].forEach((w, k) => {
      expect(w).toBeCloseTo(heavy[k]! / 204, 6)
    })
  })

  test('a node without a skin that moves carries its mesh', async () => {
    const glb = new Glb()
    glb.json['meshes'] = [
      { primitives: [{ attributes: { POSITION: glb.add(Float32Array.from(STRIP), 'VEC3') }, indices: glb.add(FACES, 'SCALAR') }] },
    ]
    glb.json['nodes'] = [
      { name: 'arm', children: [1], translation: [1, 0, 0] },
      { name: 'blade', mesh: 0, translation: [0, 2, 0], scale: [1, 2, 1] },
    ]
    glb.json['animations'] = [
      {
        samplers: [
          { input: glb.add(Float32Array.of(0, 4), 'SCALAR'), output: glb.add(Float32Array.from([...about(2, 0), ...about(2, 2)]), 'VEC4') },
        ],
        channels: [{ sampler: 0, target: { node: 0, path: 'rotation' } }],
      },
    ]
    const { asset, at } = await imported(glb, { animation: { clip: 'animation-0' } })
    expect(asset.rig!.joints.map(j => j.name)).toEqual(['arm', 'blade'])
    const m = times(trs([1, 0, 0], about(2, 1.5), ONE), trs([0, 2, 0], STILL, [1, 2, 1]))
    near(
      at(3),
      Array.from({ length: 6 }, (_, v) => move(m, STRIP.slice(3 * v, 3 * v + 3))),
    )
  })

  // biome-ignore lint/suspicious/noExplicitAny: the point is to break the file
  const broken: [string, (json: any, glb: Glb) => void, RegExp][] = [
    [
      'a joint that its skin lacks',
      (j, glb) => (j.meshes[0].primitives[0].attributes.JOINTS_0 = glb.add(new Uint8Array(24).fill(7), 'VEC4')),
      /vertex 0 of strip follows joint 7, but its skin has 2/,
    ],
    ['no weights', j => delete j.meshes[0].primitives[0].attributes.WEIGHTS_0, /JOINTS_0 and WEIGHTS_0 of strip do not fit/],
    [
      'weights that are all 0',
      (j, glb) => (j.meshes[0].primitives[0].attributes.WEIGHTS_0 = glb.add(new Float32Array(24), 'VEC4')),
      /the skin weights of vertex 0 are 0, 0, 0, 0/,
    ],
    [
      'times that go back',
      (j, glb) => (j.animations[0].samplers[0].input = glb.add(Float32Array.of(0, 2, 1), 'SCALAR')),
      /the times of animation "dance" do not increase/,
    ],
    [
      'too few values',
      (j, glb) => (j.animations[0].samplers[1].output = glb.add(new Float32Array(9), 'VEC3')),
      /9 numbers of translation for 3 times/,
    ],
    [
      'a sheared joint',
      j => (j.nodes[2].matrix = [1, 0, 0, 0, 0.5, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]),
      /node 2 "tip" has a matrix with shear/,
    ],
    [
      'a short target',
      (j, glb) => (j.meshes[0].primitives[0].targets[0].POSITION = glb.add(new Float32Array(6), 'VEC3')),
      /attributes of different lengths/,
    ],
  ]
  test.each(broken)('%s is one clear error', async (_name, damage, message) => {
    const { glb } = animated()
    damage(glb.json, glb)
    await expect(imported(glb, {})).rejects.toThrow(message)
  })
})
