/** A photo studio: a smooth backdrop and soft boxes placed as a photographer would, varied by seed. */
import { Key } from '../key.ts'
import { atan, cos, sin } from '../maths/portable.ts'
import { cross, dot, normalize, scale, type Vec3 } from '../maths/vec3.ts'
import type { HdrImage } from '../mesh.ts'
import type { EnvironmentSource } from '../schema/light.ts'

export type StudioSource = Extract<EnvironmentSource, { type: 'studio' }>

interface SoftBox {
  readonly centre: Vec3
  readonly right: Vec3
  readonly up: Vec3
  /** Half width and height, as tangents seen from the middle. */
  readonly size: readonly [number, number]
  readonly color: Vec3
}

/** Radiance of a soft box relative to the key light, its elevation and half sizes; the first boxes have these roles, later ones are accents. */
const ROLES = [
  { name: 'key', radiance: [11, 15], elevation: [0.6, 0.95], width: [0.35, 0.55], height: [0.35, 0.55], offset: 0 },
  { name: 'fill', radiance: [2, 3.5], elevation: [0.25, 0.6], width: [0.5, 0.8], height: [0.45, 0.7], offset: 1.75 },
  { name: 'rim', radiance: [9, 14], elevation: [0.35, 0.8], width: [0.1, 0.2], height: [0.5, 0.8], offset: 3.3 },
  { name: 'top', radiance: [4, 7], elevation: [1.25, 1.5], width: [0.5, 0.8], height: [0.3, 0.5], offset: 0.9 },
  { name: 'accent', radiance: [2, 6], elevation: [0.15, 1.1], width: [0.08, 0.35], height: [0.15, 0.6], offset: 0 },
] as const

/** Slightly warm, neutral and cool daylight whites (about 4,800 K, 6,500 K and 8,000 K), linear RGB. */
const WHITES: readonly Vec3[] = [
  [1.12, 0.98, 0.84],
  [1, 1, 1],
  [0.9, 0.99, 1.13],
]

function softBoxes(source: StudioSource): SoftBox[] {
  const key = Key.fromSeed(source.seed).fork('studio')
  const heading = key.fork('heading').uniform(0, 2 * Math.PI)
  const side = key.fork('side').bits() & 1 ? 1 : -1
  const boxes = Array.from({ length: source.boxes }, (_, i): SoftBox => {
    const role = ROLES[Math.min(i, ROLES.length - 1)]!
    const k = key.fork(`box-${i}`)
    const range = (name: string, [low, high]: readonly [number, number]) => k.fork(name).uniform(low, high)
    const spread = role.name === 'accent' ? Math.PI : 0.35
    const azimuth = heading + side * (role.offset + k.fork('azimuth').uniform(-spread, spread))
    const elevation = range('elevation', role.elevation)
    const centre: Vec3 = [cos(elevation) * cos(azimuth), cos(elevation) * sin(azimuth), sin(elevation)]
    const right = normalize([-sin(azimuth), cos(azimuth), 0])
    const up = cross(centre, right)
    const white = WHITES[role.name === 'key' ? k.fork('white').int(0, 1) : role.name === 'fill' ? k.fork('white').int(1, 2) : 1]!
    const radiance = range('radiance', role.radiance)
    return {
      centre,
      right,
      up,
      size: [range('width', role.width), range('height', role.height)],
      color: [white[0] * radiance, white[1] * radiance, white[2] * radiance],
    }
  })
  const flux = boxes.reduce((sum, b) => sum + b.color[1] * solidAngle(b.size), 0)
  return boxes.map(b => ({ ...b, color: scale(b.color, FLUX / flux) }))
}

/** Radiance times solid angle of all boxes together, whatever their number: a white level surface comes out near radiance 1. */
const FLUX = 4.2

/** Of a rectangle seen square-on, half sizes as tangents. */
const solidAngle = ([a, b]: readonly [number, number]) => 4 * atan((a * b) / Math.sqrt(1 + a * a + b * b))

/** The studio's picture, linear RGB radiance. */
export function renderStudio(source: StudioSource): HdrImage {
  const { height } = source
  const width = 2 * height
  const data = new Float32Array(width * height * 3)
  const boxes = softBoxes(source)
  const cosPhi = new Float64Array(width)
  const sinPhi = new Float64Array(width)
  for (let i = 0; i < width; i++) {
    const phi = (0.5 - (i + 0.5) / width) * 2 * Math.PI
    cosPhi[i] = cos(phi)
    sinPhi[i] = sin(phi)
  }
  // Light wraps around the heading of the key: that side of the backdrop is brighter.
  const [kx, ky] = boxes[0]!.centre
  for (let j = 0; j < height; j++) {
    const theta = ((j + 0.5) / height) * Math.PI
    const z = cos(theta)
    const s = sin(theta)
    // A cove: brightest a little above the horizon, falling to the ceiling and, faster, to the floor.
    const t = (z - 0.12) / (z > 0.12 ? 0.88 : 1.12)
    const cove = z > 0.12 ? 1.25 - 0.95 * t * t * (3 - 2 * t) : 1.25 - 0.75 * Math.min(1, t * t * 1.6) - 0.1 * Math.min(1, -t)
    for (let i = 0, k = j * width * 3; i < width; i++, k += 3) {
      const d: Vec3 = [s * cosPhi[i]!, s * sinPhi[i]!, z]
      const level = cove * (1 + 0.22 * (d[0] * kx + d[1] * ky))
      let r = source.backdrop[0] * level
      let g = source.backdrop[1] * level
      let b = source.backdrop[2] * level
      // The key is nearest: it hides what it overlaps.
      for (let n = boxes.length - 1; n >= 0; n--) {
        const box = boxes[n]!
        const facing = dot(d, box.centre)
        if (facing < 0.2) continue
        const x = Math.abs(dot(d, box.right) / facing) / box.size[0]
        const y = Math.abs(dot(d, box.up) / facing) / box.size[1]
        const cover = boxCover(x, y)
        if (cover === 0) continue
        const level = 1 - 0.35 * Math.min(1, (x * x + y * y) / 2)
        r += (box.color[0] * level - r) * cover
        g += (box.color[1] * level - g) * cover
        b += (box.color[2] * level - b) * cover
      }
      data[k] = r
      data[k + 1] = g
      data[k + 2] = b
    }
  }
  return { width, height, data }
}

/** 1 on the diffuser, 0 outside its rounded outline, smooth between; x, y ≥ 0 in half sizes. */
function boxCover(x: number, y: number): number {
  if (x > 1.1 || y > 1.1) return 0
  const corner = 0.75
  const dx = Math.max(0, x - corner)
  const dy = Math.max(0, y - corner)
  const edge = dx > 0 && dy > 0 ? corner + Math.sqrt(dx * dx + dy * dy) : Math.max(x, y)
  const t = Math.min(1, Math.max(0, (1.02 - edge) / 0.08))
  return t * t * (3 - 2 * t)
}
