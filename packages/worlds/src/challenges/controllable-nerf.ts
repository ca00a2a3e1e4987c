/**
 * Controllable NeRF (Kubric's challenge 13, CoNeRF's synthetic trio): a radiance field with three handles.
 *
 * Shows: three objects side by side, each with one attribute between −1 and 1: the cube's colour goes from blue to red, the cone turns over, the star grows
 * out of a ball (a morph target). In training all three change together along one path, as in a film; in the test every combination is new. Each frame's values are
 * in the metadata's `attributes`, a few training frames are listed as `annotated`, and `segmentation` is the mask of each attribute.
 *
 * Cost: 120 frames of 256 × 256 of three objects.
 */
import { type Key, portable, quat, type SceneInput, type Vec3, vec3 } from '@dioramic/scene'
import { z } from 'zod'
import { preset } from '../builder/preset.ts'
import { scene } from '../builder/scene.ts'
import { floor, mesh, shape } from '../builder/shapes.ts'
import { litRoom } from '../toolkit/lit-rooms.ts'
import { defineWorld } from '../world.ts'
import { blocks, sphereViews, VIEW_FPS, viewCamera } from './views.ts'

const [RINGS, SIDES] = [48, 72]

/** A ball of radius ½ with the target `spikes`: a star of twelve points. Poles are single vertices. */
function star() {
  const positions: number[] = [0, 0, 0.5]
  const target: number[] = [0, 0, 0]
  for (let r = 1; r < RINGS; r++)
    for (let i = 0; i < SIDES; i++) {
      const [t, a] = [(Math.PI * r) / RINGS, (2 * Math.PI * i) / SIDES]
      const n: Vec3 = [portable.sin(t) * portable.cos(a), portable.sin(t) * portable.sin(a), portable.cos(t)]
      positions.push(...vec3.scale(n, 0.5))
      // Even at the poles, where all sides meet.
      const s = portable.sin(t)
      target.push(...vec3.scale(n, 0.16 * s * s * portable.cos(6 * a) * (1 - 0.6 * portable.cos(4 * t))))
    }
  positions.push(0, 0, -0.5)
  target.push(0, 0, 0)
  const at = (r: number, i: number) => (r === 0 ? 0 : r === RINGS ? 1 + (RINGS - 1) * SIDES : 1 + (r - 1) * SIDES + (i % SIDES))
  const indices: number[] = []
  for (let r = 0; r < RINGS; r++)
    for (let i = 0; i < SIDES; i++) {
      if (r < RINGS - 1) indices.push(at(r, i), at(r + 1, i), at(r + 1, i + 1))
      if (r > 0) indices.push(at(r, i), at(r + 1, i + 1), at(r, i + 1))
    }
  const normals = positions.map(x => 2 * x)
  return { positions, indices, normals, morphs: [{ name: 'spikes', positions: target }] }
}

type Attributes = Record<'color' | 'turn' | 'spikes', number[]>

/** In training one path through the cube of attributes; in the test anywhere. */
function attributes(key: Key, train: number, test: number): Attributes {
  const phase = key.fork('phase').uniform(0, 2 * Math.PI)
  const path = (speed: number) => Array.from({ length: train }, (_, f) => portable.sin(phase + (2 * Math.PI * speed * f) / train))
  const anywhere = (name: string) =>
    key
      .fork(name)
      .uniforms(test)
      .map(u => 2 * u - 1)
  return {
    color: [...path(1), ...anywhere('color')],
    turn: [...path(2), ...anywhere('turn')],
    spikes: [...path(3), ...anywhere('spikes')],
  }
}

export const controllableNerf = defineWorld({
  name: 'controllable-nerf',
  description: 'Three objects with an attribute each (colour, turn, shape), new combinations in the test: controllable NeRF',
  config: z.strictObject({
    train: z.number().int().min(2).max(2000).default(90).describe('frames for training'),
    test: z.number().int().min(1).max(2000).default(30).describe('frames with combinations that training does not have'),
    annotated: z.number().int().min(1).max(2000).default(6).describe('training frames whose attributes a method may know'),
  }),
  async build({ key, config, assets }): Promise<SceneInput> {
    const frames = config.train + config.test
    const s = scene({ frames, fps: VIEW_FPS, categories: ['floor', 'cube', 'cone', 'star'] })
    const { room, light } = litRoom(key, { rotation: key.fork('around').uniform(0, 2 * Math.PI) })
    s.add(light)
    s.add(floor({ size: 14 }).material(preset(key.fork('floor').choice(['wood-planks', 'concrete', 'linen', 'terrazzo']))))
    const values = attributes(key.fork('attributes'), config.train, config.test)
    const keys = <T>(list: readonly number[], of: (x: number) => T) => ({
      keys: list.map((x, f): [number, T] => [f / VIEW_FPS, of(x)]),
      interpolation: 'step' as const,
    })
    const blueToRed = (x: number): [number, number, number] => [0.04 + 0.33 * (x + 1), 0.08, 0.04 + 0.33 * (1 - x)]
    const tilt = (x: number) => [...quat.fromAxisAngle([0, 1, 0], 1.3 * x)] as [number, number, number, number]
    s.add(
      shape('cube')
        .scaled(0.7)
        .at([0, -1.2, 0.35])
        .material({ name: 'colour', material: { baseColor: keys(values.color, blueToRed), roughness: 0.4 }, textures: {} })
        .tagged({ attribute: 'color' }),
      shape('cone')
        .scaled(0.8)
        .at([0, 0, 0.6])
        .material(preset('plastic-glossy', { color: [0.7, 0.45, 0.05] }))
        .tagged({ attribute: 'turn' }),
      mesh(star())
        .named('star')
        .category('star')
        .scaled(0.75)
        .at([0, 1.2, 0.5])
        .material(preset('ceramic-glaze', { color: [0.05, 0.4, 0.2] }))
        .posed({ morphs: { spikes: keys(values.spikes, x => (x + 1) / 2) } })
        .tagged({ attribute: 'spikes' }),
    )
    s.add(viewCamera(sphereViews(key.fork('views'), frames, 4.4, [0, 0, 0.4], 0.3, 0.85), { focalLength: 42 }))
    const step = config.train / Math.min(config.annotated, config.train)
    const annotated = Array.from({ length: Math.min(config.annotated, config.train) }, (_, i) => Math.floor(i * step))
    s.tag({ splits: blocks({ train: config.train, test: config.test }), attributes: values, annotated, environment: room })
    const made = await s.finish(assets)
    const objects = made.objects!.map(o => (o.category === 'cone' ? { ...o, rotation: keys(values.turn, tilt) } : o))
    return { ...made, objects }
  },
})
