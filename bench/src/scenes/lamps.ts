/** The things of `open` at night, under sixteen rows of sixteen small lamps: what choosing among many lights is measured on. */
import { type Assets, type Scene, sceneSchema } from '@dioramic/scene'
import { open } from './open.ts'

const POWER = 1000
const SIDE = 12
const ROWS = 16

export function lamps(size: number): { scene: Scene; assets: Assets } {
  const { scene, assets } = open(size)
  const place = (i: number) => ((i + 0.5) / ROWS - 0.5) * SIDE
  const lights = Array.from({ length: ROWS ** 2 }, (_, i) => ({
    type: 'point' as const,
    name: `lamp-${i}`,
    position: [place(i % ROWS), place(Math.floor(i / ROWS)), 2.2] as [number, number, number],
    radius: 0.05,
    power: POWER / ROWS ** 2,
  }))
  return { scene: sceneSchema.parse({ ...scene, lights, environment: undefined }), assets }
}
