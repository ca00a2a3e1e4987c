// `diorama gan refine` as a person runs it: labels stay to the byte, what is no longer true is left out, and the set says what was done to it.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { openDataset } from '@dioramic/data'
import { FolderStore } from '@dioramic/data/node'
import { afterAll, expect, test } from 'vitest'
import { diorama, events, scratch, TINY } from './diorama.ts'

const s = scratch()
afterAll(s.clean)

test('a set is written anew in the look of a folder of pictures', async () => {
  const made = await diorama(['generate', 'movi-a', ...TINY, '--out', s.at('set')])
  expect(made.code, made.err).toBe(0)
  mkdirSync(s.at('look'))
  const rgb = s.at('set', 'samples', '000000', 'rgb')
  for (const name of readdirSync(rgb)) copyFileSync(`${rgb}/${name}`, s.at('look', name))
  const refine = (...more: readonly string[]) =>
    diorama(['gan', 'refine', '--renders', s.at('set'), '--target', s.at('look'), '--updates', '3', ...more])

  const { code, out, err } = await refine('--out', s.at('refined'))
  expect(code, err).toBe(0)
  expect(events(out).at(-1)).toMatchObject({ event: 'refined', samples: 1, frames: 2, targets: 2 })
  const [before, after] = await Promise.all(['set', 'refined'].map(async n => openDataset(new FolderStore(s.at(n)))))
  const [render, refined] = [await before!.sample(0), await after!.sample(0)]
  const kept = Object.keys(render.sample.files).filter(f => !f.startsWith('rgb'))
  expect(kept.length).toBeGreaterThan(3)
  for (const file of kept) expect(refined.sample.files[file], file).toEqual(render.sample.files[file])
  expect(Object.keys(refined.sample.files).filter(f => f.startsWith('rgb'))).toEqual(['rgb/00000.png', 'rgb/00001.png'])
  expect(refined.sample.files['rgb/00000.png']).not.toEqual(render.sample.files['rgb/00000.png'])
  expect(refined.sample.instances).toEqual(render.sample.instances)
  const said = { portable: false, from: before!.recipe.planHash, targets: 2, updates: 3 }
  expect(refined.sample.metadata['refined']).toEqual(said)
  expect(after!.recipe.settings['refined']).toEqual(said)
  expect((await diorama(['validate', s.at('refined')])).code).toBe(0)
  const again = await diorama(['regenerate', s.at('refined', 'samples', '000000')])
  expect(again).toMatchObject({
    code: 2,
    err: expect.stringContaining(`regenerate a sample of the set that it came from (planHash ${said.from})`),
  })

  // The same command gives the same set; an occupied folder and an empty look are refused, and nothing is written.
  expect((await refine('--out', s.at('twice'))).code).toBe(0)
  expect(readFileSync(s.at('twice', 'dataset.json'))).toEqual(readFileSync(s.at('refined', 'dataset.json')))
  expect(await refine('--out', s.at('twice'))).toMatchObject({ code: 2, err: expect.stringContaining('already has files') })
  mkdirSync(s.at('nothing'))
  const empty = await refine('--target', s.at('nothing'), '--out', s.at('none'))
  expect(empty).toMatchObject({ code: 2, err: expect.stringContaining('has no .png or .jpg pictures') })
  expect(existsSync(s.at('none'))).toBe(false)
})
