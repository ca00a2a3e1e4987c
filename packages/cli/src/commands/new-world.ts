import { existsSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { WORLDS } from '@dioramic/worlds'
import { EXIT, UsageError } from '../fail.ts'

/** A world of one's own to begin with: everything in it is there to be changed. */
const template = (name: string): string => `/** What this world shows, in a sentence. Try: diorama render ${name}.ts --out ${name}.png */
import { camera, defineWorld, handheldPath, linearPath, movingCamera, PROP_IDS, prop, region, scene, splitIds, surroundings, threePointLights } from '@dioramic/worlds'
import { z } from 'zod'

export default defineWorld({
  name: '${name}',
  // What can be set with --config count=5; every field needs a default and says what it is.
  config: z.strictObject({
    count: z.number().int().min(1).max(30).default(6).describe('objects'),
    moving: z.boolean().default(true).describe('whether the camera moves'),
  }),
  // Draw only from the key, and fork it by a name before each draw: then a seed gives the same clip everywhere.
  build({ key, config, assets }) {
    const s = scene({ frames: 24, fps: 12 })
    const place = surroundings(key.fork('place'), assets)
    s.add(place.floor, place.environment, threePointLights({ distance: 3, power: 60 }))

    const ids = splitIds(PROP_IDS, 'train')
    for (const k of key.fork('objects').times(config.count)) {
      const size = k.fork('size').uniform(0.2, 0.5)
      s.add(
        prop(k.fork('prop').choice(ids), k)
          .scaled(size)
          .dropFrom(region([-0.9, -0.9, 0.1], [0.9, 0.9, 1.6]))
          .tagged({ size }),
      )
    }

    const from = { position: [1.9, -2.4, 1.3], lookAt: [0, 0, 0.2] } as const
    const to = { position: [2.6, -1.6, 1.5], lookAt: [0, 0, 0.2] } as const
    const path = handheldPath(linearPath(from, to, [0, 2]), key.fork('hand'))
    s.add(config.moving ? movingCamera({ path, start: -1 / 12, end: 2, keys: 101 }) : camera(from))
    return s.tag({ place: place.name })
  },
})
`

/** Writes `<name>.ts` in the working folder and says what to type next. */
export function newWorld(name: string): number {
  if (!/^[a-z][a-z0-9-]*$/.test(name))
    throw new UsageError(`a world is called by small letters, digits and dashes, such as my-kitchen; not "${name}"`)
  if (WORLDS.has(name)) throw new UsageError(`${name} is a built-in world; take another name`)
  const file = resolve(`${name}.ts`)
  if (existsSync(file)) throw new UsageError(`${file} is there already; take another name, or move it`)
  writeFileSync(file, template(name))
  const lines = [
    file,
    '',
    `diorama render ${name}.ts --quality draft --out ${name}.png     # one frame`,
    `diorama generate ${name}.ts --count 2 --out out/${name}         # labelled clips`,
    `diorama validate out/${name}`,
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
  return EXIT.ok
}
