/** The facts that programs run on, read from a clip's record. */
import type { Sample } from '../schema/sample.ts'
import { type Facts, MOVING, type Thing } from './program.ts'

/** Share of the picture's pixels that a thing must show to be spoken of. */
export const SPOKEN = 1e-3

type Vector = readonly [number, number, number]

/** What is said of one object of a clip; all else of a `Thing` follows. */
export interface FactInput {
  readonly id: number
  readonly category: string
  readonly isBackground: boolean
  readonly metadata: Readonly<Record<string, unknown>>
  readonly bounds: { readonly min: ArrayLike<number>; readonly max: ArrayLike<number> }
  readonly scale: ArrayLike<number>
  readonly position: Vector
  readonly velocity: Vector
  readonly visiblePixels: number
}

export interface FactScene {
  readonly frame: number
  readonly pixels: number
  /** World from camera: x, y, z, w. */
  readonly cameraRotation: readonly [number, number, number, number]
  readonly objects: readonly FactInput[]
  /** Contacts within the clip's frames. */
  readonly collisions: readonly (readonly [number, number])[]
}

/** Attributes of an object: its category, and every word that its world tagged as `<attribute>_label`. */
export function attributesOf(category: string, metadata: Readonly<Record<string, unknown>>): Record<string, string> {
  const out: Record<string, string> = { category }
  for (const [key, value] of Object.entries(metadata))
    if (key.endsWith('_label') && typeof value === 'string') out[key.slice(0, -6)] = value
  return out
}

const level = (x: number, y: number): readonly [number, number] => {
  const l = Math.sqrt(x * x + y * y)
  return l > 1e-9 ? [x / l, y / l] : [0, 0]
}

/** Facts of a frame. Backgrounds and what hardly shows are not spoken of. */
export function gatherFacts(scene: FactScene): Facts {
  const [x, y, z, w] = scene.cameraRotation
  // The camera's right and its view, laid on the level; right stays level for a camera that looks straight down.
  const right = level(1 - 2 * (y * y + z * z), 2 * (x * y + z * w))
  const away = [-right[1], right[0]]
  const seen = scene.objects.filter(o => !o.isBackground && o.visiblePixels >= SPOKEN * scene.pixels)
  const things = seen.map((o): Thing => {
    const [px, py] = o.position
    const [a, b, c] = o.velocity
    return {
      id: o.id,
      attributes: attributesOf(o.category, o.metadata),
      place: [px * right[0] + py * right[1], px * away[0]! + py * away[1]!],
      moving: Math.sqrt(a * a + b * b + c * c) > MOVING,
    }
  })
  const sizes = seen.map(o => Math.max(...[0, 1, 2].map(i => (o.bounds.max[i]! - o.bounds.min[i]!) * o.scale[i]!))).sort((a, b) => a - b)
  const ids = new Set(things.map(t => t.id))
  return {
    frame: scene.frame,
    things,
    margin: sizes.length > 0 ? sizes[sizes.length >> 1]! / 4 : 0,
    collisions: scene.collisions.filter(([a, b]) => ids.has(a) && ids.has(b)),
  }
}

/** Facts of a recorded clip at a frame; undefined where the record lacks what sentences speak of (visible pixels, velocities). */
export function factsOf(sample: Sample, frame: number): Facts | undefined {
  const cameraRotation = sample.cameras[0]!.rotations[frame]
  if (!cameraRotation || sample.instances.some(i => !i.visiblePixels || !i.velocities)) return undefined
  return gatherFacts({
    frame,
    pixels: sample.resolution[0] * sample.resolution[1],
    cameraRotation,
    objects: sample.instances.map(i => ({
      ...i,
      position: i.positions[frame]!,
      velocity: i.velocities![frame]!,
      visiblePixels: i.visiblePixels![frame]!,
    })),
    collisions: sample.events.collisions.filter(c => c.frame >= 0 && c.frame <= sample.frames - 1).map(c => c.instances),
  })
}
