/** Clips of a world by their seeds, placed and simulated, for tests of many. */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { initPhysics } from '@dioramic/physics'
import { Key, NO_ASSETS, resolveScene, type Scene, sceneSchema } from '@dioramic/scene'
import { WORLDS } from '@dioramic/worlds'

/** A clip as its world places it, without meshes, pictures and materials, which take megabytes; or why there is none. */
export interface Placed {
  readonly seed: number
  readonly scene?: Scene
  readonly failed?: string
  /** Simulated, and what went wrong then. */
  readonly simulated?: true
}

/** A dynamic object whose origin is so far below the lowest floor at a clip's end went through it, metres. */
const THROUGH = 0.2

/** The scene that a world builds from a seed with a config. */
export async function buildWorld(name: string, seed: number, config: Record<string, unknown> = {}): Promise<Scene> {
  const { world } = WORLDS.get(name)!
  const built = await world.build({ key: Key.fromSeed(seed).fork(name), config: world.config.parse(config), assets: NO_ASSETS })
  return sceneSchema.parse('finish' in built ? await built.finish(NO_ASSETS) : built)
}

async function place(name: string, seed: number, simulate: boolean, config: Record<string, unknown>): Promise<Placed> {
  try {
    const { environment: _environment, ...rest } = await buildWorld(name, seed, config)
    const bare = { ...rest, materials: {}, textures: {}, objects: rest.objects.map(({ material: _material, ...o }) => o) } as Scene
    const scene = { ...bare, geometries: {} }
    if (!simulate) return { seed, scene }
    const motion = (await initPhysics()).simulate(resolveScene(bare, NO_ASSETS))
    const floors = bare.objects.filter(o => o.category === 'floor').map(o => motion.pose(o.id, 0).position[2])
    const lowest = Math.min(0, ...floors) - THROUGH
    const fell = bare.objects.filter(o => o.body.type === 'dynamic' && !(motion.pose(o.id, motion.end).position[2] > lowest))
    if (fell.length === 0) return { seed, scene, simulated: true }
    return { seed, failed: `${fell.map(o => o.name).join(', ')} fell through the floor`, simulated: true }
  } catch (error) {
    return { seed, failed: error instanceof Error ? error.message : String(error), ...(simulate ? { simulated: true } : {}) }
  }
}

/**
 * Clips of seeds 0 to n − 1, the first `simulated` of them simulated, too. Where DIORAMA_SEEDS names a folder, each of a world as it is by default is kept there as a line of JSON, so that a run that was stopped
 * goes on and two tests share the work.
 */
export async function placedClips(name: string, n: number, simulated = 0, config: Record<string, unknown> = {}): Promise<Placed[]> {
  const folder = Object.keys(config).length === 0 ? process.env['DIORAMA_SEEDS'] : undefined
  const file = folder && join(folder, `${name}.jsonl`)
  const known = new Map<number, Placed>()
  if (file && existsSync(file)) {
    for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
      const one = JSON.parse(line) as Placed
      known.set(one.seed, one)
    }
  }
  const out: Placed[] = []
  for (let seed = 0; seed < n; seed++) {
    const old = known.get(seed)
    const simulate = seed < simulated
    const one = old && (old.simulated || !simulate) ? old : await place(name, seed, simulate, config)
    if (folder && file && one !== old) {
      mkdirSync(folder, { recursive: true })
      appendFileSync(file, `${JSON.stringify(one)}\n`)
    }
    out.push(one)
  }
  return out
}

/** Failures, one a line, by seed. */
export const failuresOf = (placed: readonly Placed[]): string[] => placed.flatMap(p => (p.failed ? [`seed ${p.seed}: ${p.failed}`] : []))
