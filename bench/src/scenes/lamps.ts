/** The things of `open` at night, under rows of small lamps: what choosing among many lights is measured on. The light in all is the same for any number of them. */
import { type Assets, type Scene, sceneSchema } from '@dioramic/scene'
import { open } from './open.ts'

const POWER = 1000
const SIDE = 12

export function lamps(size: number, rows: number): { scene: Scene; assets: Assets } {
  const { scene, assets } = open(size)
  const place = (i: number) => ((i + 0.5) / rows - 0.5) * SIDE
  const lights = Array.from({ length: rows * rows }, (_, i) => ({
    type: 'point' as const,
    name: `lamp-${i}`,
    position: [place(i % rows), place(Math.floor(i / rows)), 2.2] as [number, number, number],
    radius: 0.05,
    power: POWER / rows ** 2,
  }))
  return { scene: sceneSchema.parse({ ...scene, lights, environment: undefined }), assets }
}
