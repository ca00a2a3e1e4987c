/** An object on its way into a scene. Every method returns a new draft; the old one stays as it was. */
import type { bodySchema, Geometry, Key, Quat, SceneInput, SceneObject, Vec3 } from '@dioramic/scene'
import { quat, vec3 } from '@dioramic/scene'
import type { z } from 'zod'
import type { Region } from '../toolkit/region.ts'
import { type MaterialDraft, type MaterialInput, material, recoloured } from './material.ts'

export type BodyInput = z.input<typeof bodySchema>
type Given = NonNullable<SceneInput['objects']>[number]
/** Keyframes of joints and morph targets, by name. */
export type PoseInput = NonNullable<Given['pose']>
/** A clip of an asset: when it begins, how fast it runs, whether it begins again. */
export type AnimationInput = NonNullable<Given['animation']>
type Metadata = SceneObject['metadata']
/** A velocity, or one that depends on where the object was placed. */
export type VelocityInput = Vec3 | ((position: Vec3) => Vec3)

/** A place yet to be found: the builder draws it when the object is added, so that nothing overlaps. */
export interface Placement {
  readonly region: Region
  /** Where it goes when that has no room, in this order. */
  readonly elsewhere: readonly Region[]
  /** Left out when nothing has room, instead of failing. */
  readonly optional: boolean
  readonly key: Key
  /** `random` turns the object any way, `yaw` about +Z only, `keep` not at all. */
  readonly turn: 'random' | 'yaw' | 'keep'
  /** Bottom on the region's floor instead of anywhere inside. */
  readonly stand: boolean
}

/** A place in another object's frame: a ball in a pan. */
export interface Mount {
  readonly on: ObjectDraft
  /** Metres, the other object's frame (unscaled); the origin of this object goes there. */
  readonly point: Vec3
}

export interface ObjectFields {
  readonly geometry: Geometry
  /** Randomness of this object, for `dropFrom` and its kin. */
  readonly key?: Key | undefined
  readonly name?: string | undefined
  readonly category?: string | undefined
  readonly isBackground: boolean
  readonly materials: readonly MaterialDraft[]
  readonly position: Vec3
  readonly rotation: Quat
  readonly scale: Vec3
  readonly body: BodyInput
  readonly pose?: PoseInput | undefined
  readonly animation?: AnimationInput | undefined
  readonly velocity?: VelocityInput | undefined
  readonly metadata: Metadata
  readonly placement?: Placement | undefined
  readonly mount?: Mount | undefined
  /** Times in seconds and where it is then; goes before `position`, which is the first place. */
  readonly track?: readonly (readonly [number, Vec3])[] | undefined
  /** Times in seconds and its rotation then; goes before `rotation`. */
  readonly turns?: readonly (readonly [number, Quat])[] | undefined
  /** Only keeps its place clear; never in the scene. */
  readonly phantom?: boolean | undefined
}

export interface PlaceOptions {
  /** Needed when the object was not made from a key. */
  readonly key?: Key
  readonly turn?: Placement['turn']
  /** Other regions to look in, in this order, when the first has no room: a book that finds none on the table lies on the floor. */
  readonly elsewhere?: readonly Region[]
  /** Whether the clip may do without it: where no region has room, or where it does not come to rest, it is left out, and `metadata.left_out` of the clip says its name. Else that fails. */
  readonly optional?: boolean
}

const asScale = (s: number | Vec3): Vec3 => (typeof s === 'number' ? [s, s, s] : s)

export class ObjectDraft {
  readonly fields: ObjectFields

  constructor(fields: ObjectFields) {
    this.fields = Object.freeze(fields)
  }

  private with(change: Partial<ObjectFields>): ObjectDraft {
    return new ObjectDraft({ ...this.fields, ...change })
  }

  /** Puts the origin at a point, metres, world. */
  at(position: Vec3): ObjectDraft {
    return this.with({ position, placement: undefined, mount: undefined, track: undefined })
  }

  /**
   * Moves the origin through points at times in seconds, straight and evenly from one to the next. It takes no part in the simulation then, unless it
   * `pushes` what it meets.
   */
  along(track: readonly (readonly [time: number, position: Vec3])[], how: 'through' | 'pushes' = 'through'): ObjectDraft {
    if (track.length === 0) throw new RangeError(`${this.label()}: a track needs a point; write along([[0, [x, y, z]], …])`)
    return this.at(track[0]![1]).with({ track, body: { type: how === 'pushes' ? 'kinematic' : 'none' } })
  }

  /** Turns it through rotations (world from object) at times in seconds, with `along`. */
  turning(turns: readonly (readonly [time: number, rotation: Quat])[]): ObjectDraft {
    return this.with({ turns })
  }

  /** Puts the origin at a point of another object's frame and turns with it, wherever that object goes; it must be added before this one. */
  over(on: ObjectDraft, point: Vec3): ObjectDraft {
    return this.with({ mount: { on, point }, placement: undefined })
  }

  /** Turns it: a unit quaternion, or an axis and an angle in radians; after the turns it already has. */
  rotated(turn: Quat): ObjectDraft
  rotated(axis: Vec3, angle: number): ObjectDraft
  rotated(turn: Quat | Vec3, angle = 0): ObjectDraft {
    const q = turn.length === 4 ? turn : quat.fromAxisAngle(turn, angle)
    return this.with({ rotation: quat.normalize(quat.multiply(q, this.fields.rotation)) })
  }

  /** Multiplies its size, by one factor or one an axis. Shapes have a longest edge of 1 m before. */
  scaled(factor: number | Vec3): ObjectDraft {
    return this.with({ scale: vec3.mul(this.fields.scale, asScale(factor)) })
  }

  /** Gives it a material, one a part, or fields of one. */
  material(m: MaterialDraft | MaterialInput | readonly MaterialDraft[]): ObjectDraft {
    const list = Array.isArray(m)
      ? (m as readonly MaterialDraft[])
      : ['textures' in m ? (m as MaterialDraft) : material(m as MaterialInput)]
    return this.with({ materials: list })
  }

  /** Linear RGB base colour of its material. */
  color(color: Vec3): ObjectDraft {
    const [first] = this.fields.materials
    return this.with({ materials: [recoloured(first ?? material(), color)] })
  }

  /** Starts it inside a region, clear of everything added before, and lets it fall. Draws a place when the object is added; 100 trials a region at most. */
  dropFrom(region: Region, options: PlaceOptions = {}): ObjectDraft {
    return this.placed(region, options, false, 'random').dynamic()
  }

  /** Stands it on the floor of a region, clear of everything added before. */
  standOn(region: Region, options: PlaceOptions = {}): ObjectDraft {
    return this.placed(region, options, true, 'yaw').dynamic()
  }

  private placed(region: Region, options: PlaceOptions, stand: boolean, turn: Placement['turn']): ObjectDraft {
    const key = options.key ?? this.fields.key
    if (!key) throw new Error(`${this.label()}: a random place needs a key; write dropFrom(region, { key: key.fork('…') })`)
    const { elsewhere = [], optional = false } = options
    const placement = { region, elsewhere, optional, key: key.fork('place'), turn: options.turn ?? turn, stand }
    return this.with({ mount: undefined, placement })
  }

  /** Moved by forces and contacts. */
  dynamic(options: Omit<Extract<BodyInput, { type: 'dynamic' }>, 'type'> = {}): ObjectDraft {
    const before = this.fields.body.type === 'dynamic' ? this.fields.body : {}
    return this.with({ body: { ...before, ...options, type: 'dynamic' } })
  }

  /** Never moves, others bounce off it. */
  fixed(options: { friction?: number; restitution?: number } = {}): ObjectDraft {
    return this.with({ body: { ...options, type: 'static' } })
  }

  /** First velocity: m/s, and rad/s about the world's axes; or a function of the place. */
  withVelocity(velocity: VelocityInput, angularVelocity: Vec3 = [0, 0, 0]): ObjectDraft {
    return this.dynamic({ angularVelocity: [...angularVelocity] }).with({ velocity })
  }

  /** Moves its joints and morph targets by keyframes; it takes no part in the simulation then. */
  posed(pose: PoseInput): ObjectDraft {
    return this.with({ pose, body: { type: 'none' } })
  }

  /** Plays a clip that came with its asset, by name; it takes no part in the simulation then. */
  playing(clip: string, options: Omit<AnimationInput, 'clip'> = {}): ObjectDraft {
    return this.with({ animation: { ...options, clip }, body: { type: 'none' } })
  }

  named(name: string): ObjectDraft {
    return this.with({ name })
  }

  category(category: string): ObjectDraft {
    return this.with({ category })
  }

  /** Only keeps its place clear of what is added later; not in the scene. */
  asPhantom(): ObjectDraft {
    return this.with({ phantom: true })
  }

  /** Not one of the things that a data set is about: floors, tables, walls. */
  asBackground(): ObjectDraft {
    return this.with({ isBackground: true })
  }

  /** Records facts about it in every sample. */
  tagged(metadata: Metadata): ObjectDraft {
    return this.with({ metadata: { ...this.fields.metadata, ...metadata } })
  }

  /** How messages call it. */
  label(): string {
    const { name, geometry } = this.fields
    return name ?? (geometry.type === 'shape' ? geometry.shape : geometry.type === 'asset' ? geometry.asset : 'mesh')
  }
}

/** A draft from a geometry, with nothing else set. */
export const object = (geometry: Geometry, key?: Key): ObjectDraft =>
  new ObjectDraft({
    geometry,
    key,
    isBackground: false,
    materials: [],
    position: [0, 0, 0],
    rotation: [0, 0, 0, 1],
    scale: [1, 1, 1],
    body: { type: 'none' },
    metadata: {},
  })
