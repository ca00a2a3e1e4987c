/** Finds open places: every random place keeps clear of what was added before. */
import { initPhysics, type Physics, type PlacementItem, type PlacementSpace, type SettleOptions } from '@dioramic/physics'
import {
  type Assets,
  type Key,
  type Quat,
  quat,
  resolveScene,
  type SceneInput,
  sceneSchema,
  transformPoint,
  type Vec3,
  vec3,
} from '@dioramic/scene'
import { pointIn } from '../toolkit/region.ts'
import type { ObjectDraft, Placement } from './object.ts'

export interface PlacedObject {
  readonly position: Vec3
  readonly rotation: Quat
  /** Whether it came to rest before the first frame: then it starts without velocity. */
  readonly atRest?: boolean
}

/** Everything added before the `after`-th object comes to rest before that one is placed. */
export interface Settling {
  readonly after: number
  readonly options: SettleOptions & { readonly unrest?: 'fail' | 'stop' }
}

/** As Kubric: draws of a place in a region. */
const TRIALS = 100
/** The same where nothing else is left to do before it fails, by name: one clip of MOVi-C in five hundred finds no place in a hundred draws. */
const LAST_TRIALS = 1000

const trialsOf = ({ elsewhere, optional }: Placement): number => (elsewhere.length > 0 || optional ? TRIALS : LAST_TRIALS)

/** What `standOn` leaves below an object, metres, so that it starts free of contact. */
const STAND_GAP = 0.0005

/** A place that could not be found: the message says which object, where and what to do. */
export class PlacementError extends Error {
  override readonly name = 'PlacementError'
}

/** Lower and upper corner of a turned, scaled object about its origin. */
function extent({ source, scale }: PlacementItem, rotation: Quat): readonly [Vec3, Vec3] {
  const low = [Infinity, Infinity, Infinity]
  const high = [-Infinity, -Infinity, -Infinity]
  const p = source.mesh.positions
  for (let i = 0; i < p.length; i += 3) {
    const v = quat.rotate(rotation, [p[i]! * scale[0], p[i + 1]! * scale[1], p[i + 2]! * scale[2]])
    for (const a of [0, 1, 2] as const) {
      low[a] = Math.min(low[a]!, v[a])
      high[a] = Math.max(high[a]!, v[a])
    }
  }
  return [low as unknown as Vec3, high as unknown as Vec3]
}

const turned = (placement: Placement, key: Key, base: Quat): Quat => {
  if (placement.turn === 'keep') return base
  if (placement.turn === 'random') return key.fork('turn').rotation()
  return quat.normalize(quat.multiply(quat.fromAxisAngle([0, 0, 1], key.fork('turn').uniform(0, 2 * Math.PI)), base))
}

/** Drafts as a scene of bodies alone: geometries shared between drafts of one kind, ids 1, 2, … in their order; without those that were left out. */
function bodies(drafts: readonly ObjectDraft[], poses: readonly (PlacedObject | null)[], clip: Clip): SceneInput {
  const names = new Map<string, string>()
  const nameOf = (d: ObjectDraft) => {
    const json = JSON.stringify(d.fields.geometry)
    if (!names.has(json)) names.set(json, `g${names.size}`)
    return names.get(json)!
  }
  const all = drafts.map((d, i) => ({
    id: i + 1,
    name: `o${i + 1}`,
    geometry: nameOf(d),
    position: [...(poses[i]?.position ?? [0, 0, 0])] as [number, number, number],
    rotation: [...(poses[i]?.rotation ?? quat.IDENTITY)] as [number, number, number, number],
    scale: [...d.fields.scale] as [number, number, number],
    body: d.fields.body,
  }))
  const objects = all.filter((_, i) => poses[i] !== null)
  const geometries = Object.fromEntries([...names].map(([json, name]) => [name, JSON.parse(json)]))
  return { ...(clip as object), cameras: [{ position: [0, 0, 0], rotation: [0, 0, 0, 1] }], geometries, objects }
}

/** What a fall depends on; the schema's defaults where nothing is given. */
type Clip = Pick<SceneInput, 'frames' | 'fps' | 'gravity' | 'stepRate'>

/** Drafts as the overlap test sees them: meshes and hulls. */
function items(drafts: readonly ObjectDraft[], assets: Assets): PlacementItem[] {
  const resolved = resolveScene(sceneSchema.parse(bodies(drafts, [], {})), assets)
  return drafts.map((d, i) => ({
    label: d.label(),
    geometry: d.fields.geometry,
    source: resolved.objects[i]!,
    scale: d.fields.scale,
    moves: d.fields.body.type === 'dynamic',
  }))
}

const collides = (d: ObjectDraft) => d.fields.body.type !== 'none' || d.fields.phantom

export class Placer {
  private readonly assets: Assets
  private readonly clip: Clip

  constructor(assets: Assets, clip: Clip) {
    this.assets = assets
    const { frames, fps, gravity, stepRate } = clip
    this.clip = Object.fromEntries(Object.entries({ frames, fps, gravity, stepRate }).filter(([, v]) => v !== undefined)) as Clip
  }

  /** Poses of all drafts, in order, null for what is left out; what was added before a settling has come to rest. */
  async place(drafts: readonly ObjectDraft[], settlings: readonly Settling[] = []): Promise<(PlacedObject | null)[]> {
    if (settlings.length === 0 && !drafts.some(d => d.fields.placement || d.fields.mount)) {
      return drafts.map(d => ({ position: d.fields.position, rotation: d.fields.rotation }))
    }
    const shapes = items(drafts, this.assets)
    const physics = await initPhysics()
    let poses: (PlacedObject | null)[] = []
    let space = physics.placement()
    try {
      for (const [i, draft] of [...drafts, null].entries()) {
        for (const { options } of settlings.filter(s => s.after === i)) {
          poses = this.settleAll(physics, drafts.slice(0, i), poses, options)
          space.free()
          space = physics.placement()
          for (const [k, pose] of poses.entries()) if (pose && collides(drafts[k]!)) space.add(shapes[k]!, pose)
        }
        if (draft === null) continue
        const pose = this.poseOf(draft, shapes[i]!, drafts, poses, space)
        if (pose && collides(draft)) space.add(shapes[i]!, pose)
        poses.push(pose)
      }
      return poses
    } finally {
      space.free()
    }
  }

  /**
   * Where these come to rest. What is optional and does not (a ball that rocks between two others) is left out, and the rest comes to rest without it;
   * else that fails.
   */
  private settleAll(
    physics: Physics,
    drafts: readonly ObjectDraft[],
    poses: readonly (PlacedObject | null)[],
    options: Settling['options'],
  ): (PlacedObject | null)[] {
    const found = this.settle(physics, drafts, poses, options)
    if (found.moving.length === 0 || options.unrest === 'stop') return found.poses
    const optional = found.moving.filter(i => drafts[i]!.fields.placement?.optional)
    if (optional.length === 0) {
      const names = found.moving.map(i => drafts[i]!.label())
      throw new PlacementError(
        `${names.join(', ')} did not come to rest in ${options.seconds ?? 8} s; give settle() more seconds, or place them less steeply`,
      )
    }
    return this.settleAll(
      physics,
      drafts,
      found.poses.map((p, i) => (optional.includes(i) ? null : p)),
      options,
    )
  }

  /** Poses after a settling, and the places of what still moves then. Volumes kept clear hold nothing up. */
  private settle(
    physics: Physics,
    drafts: readonly ObjectDraft[],
    poses: readonly (PlacedObject | null)[],
    options: Settling['options'],
  ): { readonly poses: (PlacedObject | null)[]; readonly moving: readonly number[] } {
    const scene = sceneSchema.parse(bodies(drafts, poses, this.clip))
    const objects = scene.objects.map(o => (drafts[o.id - 1]!.fields.phantom ? { ...o, body: { type: 'none' as const } } : o))
    const { poses: found, moving } = physics.settle(resolveScene({ ...scene, objects }, this.assets), options)
    const after = poses.map((p, i) => {
      const rest = found.get(i + 1)
      return rest ? { position: rest.position, rotation: rest.rotation, atRest: true } : p
    })
    return { poses: after, moving: moving.map(id => id - 1) }
  }

  private poseOf(
    draft: ObjectDraft,
    item: PlacementItem,
    drafts: readonly ObjectDraft[],
    poses: readonly (PlacedObject | null)[],
    space: PlacementSpace,
  ): PlacedObject | null {
    const { position, rotation, mount, placement } = draft.fields
    if (placement) return this.search(draft, item, placement, space)
    if (!mount) return { position, rotation }
    const base = poses[drafts.indexOf(mount.on)]
    // What goes with something that was left out is left out, too.
    if (base === null) return null
    if (!base)
      throw new PlacementError(
        `${draft.label()} goes over ${mount.on.label()}, which was not added before it; add ${mount.on.label()} first`,
      )
    return {
      position: transformPoint({ ...base, scale: mount.on.fields.scale }, mount.point),
      rotation: quat.normalize(quat.multiply(base.rotation, rotation)),
    }
  }

  /** The first free place of the placement's regions, in their order; null when there is none and it may be left out. */
  private search(draft: ObjectDraft, item: PlacementItem, placement: Placement, space: PlacementSpace): PlacedObject | null {
    const { region, elsewhere, optional, key } = placement
    const first = this.searchIn(region, key, draft, item, placement, space)
    if (first.pose) return first.pose
    for (const [i, other] of elsewhere.entries()) {
      const { pose } = this.searchIn(other, key.fork('elsewhere').fork(i), draft, item, placement, space)
      if (pose) return pose
    }
    if (optional) return null
    const { min, max } = region
    const size = vec3
      .sub(max, min)
      .map(x => x.toFixed(2))
      .join(' x ')
    const others = elsewhere.length > 0 ? `, nor in the ${elsewhere.length} regions elsewhere` : ''
    throw new PlacementError(
      first.blocker !== null
        ? `${draft.label()} found no free place in ${trialsOf(placement)} draws within the region of ${size} m from (${min.join(', ')})${others}; the last one overlapped ${first.blocker}. Use fewer or smaller objects, or a larger region, or let it be left out: optional: true`
        : `${draft.label()} is too large for its region of ${size} m from (${min.join(', ')})${others}; enlarge the region or scale the object down`,
    )
  }

  /** A free place in one region, or what lay in the way in the last draw: null when the object never fitted. */
  private searchIn(
    { min, max }: Placement['region'],
    keys: Key,
    draft: ObjectDraft,
    item: PlacementItem,
    placement: Placement,
    space: PlacementSpace,
  ): { readonly pose: PlacedObject | null; readonly blocker: string | null } {
    const { rotation: base } = draft.fields
    let blocker: string | null = null
    for (let trial = 0; trial < trialsOf(placement); trial++) {
      const key = keys.fork(trial)
      const rotation = turned(placement, key, base)
      const [low, high] = extent(item, rotation)
      // The whole turned object stays inside the region; standing objects only sideways.
      const lower = vec3.sub(min, low)
      const upper = vec3.sub(max, high)
      if (lower[0] > upper[0] || lower[1] > upper[1] || (!placement.stand && lower[2] > upper[2])) continue
      const drawn = pointIn({ min: lower, max: upper }, key.fork('point'))
      const position: Vec3 = placement.stand ? [drawn[0], drawn[1], lower[2] + STAND_GAP] : drawn
      blocker = space.overlaps(item, { position, rotation })
      if (blocker === null) return { pose: { position, rotation }, blocker }
    }
    return { pose: null, blocker }
  }
}
