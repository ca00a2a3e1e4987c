/** A figure made and moved by code alone: one mesh on fourteen joints walks past the camera. Its labels follow it: `--labels kubric,tracks,joint-keypoints`. */
import { portable, type Quat, quat, type Vec3 } from '@dioramic/scene'
import { camera, defineWorld, floor, hdri, mesh, type PoseInput, scene } from '@dioramic/worlds'
import { z } from 'zod'

/** Joint, parent, and its place in the parent's frame, metres: the figure looks along +X, its left is +Y. */
const JOINTS: readonly (readonly [name: string, parent: string | undefined, at: Vec3])[] = [
  ['hips', undefined, [0, 0, 0.92]],
  ['spine', 'hips', [0, 0, 0.14]],
  ['chest', 'spine', [0, 0, 0.22]],
  ['head', 'chest', [0, 0, 0.26]],
  ...(['left', 'right'] as const).flatMap((side): [string, string, Vec3][] => {
    const y = side === 'left' ? 1 : -1
    return [
      [`${side}-arm`, 'chest', [0, 0.21 * y, 0.14]],
      [`${side}-forearm`, `${side}-arm`, [0, 0.02 * y, -0.29]],
      [`${side}-leg`, 'hips', [0, 0.095 * y, -0.04]],
      [`${side}-shin`, `${side}-leg`, [0, 0, -0.42]],
      [`${side}-foot`, `${side}-shin`, [0, 0, -0.38]],
    ]
  }),
]

/** Part of a body: from one height to another, through these sections (height, middle x and y, half widths in x and y), each carried by joints. */
type Section = readonly [z: number, x: number, y: number, rx: number, ry: number]
const SIDES = 20
const RINGS = 28

function body() {
  const [positions, normals, uvs, indices, links, weights]: number[][] = [[], [], [], [], [], []]
  const number = (name: string) => JOINTS.findIndex(j => j[0] === name)
  /** `bends`: the heights at which the next joint takes over, within 7 cm around. */
  const part = (sections: readonly Section[], joints: readonly string[], bends: readonly number[]) => {
    const [top, bottom] = [sections[0][0], sections.at(-1)![0]]
    const at = (h: number): Section => {
      const i = Math.max(
        0,
        sections.findIndex((_, k) => k + 1 < sections.length && h >= sections[k + 1][0]),
      )
      const [a, b] = [sections[i], sections[i + 1]]
      const u = (a[0] - h) / (a[0] - b[0])
      return a.map((x, k) => x + (b[k] - x) * (k === 0 ? u : u * u * (3 - 2 * u))) as unknown as Section
    }
    for (let r = 0; r <= RINGS; r++) {
      const h = top + ((bottom - top) * r) / RINGS
      const [, x, y, rx, ry] = at(h)
      // The ends close like the ends of an egg.
      const end = Math.min(1, Math.min(r, RINGS - r) / 3)
      const close = Math.sqrt(Math.max(0, 1 - (1 - end) * (1 - end)))
      for (let i = 0; i <= SIDES; i++) {
        const turn = (2 * Math.PI * (i % SIDES)) / SIDES
        const [c, s] = [portable.cos(turn), portable.sin(turn)]
        positions.push(x + rx * close * c, y + ry * close * s, h)
        const lid = (1 - end) * (r < RINGS / 2 ? 1 : -1)
        const n = [c / rx, s / ry, (2 * lid) / Math.min(rx, ry)]
        const length = Math.sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2])
        normals.push(...n.map(v => v / length))
        uvs.push(i / SIDES, 1 - r / RINGS)
        const next = bends.findIndex(b => h > b - 0.07)
        const k = next < 0 ? bends.length : next
        const blend = k < bends.length ? Math.min(1, Math.max(0, (bends[k] + 0.07 - h) / 0.14)) : 0
        links.push(number(joints[k]), number(joints[Math.min(k + 1, joints.length - 1)]), 0, 0)
        weights.push(1 - blend, blend, 0, 0)
        if (r === RINGS || i === SIDES) continue
        const a = positions.length / 3 - 1
        indices.push(a, a + SIDES + 1, a + SIDES + 2, a, a + SIDES + 2, a + 1)
      }
    }
  }
  part(
    [
      [1.72, 0, 0, 0.09, 0.075],
      [1.6, 0.01, 0, 0.11, 0.085],
      [1.5, 0, 0, 0.06, 0.06],
      [1.42, 0, 0, 0.06, 0.07],
    ],
    ['head', 'chest'],
    [1.48],
  )
  part(
    [
      [1.5, 0, 0, 0.05, 0.1],
      [1.4, 0, 0, 0.11, 0.19],
      [1.15, 0, 0, 0.1, 0.14],
      [0.95, 0, 0, 0.12, 0.17],
      [0.82, 0, 0, 0.08, 0.13],
    ],
    ['chest', 'spine', 'hips'],
    [1.24, 1.06],
  )
  for (const side of ['left', 'right']) {
    const y = side === 'left' ? 1 : -1
    part(
      [
        [1.46, 0, 0.2 * y, 0.06, 0.06],
        [1.13, 0, 0.23 * y, 0.045, 0.045],
        [0.84, 0, 0.23 * y, 0.03, 0.035],
        [0.74, 0, 0.23 * y, 0.035, 0.02],
      ],
      [`${side}-arm`, `${side}-forearm`],
      [1.13],
    )
    part(
      [
        [0.95, 0, 0.095 * y, 0.09, 0.085],
        [0.46, 0.005, 0.095 * y, 0.055, 0.055],
        [0.3, -0.01, 0.095 * y, 0.055, 0.05],
        [0.05, 0, 0.095 * y, 0.035, 0.035],
      ],
      [`${side}-leg`, `${side}-shin`, `${side}-foot`],
      [0.46, 0.08],
    )
    part(
      [
        [0.09, 0.03, 0.095 * y, 0.05, 0.04],
        [0, 0.06, 0.095 * y, 0.13, 0.05],
      ],
      [`${side}-foot`],
      [],
    )
  }
  return {
    positions,
    normals,
    uvs,
    indices,
    skin: {
      joints: JOINTS.map(([name, parent, at]) => ({
        name,
        ...(parent ? { parent } : {}),
        translation: [...at] as [number, number, number],
      })),
      indices: links,
      weights,
    },
  }
}

/** Steps of `stride` metres, `pace` of them a second, from x = `from`; keys from `start` to `end` seconds. */
function walk(stride: number, pace: number, from: number, start: number, end: number): PoseInput {
  const n = Math.ceil((end - start) * 24)
  const times = Array.from({ length: n + 1 }, (_, i) => start + ((end - start) * i) / n)
  const about = (axis: Vec3, angle: (phase: number) => number) => ({
    rotation: {
      keys: times.map((t): [number, [number, number, number, number]] => [
        t,
        [...quat.fromAxisAngle(axis, angle(Math.PI * pace * t))] as never,
      ]),
    },
  })
  const [X, Y, Z]: Vec3[] = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ]
  const { sin, cos } = portable
  // Half a stride is a leg's length times the sine of its swing.
  const swing = stride / 2 / 0.84
  const limb = (side: string, phase: number) => ({
    [`${side}-leg`]: about(Y, p => -swing * sin(p + phase) - 0.05),
    [`${side}-shin`]: about(Y, p => 0.35 + 0.35 * cos(p + phase + 0.6)),
    [`${side}-foot`]: about(Y, p => -0.12 + 0.25 * sin(p + phase - 0.4)),
    [`${side}-arm`]: about(Y, p => 0.8 * swing * sin(p + phase)),
    [`${side}-forearm`]: about(Y, p => -0.45 - 0.25 * sin(p + phase)),
  })
  const rest: Quat = [0, 0, 0, 1]
  return {
    joints: {
      hips: {
        translation: { keys: times.map(t => [t, [from + stride * pace * t, 0, 0.885 + 0.02 * cos(2 * Math.PI * pace * t)]]) },
        ...about(Z, p => 0.12 * sin(p)),
      },
      spine: about(X, p => 0.03 * cos(p)),
      chest: about(Z, p => -0.25 * sin(p)),
      head: { rotation: [...rest] },
      ...limb('left', 0),
      ...limb('right', Math.PI),
    },
  }
}

export default defineWorld({
  description: 'A skinned figure that walks',
  config: z.object({ pace: z.number().min(0.5).max(3).default(1.8), stride: z.number().min(0.2).max(0.9).default(0.62) }),
  build({ key, config }) {
    const [frames, fps] = [24, 12]
    const s = scene({ frames, fps })
    const length = config.stride * config.pace * (frames / fps)
    const figure = mesh(body())
      .named('walker')
      .category('person')
      .material({
        baseColor: key.fork('shirt').choice([
          [0.55, 0.12, 0.08],
          [0.1, 0.28, 0.5],
          [0.6, 0.42, 0.1],
        ]) as [number, number, number],
        roughness: 0.6,
      })
      .rotated([0, 0, 1], key.fork('way').uniform(-0.4, 0.4))
      .posed(walk(config.stride, config.pace, -length / 2, -1 / fps, frames / fps))
    s.add(floor(), hdri('workshop'), figure, camera({ position: [0.5, -3.6, 1.4], lookAt: [0, 0, 0.8], focalLength: 40, shutter: 0.5 }))
    return s
  },
})
