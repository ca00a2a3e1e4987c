/** Collects objects, lights, cameras and surroundings into a `SceneInput`. */
import type { Assets, Camera, Light, SceneInput, Texture } from '@dioramic/scene'
import type { EnvironmentDraft, FogDraft } from './environment.ts'
import { type Follower, type FollowOptions, followerCameras } from './follow.ts'
import { type MaterialDraft, withTextureNames } from './material.ts'
import { type BodyInput, ObjectDraft } from './object.ts'
import { type PlacedObject, Placer, type Settling } from './place.ts'

export type SceneItem = ObjectDraft | Camera | Light | EnvironmentDraft | FogDraft

export interface ClipOptions {
  /** Frames of the clip; 24. */
  readonly frames?: number
  /** Frames a second; 12. */
  readonly fps?: number
  /** m/s²; (0, 0, −9.81). */
  readonly gravity?: readonly [number, number, number]
  /** Physics steps a second; 240. */
  readonly stepRate?: number
  /** Every category that a clip of the world may hold, so that the label `semantic` has one number a category in all clips. */
  readonly categories?: readonly string[]
}

const isCamera = (item: SceneItem): item is Camera =>
  ['pinhole', 'fisheye', 'orthographic', 'equirectangular'].includes((item as { type?: string }).type ?? '')

type Metadata = NonNullable<SceneInput['metadata']>

/** Name that is free in `taken`: the wanted one, or with `-2`, `-3`, … */
function freeName(wanted: string, taken: { has(name: string): boolean }): string {
  const base = wanted.replaceAll(/[^A-Za-z0-9_-]+/g, '-').replace(/^[-_]+/, '') || 'object'
  if (!taken.has(base)) return base
  for (let i = 2; ; i++) if (!taken.has(`${base}-${i}`)) return `${base}-${i}`
}

export class SceneBuilder {
  private readonly options: ClipOptions
  private readonly objects: ObjectDraft[] = []
  private readonly cameras: (Camera | Follower)[] = []
  private readonly lights: Light[] = []
  private environment: EnvironmentDraft | null = null
  private fog: FogDraft | null = null
  private meta: Metadata = {}
  private readonly settlings: Settling[] = []

  constructor(options: ClipOptions) {
    this.options = options
  }

  /** Adds things, in order; objects get the ids 1, 2, … in that order. */
  add(...items: readonly (SceneItem | readonly SceneItem[])[]): this {
    for (const item of items.flat() as SceneItem[]) {
      if (item instanceof ObjectDraft) this.objects.push(item)
      else if (isCamera(item)) this.cameras.push(item)
      else if (item.type === 'environment') this.environment = item
      else if (item.type === 'fog') this.fog = item
      else if (item.type === 'sun' || item.type === 'area' || item.type === 'point' || item.type === 'spot') this.lights.push(item)
      else throw new TypeError(`scene.add: ${JSON.stringify(item)} is not an object, camera, light, environment or fog`)
    }
    return this
  }

  /** A camera that goes after an object of this scene, wherever the simulation takes it, and looks at its origin. */
  follow(draft: ObjectDraft, options: FollowOptions): this {
    this.cameras.push({ draft, options })
    return this
  }

  /** Records facts about the clip in every sample. */
  tag(metadata: Metadata): this {
    this.meta = { ...this.meta, ...metadata }
    return this
  }

  /** Keeps a volume free: nothing that is added later is placed where it overlaps this draft, which is not in the scene itself. */
  keepClear(draft: ObjectDraft): this {
    this.objects.push(draft.asPhantom())
    return this
  }

  /**
   * Lets everything added so far fall and come to rest before the first frame. What is added later finds its place among what rests and keeps its velocity.
   * When something still moves after `seconds` (8), this fails; with `unrest: 'stop'` it is stopped where it is.
   */
  settle(options: Settling['options'] = {}): this {
    this.settlings.push({ after: this.objects.length, options })
    return this
  }

  /**
   * Finds every open place and writes the scene down as plain JSON. `metadata.left_out` lists the names of optional objects that found no place.
   *
   * @throws PlacementError when an object that is not optional cannot be placed in 100 trials a region (1,000 where it has no other), naming it
   */
  async finish(assets: Assets): Promise<SceneInput> {
    const materials = new Pool<SceneInput['materials']>()
    const textures = new Pool<SceneInput['textures']>()
    const names = new Set<string>()
    const geometries = new Pool<SceneInput['geometries']>()
    const cameraNames = new Set<string>()
    const lightNames = new Set<string>()
    const placed = await new Placer(assets, this.options as SceneInput).place(this.objects, this.settlings)
    const useMaterial = (draft: MaterialDraft): string => {
      const renamed = new Map(Object.entries(draft.textures).map(([name, t]) => [name, textures.put(name, t as Texture)]))
      return materials.put(
        draft.name,
        withTextureNames(draft.material, n => renamed.get(n) ?? n),
      )
    }
    const real = this.objects.flatMap((draft, i) => (draft.fields.phantom || placed[i] === null ? [] : [{ draft, p: placed[i]! }]))
    const leftOut = this.objects.filter((_, i) => placed[i] === null).map(draft => draft.label())
    const objects = real.map(({ draft, p }, i) => {
      const f = draft.fields
      const name = freeName(f.name ?? draft.label(), names)
      names.add(name)
      const used = f.materials.map(useMaterial)
      return {
        id: i + 1,
        name,
        category: f.category ?? 'object',
        isBackground: f.isBackground,
        geometry: geometries.put(draft.label(), f.geometry),
        ...(used.length === 0 ? {} : { material: used.length === 1 ? used[0]! : used }),
        position: f.track
          ? { keys: f.track.map(([t, at]) => [t, [...at]] as [number, [number, number, number]]) }
          : ([...p.position] as [number, number, number]),
        rotation: f.turns
          ? { keys: f.turns.map(([t, q]) => [t, [...q]] as [number, [number, number, number, number]]) }
          : ([...p.rotation] as [number, number, number, number]),
        scale: [...f.scale] as [number, number, number],
        ...(f.pose ? { pose: f.pose } : {}),
        ...(f.animation ? { animation: f.animation } : {}),
        body: withVelocity(f.body, draft, p),
        metadata: f.metadata,
      }
    })
    const unique = <T extends { name: string }>(items: readonly T[], taken: Set<string>): T[] =>
      items.map(item => {
        const name = freeName(item.name, taken)
        taken.add(name)
        return { ...item, name }
      })
    const input = {
      ...(this.options as object),
      lights: unique(this.lights, lightNames),
      ...(this.environment ? { environment: this.environment.environment } : {}),
      ...(this.fog ? { fog: this.fog.fog } : {}),
      geometries: geometries.record,
      textures: textures.record,
      materials: materials.record,
      objects,
      metadata: leftOut.length > 0 ? { ...this.meta, left_out: leftOut } : this.meta,
    }
    const cameras = await this.allCameras(input as unknown as SceneInput, new Map(real.map(({ draft }, i) => [draft, i + 1])), assets)
    return { ...input, cameras: unique(cameras, cameraNames) } as SceneInput
  }

  /** Cameras in the order they were added; those that follow, from a simulation of the scene. */
  private async allCameras(input: SceneInput, ids: ReadonlyMap<ObjectDraft, number>, assets: Assets): Promise<Camera[]> {
    const followers = this.cameras.filter(c => 'draft' in c)
    if (followers.length === 0) return this.cameras as Camera[]
    const known = followers.map(({ draft, options }) => {
      const id = ids.get(draft)
      if (id === undefined)
        throw new TypeError(`scene.follow: ${draft.label()} is not in the scene; add the same draft, and do not let it be left out`)
      return { id, options }
    })
    const found = await followerCameras(known, input, assets)
    return this.cameras.map(c => ('draft' in c ? found[followers.indexOf(c)]! : c))
  }
}

function withVelocity(body: BodyInput, draft: ObjectDraft, placed: PlacedObject): BodyInput {
  const { velocity } = draft.fields
  if (body.type !== 'dynamic') return body
  if (placed.atRest) return { ...body, velocity: [0, 0, 0], angularVelocity: [0, 0, 0] }
  if (velocity === undefined) return body
  return { ...body, velocity: [...(typeof velocity === 'function' ? velocity(placed.position) : velocity)] }
}

/** Values by name; an equal value is stored once. */
class Pool<R extends Record<string, unknown> | undefined> {
  readonly record = {} as NonNullable<R>
  private readonly byValue = new Map<string, string>()

  put(wanted: string, value: unknown): string {
    const json = JSON.stringify(value)
    const known = this.byValue.get(json)
    if (known !== undefined) return known
    const name = freeName(wanted, { has: n => Object.hasOwn(this.record, n) })
    ;(this.record as Record<string, unknown>)[name] = value
    this.byValue.set(json, name)
    return name
  }
}

/** An empty clip. */
export const scene = (options: ClipOptions = {}): SceneBuilder => new SceneBuilder(options)
