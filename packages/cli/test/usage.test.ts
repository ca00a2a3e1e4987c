import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { diorama, scratch, TINY } from './diorama.ts'
import { session } from './session.ts'

const s = scratch()
const { ask, end } = session()
afterAll(() => {
  end()
  s.clean()
})

const scene = { cameras: [{ position: [0, -3, 1], rotation: [0.7, 0, 0, 0.7141428428542851] }] }

beforeAll(() => {
  writeFileSync(s.at('broken.json'), '{"cameras": [')
  writeFileSync(s.at('empty.json'), '{}')
  writeFileSync(s.at('missing-ref.json'), JSON.stringify({ ...scene, objects: [{ id: 1, name: 'a', geometry: 'nothing' }] }))
  writeFileSync(
    s.at('missing-asset.json'),
    JSON.stringify({ ...scene, geometries: { g: { type: 'asset', asset: 'mug' } }, objects: [{ id: 1, name: 'a', geometry: 'g' }] }),
  )
  writeFileSync(s.at('missing-hdri.json'), JSON.stringify({ ...scene, environment: { light: { type: 'hdri', asset: 'workshp' } } }))
  writeFileSync(s.at('not-a-world.ts'), 'export default 7\n')
  writeFileSync(s.at('syntax.ts'), 'export default defineWorld({\n')
  writeFileSync(s.at('import.ts'), "import 'no-such-package'\nexport default 7\n")
  writeFileSync(s.at('broken.obj'), 'v 0 0 x\nf 1 2 3\n')
  writeFileSync(s.at('broken.stl'), 'solid nothing here')
  writeFileSync(s.at('degenerate.obj'), 'v 0 0 0\nv 0 0 0\nv 0 0 0\nf 1 2 3\n')
  writeFileSync(s.at('broken.hdr'), '#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 4 +X 4\nxx')
  writeFileSync(s.at('manifest.json'), JSON.stringify({ objects: [{ id: 'a', visual: 'gone.obj' }] }))
  writeFileSync(s.at('textured.json'), JSON.stringify({ objects: [{ id: 'a', visual: 'cube.obj', texture: 'gone.png' }] }))
  writeFileSync(s.at('cube.obj'), 'v 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 1\nf 1 3 2\nf 1 2 4\nf 2 3 4\nf 1 4 3\n')
  writeFileSync(s.at('file'), 'a file')
  mkdirSync(s.at('full'))
  writeFileSync(s.at('full', 'precious.txt'), 'mine')
  mkdirSync(s.at('torn'))
  writeFileSync(s.at('torn', 'dataset.json'), '{ "recipe": ')
})

/** [what, arguments, the message must say]. `OUT` is a folder that must not appear. */
const BAD: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['no such command', ['genrate', 'movi-a'], /unknown command 'genrate'[\s\S]*Did you mean generate/],
  ['no such experiment', ['lab', 'run', 'theroy', '--out', 'OUT'], /no experiment "theroy"; there are: agent, .*theory/],
  ['no such part', ['lab', 'run', 'theory', 'double', '--out', 'OUT'], /theory has no part "double"; it has: .*double-descent/],
  ['no such discipline', ['agent', 'glossary', 'physics'], /no discipline "physics"; there are psychology, ai, economics/],
  ['no such option', ['generate', 'movi-a', '--cuont', '2'], /unknown option '--cuont'[\s\S]*--count/],
  ['no such world', ['generate', 'movi-z', '--out', 'OUT'], /there is no world "movi-z"; did you mean "movi-/],
  ['no such label', ['generate', 'movi-a', '--labels', 'dept', '--out', 'OUT'], /no label or preset "dept"; did you mean "depth"/],
  ['no such format', ['generate', 'movi-a', '--format', 'cocoa', '--out', 'OUT'], /--format cocoa: did you mean "coco"/],
  ['no such quality', ['generate', 'movi-a', '--quality', 'hihg', '--out', 'OUT'], /--quality hihg: did you mean "high"/],
  ['no such setting', ['generate', 'movi-a', '--config', 'maxcount=3', '--out', 'OUT'], /no setting "maxcount"; did you mean "maxCount"/],
  ['setting out of range', ['generate', 'movi-a', '--config', 'maxCount=1e9', '--out', 'OUT'], /maxCount: Too big/],
  ['setting of a wrong type', ['generate', 'movi-a', '--config', 'maxCount=many', '--out', 'OUT'], /maxCount: Invalid input/],
  ['setting without a value', ['generate', 'movi-a', '--config', 'maxCount', '--out', 'OUT'], /write key=value/],
  ['size', ['generate', 'movi-a', '--size', '256 x 256', '--out', 'OUT'], /--size 256 x 256: write width x height/],
  ['size 0', ['generate', 'movi-a', '--size', '0x256', '--out', 'OUT'], /--size 0x256/],
  ['count', ['generate', 'movi-a', '--count', '0', '--out', 'OUT'], /--count 0: write an integer from 1/],
  ['seed', ['generate', 'movi-a', '--seed', '-1', '--out', 'OUT'], /--seed -1: write an integer from 0/],
  ['spp', ['generate', 'movi-a', '--spp', '1.5', '--out', 'OUT'], /--spp 1\.5: write an integer from 1 to 65536/],
  ['shard', ['generate', 'movi-a', '--shard', '4/4', '--out', 'OUT'], /--shard 4\/4: write i\/n/],
  ['shard auto without a scheduler', ['generate', 'movi-a', '--shard', 'auto', '--out', 'OUT'], /--shard auto: none of/],
  ['broken scene', ['generate', 'broken.json', '--out', 'OUT'], /broken\.json is not valid JSON/],
  ['scene without a camera', ['generate', 'empty.json', '--out', 'OUT'], /empty\.json: cameras/],
  ['scene that names what is not there', ['generate', 'missing-ref.json', '--out', 'OUT'], /there is no geometry named "nothing"/],
  ['scene whose asset nobody brought', ['generate', 'missing-asset.json', '--out', 'OUT'], /there is no asset "mug"/],
  ['scene whose environment nobody knows', ['generate', 'missing-hdri.json', '--out', 'OUT'], /"workshp".*did you mean "workshop"/],
  ['scene file that is not there', ['generate', 'gone.json', '--out', 'OUT'], /gone\.json could not be read: there is no such file/],
  ['world file that is not there', ['generate', 'gone.ts', '--out', 'OUT'], /no world file .*gone\.ts/],
  [
    'world file without a world',
    ['generate', 'not-a-world.ts', '--out', 'OUT'],
    /does not export a world; end it with: export default defineWorld/,
  ],
  ['world file with a syntax error', ['generate', 'syntax.ts', '--out', 'OUT'], /syntax\.ts could not be loaded/],
  [
    'world file that imports what is not there',
    ['generate', 'import.ts', '--out', 'OUT'],
    /import\.ts could not be loaded: .*no-such-package/,
  ],
  ['broken mesh', ['generate', 'tabletop', '--assets', 'broken.obj', '--out', 'OUT'], /broken/],
  ['broken STL', ['generate', 'tabletop', '--assets', 'broken.stl', '--out', 'OUT'], /broken/],
  ['mesh without area', ['generate', 'tabletop', '--assets', 'degenerate.obj', '--out', 'OUT'], /degenerate/],
  ['broken HDR picture', ['generate', 'tabletop', '--assets', 'broken.hdr', '--out', 'OUT'], /broken\.hdr/],
  ['manifest with a missing mesh', ['generate', 'tabletop', '--assets', 'manifest.json', '--out', 'OUT'], /gone\.obj/],
  ['manifest with a missing texture', ['generate', 'tabletop', '--assets', 'textured.json', '--out', 'OUT'], /gone\.png/],
  [
    'assets that are not there',
    ['generate', 'tabletop', '--assets', 'nowhere', '--out', 'OUT'],
    /nowhere cannot be read: there is no such file or folder/,
  ],
  ['assets of another kind', ['generate', 'tabletop', '--assets', 'file', '--out', 'OUT'], /not a kind of asset/],
  ['a folder with files', ['generate', 'movi-a', '--out', 'full'], /full already has files; choose another folder, or add --resume/],
  [
    'a calibration that is not there',
    ['generate', 'movi-a', '--camera', 'gone.yaml', '--out', 'OUT'],
    /--camera gone\.yaml could not be read: there is no such file/,
  ],
  ['a calibration without a camera', ['generate', 'movi-a', '--camera', 'empty.json', '--out', 'OUT'], /empty\.json has no camera_matrix/],
  ['resume of something else', ['generate', 'movi-a', '--out', 'full', '--resume'], /has files but no recipe\.json/],
  ['a file where a folder should be', ['generate', 'movi-a', '--out', 'file'], /file/],
  ['render into something that is not a PNG', ['render', 'movi-a', '--out', 'OUT.jpg'], /is a PNG/],
  ['render into a folder that is not there', ['render', 'movi-a', '--out', 'OUT/x.png'], /there is no folder .*OUT; make it first/],
  ['render of a frame past the end', ['render', 'movi-a', '--frames', '2', '--frame', '2', '--out', 'OUT.png'], /.+/],
  ['inspect nothing', ['inspect', 'nowhere'], /there is nothing at/],
  ['inspect a folder that is no set', ['inspect', 'full'], /no dataset\.json/],
  ['inspect a mesh', ['inspect', 'cube.obj'], /diorama assets inspect/],
  [
    'settings of a world that exclude each other',
    ['generate', 'movi-a', '--config', 'minCount=9', '--config', 'maxCount=3', '--out', 'OUT'],
    /--config minCount: minCount 9 is above maxCount 3/,
  ],
  ['validate a torn set', ['validate', 'torn'], /torn\/dataset\.json is not valid JSON/],
  ['validate nothing', ['validate', 'nowhere'], /no dataset\.json/],
  ['regenerate nothing', ['regenerate', 'nowhere'], /there is no sample at/],
  ['merge nothing', ['merge', 'nowhere', '--out', 'OUT'], /no dataset\.json/],
  ['assets inspect: unit', ['assets', 'inspect', 'cube.obj', '--units', 'mmm'], /--units mmm: did you mean "mm"/],
  ['assets inspect: broken HDR picture', ['assets', 'inspect', 'broken.hdr'], /broken\.hdr/],
  ['assets add: broken mesh', ['assets', 'add', 'broken.obj', '--manifest', 'OUT.json'], /broken/],
]

describe('bad input', () => {
  test.each(BAD)('%s', async (_what, args, message) => {
    const before = readdirSync(s.folder).sort()
    const { code, err, out } = await ask(args, { cwd: s.folder, env: { DIORAMA_CACHE: s.at('..', 'diorama-test-cache') } })
    expect(err, out).toMatch(message)
    expect(err).not.toMatch(/\n\s+at .*:\d+:\d+/)
    expect(code, err).toBe(2)
    expect(readdirSync(s.folder).sort()).toEqual(before)
    expect(readdirSync(s.at('full'))).toEqual(['precious.txt'])
  })

  test('a process of its own ends with the same code and message, and --debug adds the stack trace', async () => {
    const plain = await diorama(['generate', 'movi-z'], { cwd: s.folder })
    expect(plain).toEqual(await ask(['generate', 'movi-z'], { cwd: s.folder }))
    expect(plain.code).toBe(2)
    const { code, err } = await diorama(['generate', 'movi-z', '--debug'], { cwd: s.folder })
    expect(err).toMatch(/\n\s+at .*:\d+:\d+/)
    expect(code).toBe(2)
  })
})

describe('help', () => {
  test.each([
    [],
    ['worlds'],
    ['generate'],
    ['render'],
    ['inspect'],
    ['assets', 'inspect'],
    ['assets', 'add'],
    ['validate'],
    ['regenerate'],
    ['merge'],
  ])('diorama %s %s --help shows examples', async (...args) => {
    const { code, out } = await diorama([...args.filter(a => typeof a === 'string'), '--help'])
    expect(code).toBe(0)
    expect(out).toMatch(/Usage: diorama/)
    expect(out).toMatch(/Examples:\n {2}\$ diorama /)
  })

  test('nothing typed shows the help and is a usage error', async () => {
    const { code, out } = await diorama([])
    expect([code, /Commands:/.test(out)]).toEqual([2, true])
  })

  test('worlds lists them, and the settings of one', async () => {
    expect((await ask(['worlds'])).out).toMatch(/movi-a[\s\S]*tabletop/)
    expect((await ask(['worlds', 'tabletop'])).out).toMatch(/maxCount +integer +default 9 +0 to 40/)
    expect((await ask(['worlds', 'table'])).code).toBe(2)
  })
})

test('a world file anywhere on disk finds @dioramic and zod', async () => {
  copyFileSync(new URL('../../../examples/my-world.ts', import.meta.url), s.at('my-world.ts'))
  const { code, err } = await diorama(['generate', 'my-world.ts', ...TINY, '--config', 'count=2', '--out', 'mine'], { cwd: s.folder })
  expect(code, err).toBe(0)
  expect(existsSync(s.at('mine', 'samples', '000000', 'rgb', '00001.png'))).toBe(true)
  const again = await diorama(['regenerate', 'mine/samples/000000', '--world', 'my-world.ts'], { cwd: s.folder })
  expect(again.code, again.err).toBe(0)
})
