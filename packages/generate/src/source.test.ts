import { NO_ASSETS, type SceneInput } from '@dioramic/scene'
import { camera, defineWorld, hdri, PlacementError, scene } from '@dioramic/worlds'
import { expect, test } from 'vitest'
import { clipKey, clipScene, makeClip, requireRepeatable } from './clip.ts'
import { withEnvironments } from './environments.ts'
import { settingsSchema } from './settings.ts'
import { sceneSource, worldSource } from './source.ts'

const settings = settingsSchema.parse({ size: [4, 4], frames: 1, labels: [] })
const lens = (x = 0) => camera({ position: [x, -3, 1], lookAt: [0, 0, 0] })
const build = (make: () => unknown) => {
  const world = defineWorld({ build: () => make() as SceneInput })
  return clipScene(worldSource(world, 'mine', {}), clipKey(0, 'mine', 0), settings, NO_ASSETS)
}

test.each([[undefined], [null], [42]])('a world that returns %s is told what to return', async value => {
  await expect(build(() => value)).rejects.toThrow(`world mine returned ${value}; its build must return a scene`)
})

test('an error of the world’s own code names the world and the line, not a path', async () => {
  const failing = build(() => {
    throw new TypeError('no such colour')
  })
  await expect(failing).rejects.toThrow(/^world mine failed at source\.test\.ts:\d+: no such colour$/)
})

test('what the toolkit throws keeps its words and its code', async () => {
  const failing = build(() => {
    throw new PlacementError('no room')
  })
  await expect(failing).rejects.toThrow(/^no room$/)
})

test('a world that draws from anything but its key is found', async () => {
  let calls = 0
  const clipOf = (x: () => number) => {
    const world = defineWorld({ build: () => scene({ frames: 1 }).add(lens(x())) })
    return makeClip({ source: worldSource(world, 'mine', {}), seed: 0, index: 0, settings, assets: NO_ASSETS })
  }
  await requireRepeatable(await clipOf(() => 1), NO_ASSETS)
  const impure = await clipOf(() => ++calls)
  await expect(requireRepeatable(impure, NO_ASSETS)).rejects.toThrow(
    /two different scenes from one key \(first at cameras\.0\.position\.0\)/,
  )
})

test('a camera that looks at itself and an unknown environment are errors, not surprises', async () => {
  expect(() => camera({ position: [1, 2, 3], lookAt: [1, 2, 3] })).toThrow(/stands at the point it looks at/)
  const lost = await build(() => scene({ frames: 1 }).add(lens(), hdri('workshp')))
  await expect(withEnvironments(lost, NO_ASSETS)).rejects.toThrow(/"workshp"; did you mean "workshop"/)
})

test('a keyframe’s fault is named where it is', async () => {
  const input = { cameras: [{ ...lens(), position: { keys: [[0, [0, 0, 'up']]] } }] } as unknown as SceneInput
  await expect(clipScene(sceneSource(input), clipKey(0, 'scene', 0), settings, NO_ASSETS)).rejects.toThrow(
    /cameras\.0\.position\.keys\.0\.1\.2: Invalid input: expected number/,
  )
})

test.each([undefined, { lenses: [{ type: 'pinhole', focalLength: 50 }] }])(
  'cameras that are no list are named, with calibration %j',
  async calibration => {
    const calibrated = settingsSchema.parse({ ...settings, calibration })
    const input = { cameras: 'front' } as unknown as SceneInput
    await expect(clipScene(sceneSource(input), clipKey(0, 'scene', 0), calibrated, NO_ASSETS)).rejects.toThrow(
      /cameras: Invalid input: expected array/,
    )
  },
)
